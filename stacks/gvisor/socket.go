package main

import (
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

type socket struct {
	family   family
	endpoint tcpip.Endpoint
	queue    *waiter.Queue // tells when a call that blocks may go on
}

// As a gVisor sandbox makes its sockets (pkg/sentry/socket/netstack): Nagle's algorithm is on.
func makeSocket(s *stack.Stack, f family, options []optionValue) (*socket, *answer) {
	protocol := tcpip.NetworkProtocolNumber(ipv4.ProtocolNumber)
	if f == ipv6Family {
		protocol = ipv6.ProtocolNumber
	}
	made := &socket{family: f, queue: &waiter.Queue{}}
	a := stamped("socket", func() (err tcpip.Error) {
		made.endpoint, err = s.NewEndpoint(tcp.ProtocolNumber, protocol, made.queue)
		return err
	})
	if !a.ok() {
		return nil, a
	}
	settings := made.endpoint.SocketOptions()
	settings.SetDelayOption(true)
	settings.SetReuseAddress(true)
	settings.SetV6Only(f == ipv6Family)
	for _, option := range options {
		if set := setOption(made.endpoint, option.name, option.value); !set.ok() {
			made.endpoint.Close()
			return nil, set
		}
	}
	return made, a
}

func (s *socket) bind(r *request, addressKey, portKey string) *answer {
	local := tcpip.FullAddress{
		Addr: r.address(addressKey, s.family),
		Port: uint16(r.integer(portKey, 0, 65535, 0)),
	}
	if r.refusal != nil {
		return r.refusal
	}
	return stamped("bind", func() tcpip.Error { return s.endpoint.Bind(local) })
}

func (s *socket) describeLocal() map[string]any {
	local, _ := s.endpoint.GetLocalAddress()
	return map[string]any{"local_address": s.text(local.Addr), "local_port": local.Port}
}

func (s *socket) text(address tcpip.Address) string {
	if address != "" {
		return addressText(address)
	}
	if s.family == ipv4Family {
		return "0.0.0.0"
	}
	return "::"
}
