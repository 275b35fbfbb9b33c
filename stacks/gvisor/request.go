package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"sort"
	"strconv"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// A request's members. What is missing or wrong makes `refusal`, the first one; reading goes on
// with values that do no harm.
type request struct {
	members map[string]any
	refusal *answer
}

func parseRequest(line []byte) (*request, bool) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	r := &request{}
	if err := decoder.Decode(&r.members); err != nil || r.members == nil {
		return nil, false
	}
	_, err := decoder.Token()
	return r, err == io.EOF
}

// False where there is none that could be answered.
func (r *request) id() (uint64, bool) {
	number, _ := r.members["id"].(json.Number)
	id, err := strconv.ParseUint(string(number), 10, 64)
	return id, err == nil && id <= maxInteger
}

func (r *request) refuse(key, wanted string) {
	if r.refusal == nil {
		r.refusal = refused("EINVAL", key+" must be "+wanted)
	}
}

func (r *request) has(key string) bool { return r.members[key] != nil }

func (r *request) require(key string) bool {
	if !r.has(key) && r.refusal == nil {
		r.refusal = refused("EINVAL", key+" is missing")
	}
	return r.has(key)
}

func (r *request) text(key string) string {
	text, ok := r.members[key].(string)
	if !ok && r.has(key) {
		r.refuse(key, "a string")
	}
	return text
}

func (r *request) needText(key string) string {
	r.require(key)
	return r.text(key)
}

func (r *request) needName(key string) string {
	name := r.needText(key)
	if r.has(key) && (len(name) == 0 || len(name) > 64) {
		r.refuse(key, "a name of 1 to 64 bytes")
	}
	return name
}

func (r *request) integer(key string, least, most, otherwise int64) int64 {
	if !r.has(key) {
		return otherwise
	}
	number, _ := r.members[key].(json.Number)
	value, err := strconv.ParseInt(string(number), 10, 64)
	if err == nil && value >= least && value <= most {
		return value
	}
	r.refuse(key, fmt.Sprintf("an integer from %d to %d", least, most))
	return otherwise
}

func (r *request) needInteger(key string, least, most int64) int64 {
	r.require(key)
	return r.integer(key, least, most, least)
}

func (r *request) needSeed() uint64 {
	number, _ := r.members["seed"].(json.Number)
	seed, err := strconv.ParseUint(string(number), 10, 64)
	if r.require("seed") && err != nil {
		r.refuse("seed", "an unsigned integer")
	}
	return seed
}

type optionValue struct {
	name  string
	value int64
}

// By name.
func (r *request) options() []optionValue {
	object, ok := r.members["options"].(map[string]any)
	if !ok && r.has("options") {
		r.refuse("options", "an object")
	}
	within := &request{members: object}
	var values []optionValue
	for name := range object {
		values = append(values, optionValue{name, within.needInteger(name, -1<<31, 1<<31-1)})
	}
	if r.refusal == nil {
		r.refusal = within.refusal
	}
	sort.Slice(values, func(i, j int) bool { return values[i].name < values[j].name })
	return values
}

// Zero where the member is not there; that is "any".
func (r *request) address(key string, f family) tcpip.Address {
	text := r.text(key)
	if text == "" {
		return ""
	}
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" || address.Is4() != (f == ipv4Family) {
		r.refuse(key, "a numeric one of the family")
		return ""
	}
	if address.IsUnspecified() {
		return ""
	}
	return tcpip.Address(address.AsSlice())
}

type family string

const (
	ipv4Family family = "ipv4"
	ipv6Family family = "ipv6"
)

// Of the socket that the call makes.
func (r *request) family() family {
	switch f := family(r.text("family")); f {
	case ipv4Family, ipv6Family:
		return f
	case "":
	default:
		r.refuse("family", "ipv4 or ipv6")
	}
	address, err := netip.ParseAddr(r.text("address"))
	if err != nil {
		r.refuse("family", "given, or a numeric address")
		return ipv4Family
	}
	if address.Is4() {
		return ipv4Family
	}
	return ipv6Family
}
