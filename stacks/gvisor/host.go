package main

import (
	"fmt"
	"sync"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const nic tcpip.NICID = 1

// netstack with its device. Whatever makes netstack do something, a packet, a timer or a call, has
// its turn, one at a time: when it is over, the segments that came are processed, the states told
// and the segments that netstack made on the device, in this order.
type host struct {
	stack  *stack.Stack
	clock  *clock
	link   *link
	fence  *fence
	states *states
	out    *output

	mutex sync.Mutex
	// Called at the end of a turn; true when it made netstack do something.
	goOn func() bool
}

func newHost(d device, out *output) (*host, error) {
	h := &host{out: out, goOn: func() bool { return false }}
	h.link = &link{file: pollable(d.fd, "device"), mtu: d.mtu}
	timers, err := newClock(h)
	if err != nil {
		return nil, fmt.Errorf("a timerfd: %v", err)
	}
	h.clock = timers
	h.stack = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
		Clock:              timers,
		HandleLocal:        true,
	})
	h.states = &states{stack: h.stack, tell: out.add}
	h.link.outbound = h.states.outbound
	if err := configure(h.stack, h.link, d); err != nil {
		return nil, err
	}
	fence, failed := newFence(h.stack)
	if failed != nil {
		return nil, fmt.Errorf("an endpoint: %v", failed)
	}
	h.fence = fence
	return h, nil
}

// The TCP options are those that runsc sets for its sandboxes (runsc/boot/loader.go).
func configure(s *stack.Stack, l *link, d device) error {
	sack, moderate := tcpip.TCPSACKEnabled(true), tcpip.TCPModerateReceiveBufferOption(true)
	for _, option := range []tcpip.SettableTransportProtocolOption{&sack, &moderate} {
		if err := s.SetTransportProtocolOption(tcp.ProtocolNumber, option); err != nil {
			return fmt.Errorf("%T: %v", option, err)
		}
	}
	if err := s.CreateNIC(nic, l); err != nil {
		return fmt.Errorf("the device: %v", err)
	}
	var routes []tcpip.Route
	for _, address := range d.addresses {
		protocol := tcpip.NetworkProtocolNumber(ipv6.ProtocolNumber)
		if address.Addr().Is4() {
			protocol = ipv4.ProtocolNumber
		}
		with := tcpip.ProtocolAddress{Protocol: protocol, AddressWithPrefix: tcpip.AddressWithPrefix{
			Address: tcpip.Address(address.Addr().AsSlice()), PrefixLen: address.Bits()}}
		if err := s.AddProtocolAddress(nic, with, stack.AddressProperties{}); err != nil {
			return fmt.Errorf("the address %v: %v", address, err)
		}
		routes = append(routes, tcpip.Route{Destination: with.AddressWithPrefix.Subnet(), NIC: nic})
	}
	for _, gateway := range d.gateways {
		everywhere := header.IPv6EmptySubnet
		if gateway.Is4() {
			everywhere = header.IPv4EmptySubnet
		}
		routes = append(routes, tcpip.Route{
			Destination: everywhere, Gateway: tcpip.Address(gateway.AsSlice()), NIC: nic})
	}
	s.SetRouteTable(routes)
	return nil
}

func (h *host) turn(f func()) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	f()
	h.settle()
	for h.goOn() {
		h.settle()
	}
	h.out.flush()
	if err := h.clock.arm(); err != nil {
		die("the timer", err)
	}
}

// States are told before the segments leave: the peer may answer at once.
func (h *host) settle() {
	h.fence.wait()
	h.states.look()
	h.out.flushEvents()
	if err := h.link.flush(); err != nil {
		die("the device", err)
	}
}

// Serves the device.
func (h *host) receive() {
	packet := make([]byte, 65536)
	for {
		n, err := h.link.file.Read(packet)
		if err != nil {
			die("the device", err)
		}
		h.turn(func() { h.link.deliver(packet[:n]) })
	}
}
