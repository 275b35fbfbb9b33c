package main

import "os"

// The sockets by name, and the calls that are under way. Everything here happens in turns.
type driver struct {
	host    *host
	out     *output
	sockets map[string]*socket // nil where an accept has reserved the name
	pending []*blockingCall
}

func newDriver(h *host, out *output) *driver {
	d := &driver{host: h, out: out, sockets: map[string]*socket{}}
	h.goOn = d.goOn
	return d
}

func (d *driver) sayHello() {
	d.host.turn(func() {
		d.out.add(map[string]any{
			"event": "hello", "protocol": 1, "stack": "gvisor", "version": version,
			"clock": "CLOCK_MONOTONIC", "states": "events", "pid": os.Getpid(),
		})
	})
}

func (d *driver) serve(line []byte, tooLong bool) {
	exits := false
	d.host.turn(func() {
		r, ok := parseRequest(line)
		switch {
		case tooLong:
			d.complain("a line is longer than 65536 bytes", line)
		case !ok:
			d.complain("not a JSON object", line)
		default:
			exits = d.take(r, line)
		}
	})
	if exits {
		os.Exit(0)
	}
}

// True where the driver is to end.
func (d *driver) take(r *request, line []byte) bool {
	id, ok := r.id()
	if !ok {
		d.complain("no id (an integer from 0 to 2^53)", line)
		return false
	}
	call := r.needText("call")
	a := r.refusal
	if a == nil && call != "exit" {
		a = d.make(id, call, r)
	} else if a == nil {
		a = &answer{}
	}
	if a != nil {
		d.reply(id, a)
	} else {
		d.out.reply(map[string]any{"event": "started", "id": id})
	}
	return call == "exit"
}

func (d *driver) complain(what string, line []byte) {
	d.out.reply(map[string]any{"event": "error", "message": what + ": " + excerpt(line)})
}

func (d *driver) reply(id uint64, a *answer) { d.out.reply(a.line(id)) }

// Attempts a call that may block; nil where it goes on.
func (d *driver) start(id uint64, c *blockingCall) *answer {
	c.id, c.began = id, now()
	a := c.attempt()
	if a == nil {
		d.pending = append(d.pending, c)
	} else {
		c.release()
	}
	return a
}

// Attempts again what netstack says may go on. True when there was something.
func (d *driver) goOn() bool {
	tried := false
	for _, c := range append([]*blockingCall(nil), d.pending...) {
		if !c.ready {
			continue
		}
		c.ready = false
		tried = tried || c.kind != "close"
		if a := c.attempt(); a != nil {
			d.end(c, a)
		}
	}
	return tried
}

// Takes a call out of those under way, with its reply.
func (d *driver) end(c *blockingCall, a *answer) {
	for i, other := range d.pending {
		if other == c {
			d.pending = append(d.pending[:i], d.pending[i+1:]...)
			c.release()
			d.reply(c.id, a)
			return
		}
	}
}

func (d *driver) busy(kind string, on *socket) bool {
	for _, c := range d.pending {
		if c.kind == kind && c.on == on {
			return true
		}
	}
	return false
}

// Ends the calls in flight on a socket that is to be closed.
func (d *driver) cutShort(on *socket) {
	for _, c := range append([]*blockingCall(nil), d.pending...) {
		if c.on != on {
			continue
		}
		a := c.finish(nil)
		a.failure, a.message = "ECANCELED", "the socket was closed"
		d.end(c, a)
	}
}
