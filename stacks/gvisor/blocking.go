package main

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// A call that may take for ever: it is attempted, and again whenever netstack says that it may go
// on.
type blockingCall struct {
	id      uint64
	kind    string // "connect"
	on      *socket
	began   int64
	attempt func() *answer        // nil where it must wait
	partial func() map[string]any // what is done so far; may be nil
	ended   func()                // what is to be done when it is over; may be nil
	entry   *waiter.Entry
	ready   bool // written under netstack's locks, read when a turn is over
}

func (c *blockingCall) wait(mask waiter.EventMask) {
	entry := waiter.NewFunctionEntry(mask, func(waiter.EventMask) { c.ready = true })
	c.entry = &entry
	c.on.queue.EventRegister(c.entry)
}

// To be called when the call is over.
func (c *blockingCall) release() {
	if c.entry != nil {
		c.on.queue.EventUnregister(c.entry)
	}
	if c.ended != nil {
		c.ended()
	}
}

func (c *blockingCall) finish(err tcpip.Error) *answer {
	a := &answer{began: c.began, ended: now()}
	if c.partial != nil {
		a.result = c.partial()
	}
	if err != nil {
		a.failure, a.message = errnoName(err), c.kind
	}
	return a
}

func newConnect(s *socket, r *request) *blockingCall {
	to := tcpip.FullAddress{
		Addr: r.address("address", s.family),
		Port: uint16(r.needInteger("port", 0, 65535)),
	}
	if r.require("address") && to.Addr == "" {
		r.refuse("address", "a numeric one of the family")
	}
	c := &blockingCall{kind: "connect", on: s}
	underWay := false
	c.attempt = func() *answer {
		if !underWay {
			underWay = true
			switch err := s.endpoint.Connect(to); err.(type) {
			case *tcpip.ErrConnectStarted:
				return nil
			case nil:
			default:
				return c.finish(err)
			}
		}
		switch tcp.EndpointState(s.endpoint.State()) {
		case tcp.StateConnecting, tcp.StateSynSent, tcp.StateSynRecv:
			return nil
		case tcp.StateError, tcp.StateClose:
			err := s.endpoint.LastError()
			if err == nil { // it was established, for less than a turn
				err = &tcpip.ErrConnectionReset{}
			}
			return c.finish(err)
		}
		a := c.finish(nil)
		a.result = s.describeLocal()
		return a
	}
	c.wait(waiter.WritableEvents | waiter.EventErr | waiter.EventHUp)
	return c
}

// `accepted` takes the new socket.
func newAccept(listener *socket, accepted func(*socket)) *blockingCall {
	c := &blockingCall{kind: "accept", on: listener}
	c.attempt = func() *answer {
		var peer tcpip.FullAddress
		endpoint, queue, err := listener.endpoint.Accept(&peer)
		if _, wait := err.(*tcpip.ErrWouldBlock); wait {
			return nil
		}
		if err != nil {
			return c.finish(err)
		}
		s := &socket{family: listener.family, endpoint: endpoint, queue: queue}
		accepted(s)
		a := c.finish(nil)
		a.result = map[string]any{"peer_address": s.text(peer.Addr), "peer_port": peer.Port}
		return a
	}
	c.wait(waiter.ReadableEvents | waiter.EventErr | waiter.EventHUp)
	return c
}

func newSend(s *socket, part *streamPart) *blockingCall {
	c := &blockingCall{kind: "send", on: s}
	c.partial = func() map[string]any { return map[string]any{"bytes": part.done} }
	c.attempt = func() *answer {
		for part.left() > 0 {
			part.made = 0
			n, err := s.endpoint.Write(part, tcpip.WriteOptions{})
			part.done += uint64(n)
			part.made = 0
			if _, wait := err.(*tcpip.ErrWouldBlock); wait {
				return nil
			}
			if err != nil {
				return c.finish(err)
			}
		}
		return c.finish(nil)
	}
	c.wait(waiter.WritableEvents | waiter.EventErr | waiter.EventHUp)
	return c
}

func newRecv(s *socket, part *streamPart) *blockingCall {
	c := &blockingCall{kind: "recv", on: s}
	eof := false
	c.partial = func() map[string]any {
		result := map[string]any{"bytes": part.done, "eof": eof}
		if part.differs {
			result["mismatch"] = part.mismatch
		}
		return result
	}
	c.attempt = func() *answer {
		for part.left() > 0 {
			read, err := s.endpoint.Read(part, tcpip.ReadOptions{})
			switch err.(type) {
			case nil:
				s.endpoint.ModerateRecvBuf(read.Count)
			case *tcpip.ErrWouldBlock:
				return nil
			case *tcpip.ErrClosedForReceive:
				eof = true
				return c.finish(nil)
			default:
				return c.finish(err)
			}
		}
		return c.finish(nil)
	}
	c.wait(waiter.ReadableEvents | waiter.EventErr | waiter.EventHUp)
	return c
}

// close() with SO_LINGER above 0: until what was sent, the FIN too, is acknowledged, or the time is
// over. netstack leaves this to its sockets and does not say when a FIN is acknowledged: `attempt`
// is for the end of every turn. `expired` is called in a turn of its own, when the time is over.
func newLingeringClose(s *socket, clock tcpip.Clock, expired func(*blockingCall)) *blockingCall {
	c := &blockingCall{kind: "close", on: s}
	underWay := false
	c.attempt = func() *answer {
		c.ready = true
		if !underWay {
			underWay = true
			lingers := s.endpoint.SocketOptions().GetLinger().Timeout
			s.endpoint.Close()
			clock.AfterFunc(lingers, func() { expired(c) })
		}
		switch tcp.EndpointState(s.endpoint.State()) {
		case tcp.StateEstablished, tcp.StateCloseWait, tcp.StateFinWait1, tcp.StateClosing,
			tcp.StateLastAck:
			return nil
		}
		return c.finish(nil)
	}
	return c
}

func lingers(endpoint tcpip.Endpoint) bool {
	linger := endpoint.SocketOptions().GetLinger()
	return linger.Enabled && linger.Timeout > time.Duration(0)
}
