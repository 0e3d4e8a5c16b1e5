package paper_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/paper"
)

// records returns so many, each with a certificate of its own.
func records(count int) paper.Transcript {
	score := 92
	one := paper.Transcript{Name: "Ana Núñez, MD", Institution: "Mercy Lakes Health", Day: "5 March 2026", Language: "en"}
	for i := range count {
		number := fmt.Sprintf("k3v9q2m7x4b8n1p6r5t0w3y7z2a9c%03d", i)
		one.Rows = append(one.Rows, paper.TranscriptRow{
			Title: fmt.Sprintf("Module %03d of many", i), Edition: "2026", Status: "passed", Day: "4 March 2026", Score: &score,
			Number: number, Address: "https://first5.example.org/certificates/" + number,
		})
	}
	return one
}

func TestATranscriptListsEverythingThatSomeoneDid(t *testing.T) {
	r := transcript(t, records(2), paper.A4, english)
	assert.Equal(t, 1, r.NumPage())
	text := said(t, r)
	for _, words := range []string{
		"First 5 Minutes", "Transcript", "Ana Núñez, MD", "Mercy Lakes Health", "Printed on 5 March 2026",
		"Check a certificate at https://first5.example.org/certificates/ followed by its number.",
		"Module 000 of many edition 2026 passed 4 March 2026 92 % k3v9q2m7x4b8n1p6r5t0w3y7z2a9c000",
		"Module 001 of many", "k3v9q2m7x4b8n1p6r5t0w3y7z2a9c001", "Page 1 of 1",
	} {
		assert.Contains(t, text, tight(words))
	}
	link := r.Page(1).V.Key("Annots").Index(1).Key("A").Key("URI").RawString()
	assert.Equal(t, "https://first5.example.org/certificates/k3v9q2m7x4b8n1p6r5t0w3y7z2a9c001", link)
	assert.Equal(t, "Transcript · Ana Núñez, MD", r.Trailer().Key("Info").Key("Title").Text())
}

func TestHundredsOfRecordsFlowOverPages(t *testing.T) {
	for _, size := range []paper.Paper{paper.A4, paper.Letter} {
		one := records(400)
		r := transcript(t, one, size, english)
		require.Greater(t, r.NumPage(), 10)
		listed := 0
		for n := 1; n <= r.NumPage(); n++ {
			page := saidOn(r.Page(n))
			assert.Contains(t, page, "ModuleStatusDayScoreCertificate", "each page repeats the head of the table")
			assert.Contains(t, page, fmt.Sprintf("Page%dof%d", n, r.NumPage()))
			assert.Contains(t, page, tight("Transcript · Ana Núñez, MD"), "each page says whose it is")
			for strings.Contains(page, fmt.Sprintf("Module%03dofmany", listed)) {
				listed++
			}
			within(t, r.Page(n), 12, fmt.Sprint("page ", n))
		}
		assert.Equal(t, 400, listed, "every record is there once, in its order")
	}
}

func TestAWithdrawnCertificateIsNotInATranscriptAsIfItHeld(t *testing.T) {
	one := records(2)
	one.Rows[1].Withdrawn = true
	text := said(t, transcript(t, one, paper.A4, english))
	assert.Contains(t, text, tight("Module 001 of many edition 2026 withdrawn 4 March 2026"))
	assert.Equal(t, 1, strings.Count(text, "passed"))
}

func TestATranscriptSaysWhereItsCertificatesAreChecked(t *testing.T) {
	one := records(2)
	one.Rows[1].Address = "https://elsewhere.example/c/1"
	text := said(t, transcript(t, one, paper.A4, english))
	assert.NotContains(t, text, "followedby", "there is no one place")
	assert.Contains(t, text, one.Rows[0].Address)
	assert.Contains(t, text, "https://elsewhere.example/c/1")
	one = records(2)
	one.Rows[1].Number, one.Rows[1].Address, one.Rows[1].Score = "", "", nil
	text = said(t, transcript(t, one, paper.A4, english))
	assert.Contains(t, text, "followedbyitsnumber", "a record without a certificate changes nothing")
}

func TestATranscriptOfNothing(t *testing.T) {
	text := said(t, transcript(t, paper.Transcript{Institution: "Mercy Lakes Health"}, paper.Letter, english))
	assert.Contains(t, text, tight("A learner of Mercy Lakes Health"))
	assert.Contains(t, text, tight("Nothing is on record yet."))
	assert.NotContains(t, text, "Score")
}

func TestLongTextsStayInTheirCells(t *testing.T) {
	for _, long := range []string{strings.Repeat("W", 2000), strings.Repeat("Wolfeschlegelstein ", 100)} {
		for _, size := range []paper.Paper{paper.A4, paper.Letter} {
			one := records(7)
			one.Name, one.Institution, one.Day = long, long, long
			for i := range one.Rows {
				r := &one.Rows[i]
				r.Title, r.Edition, r.Status, r.Day = long, long, long, long
				if i%2 == 0 {
					r.Number, r.Address = long, "https://a.example/"+long
				}
			}
			r := transcript(t, one, size, wordy)
			for n := 1; n <= r.NumPage(); n++ {
				within(t, r.Page(n), 12, fmt.Sprint("page ", n))
			}
		}
	}
}

func TestATranscriptIsPortraitAndAlwaysTheSame(t *testing.T) {
	for size, sides := range map[paper.Paper][2]float64{paper.A4: {595.28, 841.89}, paper.Letter: {612, 792}} {
		var first, again bytes.Buffer
		require.NoError(t, paper.WriteTranscript(&first, records(40), size, english))
		require.NoError(t, paper.WriteTranscript(&again, records(40), size, english))
		assert.True(t, bytes.Equal(first.Bytes(), again.Bytes()))
		wide, high := sidesOf(opened(t, first.Bytes()).Page(1))
		assert.InDelta(t, sides[0], wide, 0.01)
		assert.InDelta(t, sides[1], high, 0.01)
	}
}

func TestATranscriptWithLettersItLacksIsRefused(t *testing.T) {
	one := records(300)
	one.Rows[299].Title = "王小明"
	var out bytes.Buffer
	assert.ErrorIs(t, paper.WriteTranscript(&out, one, paper.A4, english), paper.ErrLetters)
	assert.Zero(t, out.Len())
	assert.ErrorContains(t, paper.WriteTranscript(&out, records(1), "", english), "choose a4 or letter")
}
