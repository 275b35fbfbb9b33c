package main

import "io"

// The stream of docs/driver-protocol.md.
func streamWord(seed, i uint64) uint64 {
	x := seed + i/8 + 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

func streamByte(seed, i uint64) byte { return byte(streamWord(seed, i) >> (8 * (i % 8))) }

// A part of a stream, of which `done` bytes are through. As a reader (tcpip.Payloader) it makes the
// bytes that follow, as a writer it compares what came with them.
type streamPart struct {
	seed, offset uint64
	bytes        uint64 // as many as it is to have, or `endless`
	done         uint64
	made         uint64 // by Read, of which netstack may take less
	differs      bool
	mismatch     uint64
}

const endless = maxInteger

func (p *streamPart) left() uint64 { return p.bytes - p.done }

// Len implements tcpip.Payloader.
func (p *streamPart) Len() int { return int(p.left() - p.made) }

func (p *streamPart) Read(to []byte) (int, error) {
	n := len(to)
	if p.Len() == 0 {
		return 0, io.EOF
	}
	if n > p.Len() {
		n = p.Len()
	}
	at := p.offset + p.done + p.made
	for i := range to[:n] {
		to[i] = streamByte(p.seed, at+uint64(i))
	}
	p.made += uint64(n)
	return n, nil
}

// Takes no more than is left.
func (p *streamPart) Write(from []byte) (int, error) {
	n := len(from)
	if uint64(n) > p.left() {
		n = int(p.left())
	}
	for _, b := range from[:n] {
		at := p.offset + p.done
		if !p.differs && b != streamByte(p.seed, at) {
			p.differs, p.mismatch = true, at
		}
		p.done++
	}
	if n < len(from) {
		return n, io.ErrShortWrite
	}
	return n, nil
}
