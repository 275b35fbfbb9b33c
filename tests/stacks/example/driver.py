"""A driver of the kernel's sockets. A call is a generator: it yields what it has to wait for, a
socket and whether that is to be written, goes on when it is ready, and returns its result."""
import errno, json, os, select, socket, time

def number(low, high): return lambda value: type(value) is int and low <= value <= high
def text(value): return type(value) is str
def name(value): return text(value) and 1 <= len(value.encode()) <= 64
def options(value): return type(value) is dict and all(map(integer, value.values()))
port, count, seed = number(0, 65535), number(0, 2**53), number(0, 2**64 - 1)
family, integer = ("ipv4", "ipv6").__contains__, number(-2**31, 2**31 - 1)
HOW, KINDS = ("read", "write", "both"), {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
ONE = {"socket!": name}  # with a "!": must be there
MADE = ONE | {"family": family, "address": text, "port": port, "options": options}
STREAM = ONE | {"bytes": count, "seed!": seed, "offset": count}
PARAMETERS = {
    "socket": MADE, "bind": MADE, "listen": MADE | {"backlog": port}, "connect": MADE | {
        "address!": text, "port!": port, "local_address": text, "local_port": port},
    "accept": ONE | {"from!": name}, "send": STREAM | {"bytes!": count}, "recv": STREAM,
    "shutdown": ONE | {"how!": HOW.__contains__}, "close": ONE, "abort": ONE, "exit": {},
    "setsockopt": ONE | {"option!": text, "value!": integer},
    "getsockopt": ONE | {"option!": text, "field": text}}
sockets = {}  # by the harness's names; None: an accept has reserved it
waiting = {}  # calls by their id

class Refused(Exception): pass  # the reply's member, what it says, perhaps a message

def check(r, call):
    if not text(call): raise Refused("error", "EINVAL", "call is missing")
    if call not in PARAMETERS: raise Refused("unsupported", f"call {call}")
    for key, is_good in PARAMETERS[call].items():
        if not (is_good(r[key.rstrip("!")]) if key.rstrip("!") in r else key[-1] != "!"):
            raise Refused("error", "EINVAL", f"{key.rstrip('!')} is missing or wrong")

def place(s, address, port=0):
    try: address and socket.inet_pton(s.family, address)
    except OSError: raise Refused("error", "EINVAL", f"{address} is no address of the family")
    return address, port

def option(s, name, *value):
    if not hasattr(socket, name) or name in ("SO_LINGER", "TCP_INFO"):  # these are no integers
        raise Refused("unsupported", f"option {name}")
    level = socket.SOL_SOCKET if name.startswith("SO_") else socket.IPPROTO_TCP
    return (s.setsockopt if value else s.getsockopt)(level, getattr(socket, name), *value)

def made(r, call):
    """The socket that is named, made where there is none, with its options, bound, listening."""
    if is_new := r["socket"] not in sockets:
        kind = r.get("family") or r.get("address") and ("ipv6" if ":" in r["address"] else "ipv4")
        if not kind: raise Refused("error", "EINVAL", "family is missing")
        s = sockets[r["socket"]] = socket.socket(KINDS[kind])
        s.setblocking(False)
        option(s, "SO_REUSEADDR", 1)
        if kind == "ipv6": s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s, local = sockets[r["socket"]], "local_" if call == "connect" else ""
    try:
        for key, value in r.get("options", {}).items(): option(s, key, value)
        if call == "connect": place(s, r["address"])
        where = place(s, r.get(local + "address", ""), r.get(local + "port", 0))
        if call == "bind" or call != "socket" and where != ("", 0): s.bind(where)
        if call == "listen": s.listen(r.get("backlog", 16))
        return s
    except (OSError, Refused):
        if is_new: sockets.pop(r["socket"]).close()
        raise

def content(seed, offset, length):
    words = bytearray()
    for i in range(offset // 8, (offset + length + 7) // 8):
        x = seed + i + 0x9e3779b97f4a7c15 & 2**64 - 1
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & 2**64 - 1
        x = (x ^ x >> 27) * 0x94d049bb133111eb & 2**64 - 1
        words += (x ^ x >> 31).to_bytes(8, "little")
    return words[offset % 8:offset % 8 + length]

def transfer(s, sends, r, result):
    result |= {"bytes": 0} if sends else {"bytes": 0, "eof": False}
    while (left := r.get("bytes", 2**53) - result["bytes"]) > 0:
        at, length = r.get("offset", 0) + result["bytes"], min(left, 65536)
        try: moved = (s.send(content(r["seed"], at, length), socket.MSG_MORE * (length < left))
                      if sends else len(got := s.recv(length)))
        except BlockingIOError: moved = yield s, sends
        if moved == 0: return result.update(eof=True)
        if moved and not sends and got != (wanted := content(r["seed"], at, moved)):
            result.setdefault("mismatch", at + [a == b for a, b in zip(got, wanted)].index(False))
        result["bytes"] += moved or 0
        if moved and length < left: yield s, sends  # others have their turn

def accept(listener, new, result):
    try:
        sockets[new] = None
        yield listener, False
        sockets[new], peer = listener.accept()
        sockets[new].setblocking(False)
        result |= {"peer_address": peer[0], "peer_port": peer[1]}
    finally:
        if sockets[new] is None: del sockets[new]

def make(r, key, result):
    check(r, call := key[0])
    if [other["key"] for other in waiting.values()].count(key) > 1:
        raise Refused("error", "EALREADY" if call == "connect" else "EBUSY", "it is under way")
    if call in ("socket", "accept") and r["socket"] in sockets and key[1] in sockets:
        raise Refused("error", "EEXIST", f"there is a socket {r['socket']}")
    if call in ("socket", "bind", "listen", "connect"): s = made(r, call)
    elif call != "exit" and not (s := sockets.get(key[1])):
        raise Refused("error", "EBADF", f"no socket {key[1]}")
    if call == "connect" and (error := s.connect_ex((r["address"], r["port"]))):
        if error == errno.EINPROGRESS: yield s, True
        error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or error
        if error != errno.EINPROGRESS: raise OSError(error, "connect")
    if call in ("bind", "listen", "connect"):
        result |= dict(zip(("local_address", "local_port"), s.getsockname()))
    if call == "accept": yield from accept(s, r["socket"], result)
    if call in ("send", "recv"): yield from transfer(s, call == "send", r, result)
    if call == "shutdown": s.shutdown(HOW.index(r["how"]))
    if call == "setsockopt": option(s, r["option"], r["value"])
    if call == "getsockopt": result["value"] = option(s, r["option"])
    if call == "getsockopt" and "field" in r: raise Refused("error", "EINVAL", "it has no fields")
    if call == "abort": s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1" + bytes(7))
    if call in ("close", "abort"):
        for id, other in list(waiting.items()):
            if other["key"][1] == key[1] and other["key"] != key:
                go_on(id, lambda work: work.throw(Refused("error", "ECANCELED", "closed")))
        sockets.pop(key[1]).close()

def say(what): os.write(1, json.dumps(what).encode() + b"\n")

def go_on(id, step=next):
    call = waiting[id]
    try:
        return call.update(wants=step(call["work"]))
    except StopIteration: reply = {}
    except Refused as why: reply = dict(zip((why.args[0], "message"), why.args[1:]))
    except OSError as why: reply = {"error": errno.errorcode[why.errno], "message": str(why)}
    if not reply or call["result"]: reply["result"] = call["result"]
    del waiting[id]
    say(reply | {"id": id, "began": call["began"], "ended": time.monotonic_ns()})

def serve(line):
    try: r = json.loads(line)
    except (ValueError, RecursionError): r = None
    if len(line) > 65536 or type(r) is not dict or not count(r.get("id")):
        return say({"event": "error", "message": f"no request: {line[:80]}"})
    id, key, result = r["id"], (r.get("call"), r.get("from", r.get("socket"))), {}
    waiting[id] = {"key": key, "result": result, "work": make(r, key, result),
                   "began": time.monotonic_ns()}
    go_on(id)
    if id in waiting: say({"event": "started", "id": id})
    if key[0] == "exit": os._exit(0)

say({"event": "hello", "protocol": 1, "stack": "example", "version": os.uname().release,
     "clock": "CLOCK_MONOTONIC"})
unread = b""
while True:
    wants = [[s for s, writes in (call["wants"] for call in waiting.values()) if writes == how]
             for how in (False, True)]
    ready = select.select([0] + wants[0], wants[1], [])
    for id, call in list(waiting.items()):
        if id in waiting and call["wants"][0] in ready[call["wants"][1]]: go_on(id)
    if 0 in ready[0]:
        if not (got := os.read(0, 65536)): os._exit(0)
        *lines, unread = (unread + got).split(b"\n")
        for line in filter(None, lines): serve(line)
        unread = unread[:65537]
