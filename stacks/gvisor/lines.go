package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
)

// A line, its newline not counted.
const maxLine = 65536

// Calls `serve` for each line; of one that is too long, with its beginning, as soon as it is.
func readLines(in io.Reader, serve func(line []byte, tooLong bool)) {
	reader := bufio.NewReaderSize(in, maxLine+1)
	skip := false
	for {
		line, err := reader.ReadSlice('\n')
		ends := err == nil
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
		if ends {
			line = line[:len(line)-1]
		}
		if !skip && (len(line) > 0 || !ends) {
			serve(line, !ends)
		}
		skip = !ends
	}
}

// What is said, in two lanes: events go before the segments that a turn made, replies after them.
// Both are used in turns only.
type output struct {
	file            *os.File
	events, replies []byte
}

func (o *output) add(event map[string]any)   { o.events = appendLine(o.events, event) }
func (o *output) reply(reply map[string]any) { o.replies = appendLine(o.replies, reply) }

func (o *output) flushEvents() { o.events = o.write(o.events) }

func (o *output) flush() {
	o.flushEvents()
	o.replies = o.write(o.replies)
}

// Where nobody reads any more, the driver ends.
func (o *output) write(lines []byte) []byte {
	if len(lines) > 0 {
		if _, err := o.file.Write(lines); err != nil {
			os.Exit(1)
		}
	}
	return lines[:0]
}

func appendLine(lines []byte, object map[string]any) []byte {
	text, err := json.Marshal(object)
	if err != nil {
		panic(err) // a value that is none of JSON's: a mistake in this program
	}
	return append(append(lines, text...), '\n')
}
