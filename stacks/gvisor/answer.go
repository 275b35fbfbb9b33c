package main

import (
	"strings"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// The largest that every JSON reader can hold exactly.
const maxInteger = 1 << 53

// What a call came to: `unsupported`, or `failure` (an errno's name), or neither.
type answer struct {
	result               map[string]any
	failure, unsupported string
	message              string
	began, ended         int64 // 0 where no socket call was made
}

func refused(failure, message string) *answer {
	return &answer{failure: failure, message: message}
}

func unsupported(what string) *answer { return &answer{unsupported: what} }

func (a *answer) ok() bool { return a.failure == "" && a.unsupported == "" }

func (a *answer) line(id uint64) map[string]any {
	reply := map[string]any{"id": id}
	if a.began != 0 {
		reply["began"], reply["ended"] = a.began, a.ended
	}
	if a.message != "" {
		reply["message"] = a.message
	}
	switch {
	case a.unsupported != "":
		reply["unsupported"] = a.unsupported
		return reply
	case a.failure != "":
		reply["error"] = a.failure
	case a.result == nil:
		reply["result"] = struct{}{}
	}
	if a.result != nil {
		reply["result"] = a.result
	}
	return reply
}

// Makes a call of netstack's and stamps it.
func stamped(what string, call func() tcpip.Error) *answer {
	a := &answer{began: now()}
	err := call()
	a.ended = now()
	if err != nil {
		a.failure, a.message = errnoName(err), what
	}
	return a
}

// The names that gVisor's sockets give netstack's errors (pkg/syserr/netstack.go).
func errnoName(err tcpip.Error) string {
	switch err.(type) {
	case *tcpip.ErrConnectionRefused:
		return "ECONNREFUSED"
	case *tcpip.ErrConnectionReset:
		return "ECONNRESET"
	case *tcpip.ErrConnectionAborted:
		return "ECONNABORTED"
	case *tcpip.ErrTimeout:
		return "ETIMEDOUT"
	case *tcpip.ErrClosedForSend, *tcpip.ErrAborted:
		return "EPIPE"
	case *tcpip.ErrNotConnected:
		return "ENOTCONN"
	case *tcpip.ErrAlreadyConnected:
		return "EISCONN"
	case *tcpip.ErrAlreadyConnecting:
		return "EALREADY"
	case *tcpip.ErrHostUnreachable:
		return "EHOSTUNREACH"
	case *tcpip.ErrNetworkUnreachable:
		return "ENETUNREACH"
	case *tcpip.ErrPortInUse:
		return "EADDRINUSE"
	case *tcpip.ErrBadLocalAddress:
		return "EADDRNOTAVAIL"
	case *tcpip.ErrNoPortAvailable, *tcpip.ErrWouldBlock:
		return "EAGAIN"
	case *tcpip.ErrNoBufferSpace:
		return "ENOBUFS"
	case *tcpip.ErrMessageTooLong:
		return "EMSGSIZE"
	case *tcpip.ErrNotSupported:
		return "EOPNOTSUPP"
	case *tcpip.ErrUnknownProtocolOption:
		return "ENOPROTOOPT"
	case *tcpip.ErrAddressFamilyNotSupported:
		return "EAFNOSUPPORT"
	case *tcpip.ErrBadAddress, *tcpip.ErrBadBuffer:
		return "EFAULT"
	case *tcpip.ErrUnknownDevice, *tcpip.ErrUnknownNICID:
		return "ENODEV"
	}
	return "EINVAL"
}

func excerpt(line []byte) string {
	const most = 80
	if len(line) > most {
		line = append(line[:most:most], "..."...)
	}
	return strings.ToValidUTF8(string(line), "?")
}
