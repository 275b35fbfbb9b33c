package main

import (
	"gvisor.dev/gvisor/pkg/tcpip"
)

// Makes a call: nil where it blocks and is under way.
func (d *driver) make(id uint64, call string, r *request) *answer {
	switch call {
	case "socket":
		return d.socket(r)
	case "bind":
		return d.bind(r)
	case "listen":
		return d.listen(r)
	case "accept":
		return d.accept(id, r)
	case "connect":
		return d.connect(id, r)
	case "send", "recv":
		return d.stream(id, call, r)
	case "shutdown":
		return d.shutdown(r)
	case "close":
		return d.close(id, r)
	case "abort":
		return d.abort(r)
	case "setsockopt":
		return d.setsockopt(r)
	case "getsockopt":
		return d.getsockopt(r)
	}
	return unsupported("call " + call)
}

func (d *driver) need(r *request, key string) (*socket, *answer) {
	name := r.needName(key)
	if r.refusal != nil {
		return nil, r.refusal
	}
	if s := d.sockets[name]; s != nil {
		return s, nil
	}
	return nil, refused("EBADF", "no socket '"+name+"'")
}

// The socket of that name, or a new one, which `undo` takes away again.
func (d *driver) needOrMake(r *request) (s *socket, undo func(), failed *answer) {
	name, options := r.needName("socket"), r.options()
	if r.refusal != nil {
		return nil, nil, r.refusal
	}
	if s, there := d.sockets[name]; there {
		if s == nil {
			return nil, nil, refused("EBADF", "no socket '"+name+"' yet")
		}
		for _, option := range options {
			if a := setOption(s.endpoint, option.name, option.value); !a.ok() {
				return nil, nil, a
			}
		}
		return s, func() {}, nil
	}
	f := r.family()
	if r.refusal != nil {
		return nil, nil, r.refusal
	}
	made, a := makeSocket(d.host.stack, f, options)
	if !a.ok() {
		return nil, nil, a
	}
	d.sockets[name] = made
	return made, func() {
		delete(d.sockets, name)
		made.endpoint.Close()
	}, nil
}

func (d *driver) socket(r *request) *answer {
	name, f, options := r.needName("socket"), r.needText("family"), r.options()
	if f != "" {
		r.family()
	}
	if r.refusal != nil {
		return r.refusal
	}
	if _, there := d.sockets[name]; there {
		return refused("EEXIST", "there is a socket '"+name+"'")
	}
	made, a := makeSocket(d.host.stack, family(f), options)
	if a.ok() {
		d.sockets[name] = made
	}
	return a
}

func (d *driver) bind(r *request) *answer {
	s, undo, failed := d.needOrMake(r)
	if failed != nil {
		return failed
	}
	a := s.bind(r, "address", "port")
	if !a.ok() {
		undo()
		return a
	}
	a.result = s.describeLocal()
	return a
}

func (d *driver) listen(r *request) *answer {
	backlog := int(r.integer("backlog", 0, 65535, 16))
	s, undo, a := d.needOrMake(r)
	if a != nil {
		return a
	}
	if r.has("address") || r.has("port") {
		a = s.bind(r, "address", "port")
	}
	if a == nil || a.ok() {
		// netstack counts the connection beyond the backlog that Linux takes, too.
		a = stamped("listen", func() tcpip.Error { return s.endpoint.Listen(backlog + 1) })
	}
	if !a.ok() {
		undo()
		return a
	}
	a.result = s.describeLocal()
	return a
}

func (d *driver) connect(id uint64, r *request) *answer {
	s, undo, a := d.needOrMake(r)
	if a != nil {
		return a
	}
	if d.busy("connect", s) {
		return refused("EALREADY", "a connect is under way")
	}
	call := newConnect(s, r)
	a = r.refusal
	if a == nil && (r.has("local_address") || r.has("local_port")) {
		a = s.bind(r, "local_address", "local_port")
	}
	if a == nil || a.ok() {
		return d.start(id, call)
	}
	call.release()
	undo()
	return a
}

func (d *driver) accept(id uint64, r *request) *answer {
	name := r.needName("socket")
	listener, failed := d.need(r, "from")
	if failed != nil {
		return failed
	}
	if _, there := d.sockets[name]; there {
		return refused("EEXIST", "there is a socket '"+name+"'")
	}
	if d.busy("accept", listener) {
		return refused("EBUSY", "an accept is under way")
	}
	d.sockets[name] = nil
	call := newAccept(listener, func(s *socket) { d.sockets[name] = s })
	call.ended = func() {
		if d.sockets[name] == nil {
			delete(d.sockets, name)
		}
	}
	return d.start(id, call)
}

func (d *driver) stream(id uint64, call string, r *request) *answer {
	s, failed := d.need(r, "socket")
	if failed != nil {
		return failed
	}
	if d.busy(call, s) {
		return refused("EBUSY", "a "+call+" is under way")
	}
	part := &streamPart{seed: r.needSeed(), offset: uint64(r.integer("offset", 0, maxInteger, 0))}
	if call == "send" {
		part.bytes = uint64(r.needInteger("bytes", 0, maxInteger))
	} else {
		part.bytes = uint64(r.integer("bytes", 0, maxInteger, endless))
	}
	if r.refusal != nil {
		return r.refusal
	}
	if call == "send" {
		return d.start(id, newSend(s, part))
	}
	return d.start(id, newRecv(s, part))
}

func (d *driver) shutdown(r *request) *answer {
	how, ok := map[string]tcpip.ShutdownFlags{
		"read":  tcpip.ShutdownRead,
		"write": tcpip.ShutdownWrite,
		"both":  tcpip.ShutdownRead | tcpip.ShutdownWrite,
	}[r.needText("how")]
	if !ok {
		r.refuse("how", "read, write or both")
	}
	s, failed := d.need(r, "socket")
	if failed != nil {
		return failed
	}
	return stamped("shutdown", func() tcpip.Error { return s.endpoint.Shutdown(how) })
}

func (d *driver) close(id uint64, r *request) *answer {
	s, failed := d.need(r, "socket")
	if failed != nil {
		return failed
	}
	d.cutShort(s)
	delete(d.sockets, r.text("socket"))
	if lingers(s.endpoint) {
		return d.start(id, newLingeringClose(s, d.host.stack.Clock(), func(c *blockingCall) {
			d.end(c, c.finish(nil))
		}))
	}
	return stamped("close", func() tcpip.Error {
		s.endpoint.Close()
		return nil
	})
}

func (d *driver) abort(r *request) *answer {
	s, failed := d.need(r, "socket")
	if failed != nil {
		return failed
	}
	d.cutShort(s)
	delete(d.sockets, r.text("socket"))
	return stamped("close", func() tcpip.Error {
		if err := setLinger(s.endpoint, 0); err != nil {
			return err
		}
		s.endpoint.Close()
		return nil
	})
}

func (d *driver) setsockopt(r *request) *answer {
	name, value := r.needText("option"), r.needInteger("value", anyLeast, anyMost)
	s, failed := d.need(r, "socket")
	if failed != nil {
		return failed
	}
	return setOption(s.endpoint, name, value)
}

func (d *driver) getsockopt(r *request) *answer {
	name, field := r.needText("option"), r.text("field")
	s, failed := d.need(r, "socket")
	if failed != nil {
		return failed
	}
	return getOption(s.endpoint, name, field)
}
