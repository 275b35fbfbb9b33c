"""A driver that misbehaves where tcp_syn_retries is 9, and is the real one everywhere else:
misbehave.py HOW REAL-DRIVER"""
import json, os, socket, sys, time

def say(text): os.write(1, text.encode())

def garbage(): say("\x00\xff no protocol\n")
def half_a_line(): say('{"id":1,"resu')
def endless_line():
    part = b"x" * (1 << 20)
    for _ in range(1024): os.write(1, part)
def wrong_order(): say('{"id":77,"result":{}}\n')
def dies(): os.kill(os.getpid(), 11)
def floods():
    while True: say('{"event":"weather","is":"fine"}\n' * 1000)
def silent(): pass
def two_answers(): say('{"id":1,"error":"EIO"}\n' * 2)
def hangs_up(): os.close(1)
def floods_wire():
    there = (call["address"], call["port"])
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        try: out.sendto(b"x" * 1000, there)
        except OSError: pass

how, driver = sys.argv[1:]
if open("/proc/sys/net/ipv4/tcp_syn_retries").read().strip() != "9":
    os.execv(driver, [driver])
say('{"event":"hello","protocol":1,"stack":"bad","version":"1","clock":"CLOCK_MONOTONIC"}\n')
call = json.loads(sys.stdin.readline())
globals()[how.replace("-", "_")]()
while True: time.sleep(1000)
