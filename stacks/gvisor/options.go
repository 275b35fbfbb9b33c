package main

import (
	"math"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// An option of tcp(7) or socket(7), in its unit, with the bounds and the doubled buffers of a
// gVisor sandbox's sockets (pkg/sentry/socket/netstack/netstack.go). TCP_SYNCNT and TCP_QUICKACK,
// which netstack stores and never looks at, are left out.
type option struct {
	least, most int64
	set         func(tcpip.Endpoint, int64) tcpip.Error
	get         func(tcpip.Endpoint) (int64, tcpip.Error)
}

const anyLeast, anyMost = math.MinInt32, math.MaxInt32

var options = map[string]option{
	"TCP_USER_TIMEOUT": duration[tcpip.TCPUserTimeoutOption](time.Millisecond, 0, anyMost),
	"TCP_KEEPIDLE":     duration[tcpip.KeepaliveIdleOption](time.Second, 1, 32767),
	"TCP_KEEPINTVL":    duration[tcpip.KeepaliveIntervalOption](time.Second, 1, 32767),
	"TCP_LINGER2":      duration[tcpip.TCPLingerTimeoutOption](time.Second, anyLeast, anyMost),
	"TCP_DEFER_ACCEPT": duration[tcpip.TCPDeferAcceptOption](time.Second, 0, anyMost),
	"TCP_KEEPCNT":      number(tcpip.KeepaliveCountOption, 1, 127),
	"TCP_MAXSEG":       number(tcpip.MaxSegOption, anyLeast, anyMost),
	"SO_KEEPALIVE": flag((*tcpip.SocketOptions).SetKeepAlive,
		(*tcpip.SocketOptions).GetKeepAlive),
	"SO_REUSEADDR": flag((*tcpip.SocketOptions).SetReuseAddress,
		(*tcpip.SocketOptions).GetReuseAddress),
	"TCP_CORK": flag((*tcpip.SocketOptions).SetCorkOption, (*tcpip.SocketOptions).GetCorkOption),
	"TCP_NODELAY": flag(
		func(s *tcpip.SocketOptions, on bool) { s.SetDelayOption(!on) },
		func(s *tcpip.SocketOptions) bool { return !s.GetDelayOption() }),
	"SO_SNDBUF": size((*tcpip.SocketOptions).SendBufferLimits,
		(*tcpip.SocketOptions).SetSendBufferSize, (*tcpip.SocketOptions).GetSendBufferSize),
	"SO_RCVBUF": size((*tcpip.SocketOptions).ReceiveBufferLimits,
		(*tcpip.SocketOptions).SetReceiveBufferSize, (*tcpip.SocketOptions).GetReceiveBufferSize),
	"SO_LINGER": {anyLeast, anyMost, setLinger, getLinger},
}

func setOption(endpoint tcpip.Endpoint, name string, value int64) *answer {
	o, ok := options[name]
	if !ok {
		return unsupported("option " + name)
	}
	return stamped("setsockopt "+name, func() tcpip.Error {
		if value < o.least || value > o.most {
			return &tcpip.ErrInvalidOptionValue{}
		}
		return o.set(endpoint, value)
	})
}

func getOption(endpoint tcpip.Endpoint, name, field string) *answer {
	if name == "TCP_INFO" {
		return getInfo(endpoint, field)
	}
	o, ok := options[name]
	if !ok {
		return unsupported("option " + name)
	}
	if field != "" {
		return refused("EINVAL", "only TCP_INFO has fields")
	}
	var value int64
	a := stamped("getsockopt "+name, func() (err tcpip.Error) {
		value, err = o.get(endpoint)
		return err
	})
	if a.ok() {
		a.result = map[string]any{"value": value}
	}
	return a
}

// The like of Linux's struct tcp_info that netstack has.
func getInfo(endpoint tcpip.Endpoint, field string) *answer {
	if field == "" {
		return refused("EINVAL", "TCP_INFO needs a field")
	}
	var info tcpip.TCPInfoOption
	a := stamped("getsockopt TCP_INFO", func() tcpip.Error { return endpoint.GetSockOpt(&info) })
	if !a.ok() {
		return a
	}
	congestion := map[tcpip.CongestionControlState]int64{ // TCP_CA_*, linux/tcp.h
		tcpip.Disorder: 1, tcpip.FastRecovery: 3, tcpip.SACKRecovery: 3, tcpip.RTORecovery: 4}
	reordered := int64(0)
	if info.ReorderSeen {
		reordered = 1
	}
	value, ok := map[string]int64{
		"tcpi_state":        int64(info.State), // numbered as Linux's
		"tcpi_ca_state":     congestion[info.CcState],
		"tcpi_rto":          info.RTO.Microseconds(),
		"tcpi_rtt":          info.RTT.Microseconds(),
		"tcpi_rttvar":       info.RTTVar.Microseconds(),
		"tcpi_snd_cwnd":     int64(info.SndCwnd),
		"tcpi_snd_ssthresh": int64(info.SndSsthresh),
		"tcpi_reord_seen":   reordered,
	}[field]
	if !ok {
		return unsupported("TCP_INFO has no " + field)
	}
	a.result = map[string]any{"value": value}
	return a
}

func setLinger(endpoint tcpip.Endpoint, seconds int64) tcpip.Error {
	linger := tcpip.LingerOption{}
	if seconds >= 0 {
		linger = tcpip.LingerOption{Enabled: true, Timeout: time.Duration(seconds) * time.Second}
	}
	endpoint.SocketOptions().SetLinger(linger)
	return nil
}

func getLinger(endpoint tcpip.Endpoint) (int64, tcpip.Error) {
	linger := endpoint.SocketOptions().GetLinger()
	if !linger.Enabled {
		return -1, nil
	}
	return int64(linger.Timeout / time.Second), nil
}

func number(which tcpip.SockOptInt, least, most int64) option {
	return option{least, most,
		func(e tcpip.Endpoint, value int64) tcpip.Error { return e.SetSockOptInt(which, int(value)) },
		func(e tcpip.Endpoint) (int64, tcpip.Error) {
			value, err := e.GetSockOptInt(which)
			return int64(value), err
		}}
}

func flag(set func(*tcpip.SocketOptions, bool), get func(*tcpip.SocketOptions) bool) option {
	return option{anyLeast, anyMost,
		func(e tcpip.Endpoint, value int64) tcpip.Error {
			set(e.SocketOptions(), value != 0)
			return nil
		},
		func(e tcpip.Endpoint) (int64, tcpip.Error) {
			if get(e.SocketOptions()) {
				return 1, nil
			}
			return 0, nil
		}}
}

func size(limits func(*tcpip.SocketOptions) (int64, int64),
	set func(*tcpip.SocketOptions, int64, bool), get func(*tcpip.SocketOptions) int64) option {
	return option{0, anyMost,
		func(e tcpip.Endpoint, value int64) tcpip.Error {
			least, most := limits(e.SocketOptions())
			if value > most {
				value = most
			}
			if value *= 2; value < least {
				value = least
			}
			set(e.SocketOptions(), value, true)
			return nil
		},
		func(e tcpip.Endpoint) (int64, tcpip.Error) { return get(e.SocketOptions()), nil }}
}

// netstack has a type for each of these, all of them durations.
func duration[T ~int64, P interface {
	*T
	tcpip.SettableSocketOption
	tcpip.GettableSocketOption
}](unit time.Duration, least, most int64) option {
	return option{least, most,
		func(e tcpip.Endpoint, value int64) tcpip.Error {
			t := T(value * int64(unit))
			return e.SetSockOpt(P(&t))
		},
		func(e tcpip.Endpoint) (int64, tcpip.Error) {
			var t T
			if err := e.GetSockOpt(P(&t)); err != nil {
				return 0, err
			}
			if t < 0 {
				return -1, nil
			}
			return int64(t) / int64(unit), nil
		}}
}
