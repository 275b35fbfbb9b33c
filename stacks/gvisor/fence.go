package main

import (
	"gvisor.dev/gvisor/pkg/bufferv2"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// netstack processes segments in a goroutine of its own, first come, first served
// (tcp/dispatcher.go). The fence waits until that goroutine is done: it queues a segment for an
// endpoint that is closed, which comes to nothing but that its buffer is released.
type fence struct {
	queue interface {
		QueuePacket(stack.TransportEndpoint, stack.TransportEndpointID, stack.PacketBufferPtr)
	}
	closed   stack.TransportEndpoint
	segment  []byte
	released chan struct{}
}

func newFence(s *stack.Stack) (*fence, tcpip.Error) {
	endpoint, err := s.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, &waiter.Queue{})
	if err != nil {
		return nil, err
	}
	endpoint.Close()
	f := &fence{
		closed:   endpoint.(stack.TransportEndpoint),
		segment:  make([]byte, header.IPv4MinimumSize+header.TCPMinimumSize),
		released: make(chan struct{}, 1),
	}
	f.queue = s.TransportProtocolInstance(tcp.ProtocolNumber).(interface {
		QueuePacket(stack.TransportEndpoint, stack.TransportEndpointID, stack.PacketBufferPtr)
	})
	header.IPv4(f.segment).Encode(&header.IPv4Fields{TotalLength: uint16(len(f.segment))})
	// A reset: nothing is answered to it.
	header.TCP(f.segment[header.IPv4MinimumSize:]).Encode(&header.TCPFields{
		DataOffset: header.TCPMinimumSize, Flags: header.TCPFlagRst})
	return f, nil
}

// Twice: an endpoint may queue itself once more, behind the first fence (data or a FIN that came
// with the ACK of a SYN-ACK; a SYN for a connection in TIME_WAIT, which goes on to the listener).
func (f *fence) wait() {
	for i := 0; i < 2; i++ {
		f.pass()
	}
}

func (f *fence) pass() {
	packet := stack.NewPacketBuffer(stack.PacketBufferOptions{
		Payload:   bufferv2.MakeWithData(f.segment),
		OnRelease: func() { f.released <- struct{}{} },
	})
	packet.NetworkProtocolNumber = ipv4.ProtocolNumber
	packet.RXChecksumValidated = true
	packet.NetworkHeader().Consume(header.IPv4MinimumSize)
	packet.TransportHeader().Consume(header.TCPMinimumSize)
	f.queue.QueuePacket(f.closed, stack.TransportEndpointID{}, packet)
	packet.DecRef()
	<-f.released
}
