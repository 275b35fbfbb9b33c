package main

import (
	"os"

	"gvisor.dev/gvisor/pkg/bufferv2"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// The TUN device as netstack's link endpoint. What netstack sends is kept until flush(), so that
// the states it led to can be told before the peer can answer.
type link struct {
	file     *os.File
	mtu      uint32
	upwards  stack.NetworkDispatcher
	outbound func(packet []byte) // sees each packet when netstack hands it over
	kept     [][]byte
}

// Gives a packet that was read from the device to netstack. Others than IP are dropped.
func (l *link) deliver(packet []byte) {
	protocol := tcpip.NetworkProtocolNumber(ipv4.ProtocolNumber)
	switch header.IPVersion(packet) {
	case header.IPv4Version:
	case header.IPv6Version:
		protocol = ipv6.ProtocolNumber
	default:
		return
	}
	buffer := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: bufferv2.MakeWithData(packet)})
	defer buffer.DecRef()
	l.upwards.DeliverNetworkPacket(protocol, buffer)
}

func (l *link) flush() error {
	for _, packet := range l.kept {
		if _, err := l.file.Write(packet); err != nil {
			return err
		}
	}
	l.kept = l.kept[:0]
	return nil
}

// WritePackets implements stack.LinkWriter.
func (l *link) WritePackets(packets stack.PacketBufferList) (int, tcpip.Error) {
	n := 0
	for _, packet := range packets.AsSlice() {
		bytes := make([]byte, 0, packet.Size())
		for _, part := range packet.AsSlices() {
			bytes = append(bytes, part...)
		}
		l.outbound(bytes)
		l.kept = append(l.kept, bytes)
		n++
	}
	return n, nil
}

// The rest of stack.LinkEndpoint: a device without link addresses, headers and offloads.

func (l *link) Attach(dispatcher stack.NetworkDispatcher)  { l.upwards = dispatcher }
func (l *link) IsAttached() bool                           { return l.upwards != nil }
func (l *link) MTU() uint32                                { return l.mtu }
func (*link) MaxHeaderLength() uint16                      { return 0 }
func (*link) LinkAddress() tcpip.LinkAddress               { return "" }
func (*link) Capabilities() stack.LinkEndpointCapabilities { return stack.CapabilityNone }
func (*link) Wait()                                        {}
func (*link) ARPHardwareType() header.ARPHardwareType      { return header.ARPHardwareNone }
func (*link) AddHeader(stack.PacketBufferPtr)              {}
