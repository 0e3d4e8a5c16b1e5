package report

import (
	"fmt"
	"strings"
)

// The small parts of a workbook: what Office Open XML (ECMA-376) wants around
// its sheets.

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

	mainNamespace = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	docNamespace  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`

	// How many sheets of records there are is not known yet: they are what an XML
	// part is where nothing else is said.
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="` + sheetType + `"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + sheetType + `"/>` +
		`<Override PartName="/xl/` + definitionsPath + `" ContentType="` + sheetType + `"/>` +
		`</Types>`
	sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"

	packageParts = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + docNamespace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`

	// A wide sheet prints on as few pages as its rows need.
	sheetPrint = `<pageSetup orientation="landscape" fitToHeight="0"/>`

	definitionsPath = "worksheets/definitions.xml"
)

// style is the number of a style in [styles].
type style int

const (
	styleNumber style = iota
	styleHead
	styleText // also of what looks like a number
	styleTime
	styleProse // of the definitions: on as many lines as it needs
	styleTitle
	styleCount // of the definitions: at the left, under the prose
)

// styles are the fonts, colours and number formats of the cells, by the numbers
// above.
func styles() string {
	return `<styleSheet xmlns="` + mainNamespace + `">` +
		`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
		`<fonts count="3"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
		`<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font>` +
		`<font><b/><sz val="14"/><color rgb="FF0B5D5E"/><name val="Calibri"/><family val="2"/></font></fonts>` +
		`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FF0B5D5E"/><bgColor indexed="64"/></patternFill></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="7">` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>` +
		`<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left"/></xf>` +
		`</cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
		`</styleSheet>`
}

// sheetHead is how a sheet of records begins: its first row stays where it is.
func sheetHead(shown bool) string {
	selected := ""
	if shown {
		selected = ` tabSelected="1"`
	}
	return `<worksheet xmlns="` + mainNamespace + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
		`<sheetViews><sheetView` + selected + ` workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>` +
		`<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><cols>`
}

// sheetPath returns where the sheet of records with a number lies.
func sheetPath(number int) string { return fmt.Sprintf("worksheets/sheet%d.xml", number) }

// sheetName returns what the sheet of records with a number is called.
func sheetName(number int) string {
	if number == 1 {
		return "Records"
	}
	return fmt.Sprintf("Records %d", number)
}

// list writes which sheets there are, in their order, and which cells of each
// can be filtered.
func (b *workbook) list() error {
	var sheets, names strings.Builder
	for i := range b.sheets {
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%[2]d"/>`, sheetName(i+1), i+1)
		fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">'%s'!%s</definedName>`,
			i, sheetName(i+1), b.filtered(i, "$"))
	}
	fmt.Fprintf(&sheets, `<sheet name="Definitions" sheetId="%d" r:id="rId%[1]d"/>`, len(b.sheets)+1)
	return b.part("xl/workbook.xml", `<workbook xmlns="`+mainNamespace+`" xmlns:r="`+docNamespace+`">`+
		`<bookViews><workbookView activeTab="0"/></bookViews>`+
		`<sheets>`+sheets.String()+`</sheets><definedNames>`+names.String()+`</definedNames></workbook>`)
}

// parts writes where the sheets lie.
func (b *workbook) parts() error {
	var all strings.Builder
	add := func(id int, kind, target string) {
		fmt.Fprintf(&all, `<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>`, id, docNamespace, kind, target)
	}
	for i := range b.sheets {
		add(i+1, "worksheet", sheetPath(i+1))
	}
	add(len(b.sheets)+1, "worksheet", definitionsPath)
	add(len(b.sheets)+2, "styles", "styles.xml")
	return b.part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+all.String()+`</Relationships>`)
}
