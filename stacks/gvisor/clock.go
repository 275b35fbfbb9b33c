package main

import (
	"time"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/tcpip"
)

// Nanoseconds of CLOCK_MONOTONIC, which is also what the runtime's timers go by.
func now() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t)
	return t.Nano()
}

// netstack's clock. A timer's function is run in a turn of its own, so that what it leads to is seen.
type turnClock struct {
	tcpip.Clock
	host *host
}

func (c *turnClock) AfterFunc(d time.Duration, f func()) tcpip.Timer {
	return tcpip.NewStdTimer(time.AfterFunc(d, func() { c.host.turn(f) }))
}
