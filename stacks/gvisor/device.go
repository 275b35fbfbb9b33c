package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// What the environment says of the device: docs/driver-protocol.md, "The device".
type device struct {
	fd        int
	mtu       uint32
	addresses []netip.Prefix // the end's own address, with its network's prefix length
	gateways  []netip.Addr
}

func readDevice(getenv func(string) string) (device, error) {
	var d device
	number := func(name string, most uint64) uint64 {
		n, err := strconv.ParseUint(getenv(name), 10, 32)
		if err != nil || n > most {
			return 0
		}
		return n
	}
	d.fd = int(number("FAULTLINE_DEVICE", 1<<20))
	if d.fd < 3 {
		return d, fmt.Errorf("FAULTLINE_DEVICE is no descriptor: %q", getenv("FAULTLINE_DEVICE"))
	}
	d.mtu = uint32(number("FAULTLINE_MTU", 65535))
	if d.mtu < 68 {
		return d, fmt.Errorf("FAULTLINE_MTU is no MTU: %q", getenv("FAULTLINE_MTU"))
	}
	for _, text := range strings.Fields(getenv("FAULTLINE_ADDRESSES")) {
		address, err := netip.ParsePrefix(text)
		if err != nil {
			return d, fmt.Errorf("FAULTLINE_ADDRESSES: %v", err)
		}
		d.addresses = append(d.addresses, address)
	}
	for _, text := range strings.Fields(getenv("FAULTLINE_GATEWAYS")) {
		gateway, err := netip.ParseAddr(text)
		if err != nil {
			return d, fmt.Errorf("FAULTLINE_GATEWAYS: %v", err)
		}
		d.gateways = append(d.gateways, gateway)
	}
	if len(d.addresses) == 0 {
		return d, fmt.Errorf("FAULTLINE_ADDRESSES names none")
	}
	return d, nil
}
