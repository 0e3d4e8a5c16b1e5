package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"first5/content"
	"first5/content/questionbank"
)

// runImport turns a bank of questions into cards, or into a new module.
func runImport(_ context.Context, args []string, t terminal) error {
	folder := ""
	file, err := parse(args, []option{{"module", &folder}}, "the file of questions")
	if err != nil {
		return err
	}
	data, err := readBank(file[0])
	if err != nil {
		return err
	}
	bank, problems := questionbank.Read(file[0], data)
	if bank.Items() > 0 {
		var more []questionbank.Problem
		more, err = writeBank(bank, folder, t)
		problems = append(problems, more...)
	}
	slices.SortStableFunc(problems, func(a, b questionbank.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return told(t, problems, err)
}

// writeBank writes a bank as cards, or as a module into a new folder.
func writeBank(bank *questionbank.Bank, folder string, t terminal) ([]questionbank.Problem, error) {
	if folder == "" {
		cards, problems := bank.Cards()
		_, err := io.WriteString(t.out, cards)
		if err != nil {
			return problems, fmt.Errorf("writing the cards: %w", err)
		}
		return problems, nil
	}
	module, problems := bank.Module(strconv.Itoa(time.Now().Year()))
	err := writeModule(folder, module)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(t.out, "wrote %s: write in its module.md what is to be replaced\n", folder)
	return problems, nil
}

// told tells what is not as it was, and turns that into an error if there is
// none yet.
func told(t terminal, problems []questionbank.Problem, err error) error {
	for _, p := range problems {
		fmt.Fprintln(t.err, p)
	}
	if err == nil && len(problems) > 0 {
		return errFindings
	}
	return err
}

// readBank reads a file, but not much more of it than a bank may have.
func readBank(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("there is no file %q that can be read", name)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, questionbank.LargestFile+1))
	if err != nil {
		return nil, fmt.Errorf("%q can't be read: %w", name, err)
	}
	return data, nil
}

// writeModule writes the files of a module into a new folder. Their names are
// the module's own, and lead nowhere else.
func writeModule(folder string, module content.Source) error {
	err := os.Mkdir(folder, 0o777)
	if os.IsExist(err) {
		return fmt.Errorf("%q is there already: name a folder that is not there yet", folder)
	}
	if err != nil {
		return fmt.Errorf("making the folder %s: %w", folder, err)
	}
	for _, f := range module {
		if !filepath.IsLocal(f.Name) || filepath.Base(f.Name) != f.Name {
			return fmt.Errorf("the name %q leads out of the folder %s", f.Name, folder)
		}
		err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o666)
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
	}
	return nil
}
