// The driver of gVisor's netstack: speaks the driver protocol on its standard input and output, and
// IP packets on the TUN device that it was given.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// Of netstack; set by the build.
var version = "unknown"

func main() {
	// One processor: netstack then has one goroutine that processes segments, and a fence in its
	// queue (fence.go) tells when it is done.
	runtime.GOMAXPROCS(1)
	// No collection by the clock, which would wake an idle driver every two minutes.
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(32 << 20)
	device, err := readDevice(os.Getenv)
	if err != nil {
		die("the environment", err)
	}
	out := &output{file: pollable(1, "output")}
	host, err := newHost(device, out)
	if err != nil {
		die("netstack", err)
	}
	driver := newDriver(host, out)
	driver.sayHello()
	go host.receive()
	go host.clock.run()
	readLines(pollable(0, "input"), driver.serve)
}

// A file whose reads and writes wait in the runtime's poller, where they hold no thread.
func pollable(fd int, name string) *os.File {
	_ = unix.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), name)
}

func die(what string, err error) {
	fmt.Fprintf(os.Stderr, "faultline-driver-gvisor: %s: %v\n", what, err)
	os.Exit(1)
}
