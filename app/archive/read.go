package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
)

// Check reads a whole file and returns what is in it, or what is wrong with it,
// in constant memory. A file that it accepts is byte for byte, before it was
// compressed, what [Write] writes of those items, or what it wrote in its format.
func Check(r io.Reader) (About, []Count, error) {
	return through(context.Background(), r, nowhere{}, nil)
}

// through hands everything in a file to a target.
func through(ctx context.Context, r io.Reader, to target, told func(Kind, int)) (About, []Count, error) {
	in := bufio.NewReader(r)
	lines, err := uncompressed(in)
	if err != nil {
		return About{}, nil, err
	}
	about, counts, err := throughLines(ctx, lines, to, told)
	if err != nil {
		return About{}, nil, err
	}
	_, err = in.ReadByte()
	if !errors.Is(err, io.EOF) {
		return About{}, nil, errors.New("the backup is damaged: something follows after its end; take another backup")
	}
	return about, counts, nil
}

// errNoBackup says that a file is something else.
var errNoBackup = errors.New("this is no backup of First5: name the file that was written as one, or take another backup")

// uncompressed returns the lines of a compressed file.
func uncompressed(in *bufio.Reader) (io.Reader, error) {
	begins, err := in.Peek(10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the backup: %w", err)
	}
	// The checksums don't cover these bytes: the mark of gzip, no flags, no time,
	// no special way of compressing, and no system.
	if !bytes.Equal(begins, []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}) {
		return nil, errNoBackup
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, errNoBackup
	}
	z.Multistream(false)
	return z, nil
}

// throughLines hands everything in a file's lines to a target.
func throughLines(ctx context.Context, r io.Reader, to target, told func(Kind, int)) (About, []Count, error) {
	f := newLineReader(r)
	about, err := f.begin()
	if err != nil {
		return About{}, nil, err
	}
	counts, err := pass(ctx, f, to, told)
	if err != nil {
		return About{}, nil, err
	}
	return about, counts, f.end()
}

// lineReader is a backup that is being read.
type lineReader struct {
	in     *bufio.Reader
	format int // in which it was written
	number int // of the line, from 1
	line   []byte
	before hash.Hash // of the lines before it
	closed closing   // of the kind that was read last
	again  bytes.Buffer
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(r, 64<<10), before: sha256.New()}
}

// begin reads the first line.
func (f *lineReader) begin() (About, error) {
	err := f.next("")
	if err != nil {
		return About{}, err
	}
	var h header
	err = read(f.line, &h)
	if err != nil || h.First5.Backup < 1 {
		return About{}, errNoBackup
	}
	if h.First5.Backup > format {
		return About{}, fmt.Errorf("the backup was written in format %d by first5 %s, and this program knows format %d: "+
			"restore it with that first5, or a later one", h.First5.Backup, h.First5.Program, format)
	}
	h = header{}
	err = decode(f.line, &h, &f.again)
	if err != nil {
		return About{}, f.damaged("", err.Error())
	}
	f.format = h.First5.Backup
	return About{At: h.First5.At, Program: h.First5.Program, Store: h.First5.Store}, nil
}

// items implements [source]. It stops after the line that closes the kind. There
// are none of a kind that came later than the file.
func (f *lineReader) items(_ context.Context, kind Kind) iter.Seq2[lined, error] {
	return func(yield func(lined, error) bool) {
		if since(kind) > f.format {
			return
		}
		last := ""
		for {
			err := f.next(kind)
			if err == nil && f.closes(kind) {
				err = f.close(kind)
				if err == nil {
					return
				}
			}
			var i lined
			if err == nil {
				i, err = f.item(kind, last)
			}
			if !yield(i, err) || err != nil {
				return
			}
			last = i.Key()
		}
	}
}

// item returns the item of the line.
func (f *lineReader) item(kind Kind, last string) (lined, error) {
	i := lined{line: f.line}
	err := decode(f.line, &i.Item, &f.again)
	if err == nil {
		err = i.check(kind)
	}
	if err == nil && i.since() > f.format {
		err = errForeign
	}
	if err != nil {
		return lined{}, f.damaged(kind, err.Error())
	}
	if i.Key() <= last {
		return lined{}, f.damaged(kind, "it is there twice, or out of order")
	}
	return i, nil
}

// closes says whether the line closes a kind.
func (f *lineReader) closes(kind Kind) bool {
	return bytes.HasPrefix(f.line, []byte(`{"kind":"`+string(kind)+`","items":`))
}

// close takes the line that closes a kind.
func (f *lineReader) close(kind Kind) error {
	f.closed = closing{}
	err := decode(f.line, &f.closed, &f.again)
	if err != nil {
		return f.damaged(kind, err.Error())
	}
	return nil
}

// ended implements [source].
func (f *lineReader) ended(c Count) error {
	if since(c.Kind) > f.format {
		return nil // it holds no line that would close them
	}
	if f.closed.Items != c.Items {
		return f.damaged(c.Kind, fmt.Sprintf("%d lines of this kind should stand before it, and %d do", f.closed.Items, c.Items))
	}
	if f.closed.SHA256 != c.Hash {
		return f.damaged(c.Kind, "a line of this kind before it was changed")
	}
	return nil
}

// end reads the last line, and makes sure that it is.
func (f *lineReader) end() error {
	err := f.next("")
	if err != nil {
		return err
	}
	var e ending
	err = decode(f.line, &e, &f.again)
	if err != nil || e.SHA256 != sum(f.before) {
		return f.damaged("", "it does not fit the lines before it")
	}
	_, err = f.in.ReadByte()
	if err == nil {
		return f.damaged("", "something follows after it, and it should be the last")
	}
	if !errors.Is(err, io.EOF) {
		return f.unreadable("", err)
	}
	return nil
}

// next reads the next line, which belongs to a kind unless that is empty.
func (f *lineReader) next(kind Kind) error {
	f.before.Write(f.line)
	f.line = f.line[:0]
	f.number++
	for {
		part, err := f.in.ReadSlice('\n')
		f.line = append(f.line, part...)
		if len(f.line) > longestLine {
			return f.damaged(kind, "it is longer than any line of a backup")
		}
		if err == nil {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return f.unreadable(kind, err)
		}
	}
}

// unreadable returns what to say if no line could be read.
func (f *lineReader) unreadable(kind Kind, err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return f.damaged(kind, "the file breaks off there")
	case errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return f.damaged(kind, "what is compressed was changed there, or before")
	}
	return fmt.Errorf("reading line %d of the backup: %w", f.number, err)
}

// damaged says what is wrong with the line.
func (f *lineReader) damaged(kind Kind, why string) error {
	where := fmt.Sprint("line ", f.number)
	if kind != "" {
		where += fmt.Sprintf(" (%s)", kind)
	}
	return fmt.Errorf("the backup is damaged in %s: %s; take another backup", where, why)
}
