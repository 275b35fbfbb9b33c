package main

import (
	"encoding/binary"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

// As the protocol has them. A listener, and an endpoint that never sent a SYN, is no connection.
var stateNames = map[tcp.EndpointState]string{
	tcp.StateSynSent:     "SYN_SENT",
	tcp.StateSynRecv:     "SYN_RECV",
	tcp.StateEstablished: "ESTABLISHED",
	tcp.StateFinWait1:    "FIN_WAIT_1",
	tcp.StateFinWait2:    "FIN_WAIT_2",
	tcp.StateCloseWait:   "CLOSE_WAIT",
	tcp.StateClosing:     "CLOSING",
	tcp.StateLastAck:     "LAST_ACK",
	tcp.StateTimeWait:    "TIME_WAIT",
	tcp.StateClose:       "CLOSED",
	tcp.StateError:       "CLOSED",
}

func stateOf(endpoint interface{ State() uint32 }) string {
	return stateNames[tcp.EndpointState(endpoint.State())]
}

type connection struct {
	endpoint tcpip.Endpoint
	id       stack.TransportEndpointID
	told     string
}

// Tells each change of each connection's state. A connection is met by its first segment outbound:
// a SYN or a SYN-ACK. The endpoint is kept, as netstack forgets it when it closes.
type states struct {
	stack *stack.Stack
	known []*connection
	tell  func(event map[string]any)
}

// To be called before a packet leaves.
func (s *states) outbound(packet []byte) {
	if protocol, id, ok := connectionOf(packet); ok {
		s.meet(protocol, id)
	}
	s.look()
}

func (s *states) meet(protocol tcpip.NetworkProtocolNumber, id stack.TransportEndpointID) {
	found := s.stack.FindTransportEndpoint(protocol, tcp.ProtocolNumber, id, nic)
	endpoint, ok := found.(tcpip.Endpoint)
	if !ok || stateOf(endpoint) == "" {
		return
	}
	for _, c := range s.known {
		if c.endpoint == endpoint {
			return
		}
	}
	s.look() // that of an earlier connection between the same ports comes first
	s.known = append(s.known, &connection{endpoint: endpoint, id: id})
}

// To be called when netstack has done something.
func (s *states) look() {
	open := s.known[:0]
	for _, c := range s.known {
		state := stateOf(c.endpoint)
		if state != c.told {
			c.told = state
			s.tell(map[string]any{
				"event": "state", "state": state,
				"local_address": addressText(c.id.LocalAddress), "local_port": c.id.LocalPort,
				"peer_address": addressText(c.id.RemoteAddress), "peer_port": c.id.RemotePort,
			})
		}
		if state != "CLOSED" {
			open = append(open, c)
		}
	}
	for i := len(open); i < len(s.known); i++ {
		s.known[i] = nil
	}
	s.known = open
}

// Whose segment a packet is that netstack made: without IPv6 extension headers and fragments.
func connectionOf(packet []byte) (tcpip.NetworkProtocolNumber, stack.TransportEndpointID, bool) {
	var id stack.TransportEndpointID
	var segment []byte
	protocol := tcpip.NetworkProtocolNumber(ipv4.ProtocolNumber)
	switch header.IPVersion(packet) {
	case header.IPv4Version:
		ip := header.IPv4(packet)
		if !ip.IsValid(len(packet)) || ip.TransportProtocol() != tcp.ProtocolNumber {
			return 0, id, false
		}
		id.LocalAddress, id.RemoteAddress = ip.SourceAddress(), ip.DestinationAddress()
		segment = ip.Payload()
	case header.IPv6Version:
		ip := header.IPv6(packet)
		if !ip.IsValid(len(packet)) || ip.TransportProtocol() != tcp.ProtocolNumber {
			return 0, id, false
		}
		protocol = ipv6.ProtocolNumber
		id.LocalAddress, id.RemoteAddress = ip.SourceAddress(), ip.DestinationAddress()
		segment = ip.Payload()
	}
	if len(segment) < header.TCPMinimumSize {
		return 0, id, false
	}
	id.LocalPort = binary.BigEndian.Uint16(segment)
	id.RemotePort = binary.BigEndian.Uint16(segment[2:])
	return protocol, id, true
}

func addressText(address tcpip.Address) string {
	ip, _ := netip.AddrFromSlice([]byte(address))
	return ip.String()
}
