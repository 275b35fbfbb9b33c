package main

import (
	"math"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/tcpip"
)

// Nanoseconds of CLOCK_MONOTONIC.
func now() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t)
	return t.Nano()
}

// netstack's clock and timers. The runtime's own timers would be late by up to a thousandth of
// their length, as epoll's timeouts are: there is one timerfd, set to the next timer that is due. A
// timer's function has a turn of its own, so that what it leads to is seen.
type clock struct {
	host  *host
	fd    int
	file  *os.File // of fd
	start int64

	mutex sync.Mutex
	last  tcpip.MonotonicTime
	set   []*timer
	armed int64 // when the timerfd is due; 0 where it is not set
}

type timer struct {
	clock *clock
	due   int64 // 0 where it is not set
	f     func()
}

func newClock(h *host) (*clock, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return &clock{host: h, fd: fd, file: os.NewFile(uintptr(fd), "timer"), start: now()}, nil
}

func (*clock) Now() time.Time { return time.Now() }

// No two readings are equal. In virtual time an answer can come at the very time of the question,
// and netstack takes a round trip of 0 for one that was not measured; no real clock shows it that.
func (c *clock) NowMonotonic() tcpip.MonotonicTime {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	t := tcpip.MonotonicTime{}.Add(time.Duration(now() - c.start))
	if !c.last.Before(t) {
		t = c.last.Add(time.Nanosecond)
	}
	c.last = t
	return t
}

func (c *clock) AfterFunc(d time.Duration, f func()) tcpip.Timer {
	t := &timer{clock: c, f: f}
	t.Reset(d)
	return t
}

func (t *timer) Reset(d time.Duration) {
	t.clock.mutex.Lock()
	defer t.clock.mutex.Unlock()
	if t.due == 0 {
		t.clock.set = append(t.clock.set, t)
	}
	t.due = wholeMicrosecond(now() + int64(d))
}

// Up to the next one: finer than that the kernel does not tell when a segment passed, and in
// virtual time it is the timers that set the clock.
func wholeMicrosecond(t int64) int64 {
	const microsecond = int64(time.Microsecond)
	if t < 0 || t > math.MaxInt64-microsecond { // further away than there is time
		return math.MaxInt64
	}
	return (t + microsecond - 1) / microsecond * microsecond
}

func (t *timer) Stop() bool {
	t.clock.mutex.Lock()
	defer t.clock.mutex.Unlock()
	return t.unset()
}

func (t *timer) unset() bool {
	for i, other := range t.clock.set {
		if other == t {
			last := len(t.clock.set) - 1
			t.clock.set[i], t.clock.set[last] = t.clock.set[last], nil
			t.clock.set = t.clock.set[:last]
			break
		}
	}
	was := t.due != 0
	t.due = 0
	return was
}

func (c *clock) next() *timer {
	var next *timer
	for _, t := range c.set {
		if next == nil || t.due < next.due {
			next = t
		}
	}
	return next
}

// To be called at the end of a turn.
func (c *clock) arm() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	due := int64(0)
	if next := c.next(); next != nil {
		due = next.due
	}
	if due == c.armed {
		return nil
	}
	c.armed = due
	return unix.TimerfdSettime(c.fd, unix.TFD_TIMER_ABSTIME,
		&unix.ItimerSpec{Value: unix.NsecToTimespec(due)}, nil)
}

// The function of a timer that is due, or nil.
func (c *clock) take() func() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	next := c.next()
	if next == nil || next.due > now() {
		return nil
	}
	next.unset()
	return next.f
}

// Runs what is due.
func (c *clock) run() {
	expirations := make([]byte, 8)
	for {
		if _, err := c.file.Read(expirations); err != nil {
			die("the timer", err)
		}
		for more := true; more; {
			c.host.turn(func() {
				c.mutex.Lock()
				c.armed = 0
				c.mutex.Unlock()
				f := c.take()
				if more = f != nil; more {
					f()
				}
			})
		}
	}
}
