#!/usr/bin/env python3
"""A slave in Python, with the standard library alone, written from docs/reference/wire-protocol.md.

usage: minimal-slave.py HOST PORT TOKEN CLUSTER NODE SKILL

It joins the cluster, offers one skill with the methods reverse(text) and fail(), answers probes, and leaves on SIGTERM.
One connection and one thread: enough for a node that answers at once. Section numbers are those of the document.
"""
import hashlib
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import time

HOST, PORT, TOKEN, CLUSTER, NODE, SKILL = sys.argv[1], int(sys.argv[2]), *sys.argv[3:7]
PREFIX = "lm.v1." + CLUSTER


# MessagePack: what the protocol uses of it (section 3).

def pack(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if 0 <= value < 0x80:
            return struct.pack("B", value)
        if -32 <= value < 0:
            return struct.pack("b", value)
        forms = ((b"\xcc", ">B", 1 << 8), (b"\xcd", ">H", 1 << 16), (b"\xce", ">I", 1 << 32), (b"\xcf", ">Q", 1 << 64))
        if value >= 0:
            return next(mark + struct.pack(form, value) for mark, form, limit in forms if value < limit)
        return b"\xd3" + struct.pack(">q", value)
    if isinstance(value, str):
        data = value.encode()
        return header(len(data), 0xA0, 32, b"\xd9", b"\xda", b"\xdb") + data
    if isinstance(value, (bytes, bytearray)):
        return header(len(value), None, 0, b"\xc4", b"\xc5", b"\xc6") + bytes(value)
    if isinstance(value, (list, tuple)):
        return header(len(value), 0x90, 16, None, b"\xdc", b"\xdd") + b"".join(map(pack, value))
    if isinstance(value, dict):
        return header(len(value), 0x80, 16, None, b"\xde", b"\xdf") + b"".join(pack(k) + pack(v) for k, v in value.items())
    raise TypeError(type(value))


def header(length, fix, limit, one, two, four):
    if fix is not None and length < limit:
        return bytes([fix | length])
    if one is not None and length < 1 << 8:
        return one + struct.pack(">B", length)
    return two + struct.pack(">H", length) if length < 1 << 16 else four + struct.pack(">I", length)


class Malformed(Exception):
    pass


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Malformed("a length beyond the message")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def value(self, depth=0):
        if depth > 16:
            raise Malformed("too deep")
        mark = self.number(">B")
        if mark < 0x80:
            return mark
        if mark >= 0xE0:
            return mark - 0x100
        if mark < 0x90:
            return self.map(mark & 0xF, depth)
        if mark < 0xA0:
            return self.array(mark & 0xF, depth)
        if mark < 0xC0:
            return self.text(mark & 0x1F)
        simple = {0xC0: None, 0xC2: False, 0xC3: True}
        if mark in simple:
            return simple[mark]
        numbers = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
        if mark in numbers:
            return self.number(numbers[mark])
        sizes = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}
        if mark not in sizes:
            raise Malformed("an extension type")
        size = self.number(sizes[mark])
        if mark < 0xC7:
            return bytes(self.take(size))
        return self.text(size) if mark < 0xDC else self.array(size, depth) if mark < 0xDE else self.map(size, depth)

    def text(self, size):
        return self.take(size).decode("utf-8")

    def array(self, size, depth):
        if size > len(self.data) - self.at:
            raise Malformed("a length beyond the message")
        return [self.value(depth + 1) for _ in range(size)]

    def map(self, size, depth):
        if size > 64:
            raise Malformed("too many fields")
        result = {}
        for _ in range(size):
            key = self.value(depth + 1)
            if not isinstance(key, str) or key in result:
                raise Malformed("a key that is no text, or twice")
            result[key] = self.value(depth + 1)
        return result


def unpack(data):
    reader = Reader(data)
    result = reader.value()
    if reader.at != len(data) or not isinstance(result, dict):
        raise Malformed("not exactly one map")
    return result


# The bus: the text protocol of NATS.

class Bus:
    def __init__(self):
        self.socket = socket.create_connection((HOST, PORT))
        self.buffer = b""
        self.subscriptions = 0
        self.line()
        self.send("CONNECT " + json.dumps({"verbose": False, "pedantic": False, "auth_token": TOKEN, "name": NODE, "lang": "python",
                                           "version": "1", "protocol": 1, "headers": True, "no_responders": True, "echo": False}))

    def send(self, line, payload=None):
        self.socket.sendall(line.encode() + b"\r\n" + (b"" if payload is None else payload + b"\r\n"))

    def subscribe(self, pattern):
        self.subscriptions += 1
        self.send(f"SUB {pattern} {self.subscriptions}")

    def publish(self, subject, payload, reply=""):
        self.send(f"PUB {subject} {reply + ' ' if reply else ''}{len(payload)}", payload)

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.buffer += data

    def line(self):
        while b"\r\n" not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode()

    def bytes(self, count):
        while len(self.buffer) < count + 2:
            self.more()
        data, self.buffer = self.buffer[:count], self.buffer[count + 2:]
        return data

    def next(self, wait):
        """A message as (subject, reply subject, payload); the payload is None when nobody listens. None when nothing came in time."""
        if b"\r\n" not in self.buffer and not select.select([self.socket], [], [], max(0, wait))[0]:
            return None
        line = self.line()
        word, *rest = line.split(" ")
        if word == "PING":
            self.send("PONG")
        elif word == "-ERR":
            raise ConnectionError(line)
        elif word == "MSG":
            return rest[0], rest[2] if len(rest) == 4 else "", self.bytes(int(rest[-1]))
        elif word == "HMSG":
            data = self.bytes(int(rest[-1]))
            headers, payload = data[:int(rest[-2])], data[int(rest[-2]):]
            return rest[0], rest[2] if len(rest) == 5 else "", None if b" 503" in headers.split(b"\r\n")[0] else payload
        return None


# The node.

def new_id():
    stamp = int(time.time() * 1000)
    data = bytearray(stamp.to_bytes(6, "big") + os.urandom(10))
    data[6] = data[6] & 0x0F | 0x70
    data[8] = data[8] & 0x3F | 0x80
    return bytes(data)


def clock():
    return int(time.monotonic() * 1000)


SKILL_MAP = {
    "id": SKILL, "pkg": "com.example.python", "name": "Python", "ver": "1.0.0", "desc": "Reverses texts.", "text": "Reverses texts.",
    "digest": hashlib.sha256(b"no module").hexdigest(), "sdk": 0, "mcp": {"kind": "method", "hidden": []},
    "methods": [
        {"name": "reverse", "desc": "Reverses a text.", "hidden": False, "callback": False,
         "params": [{"name": "text", "type": "string", "desc": "The text.", "req": True, "enum": []}]},
        {"name": "fail", "desc": "Fails.", "hidden": False, "callback": False, "params": []},
    ],
}
SKILLS_DIGEST = hashlib.sha256(pack(SKILL_MAP)).digest()[:16]


class Slave:
    def __init__(self, bus):
        self.bus = bus
        self.instance = os.urandom(16)
        self.incarnation = int(time.time() * 1_000_000)
        self.sequence = 0
        self.epoch = 0
        self.master = None          # the process that the node is bound to
        self.registered = False
        self.waiting = {}           # id of a request: (type, when it was sent)
        self.revision = 0
        self.spent = {}             # master's process: numbers that never begin again
        self.interval, self.ttl = 5.0, 15.0
        self.confirmed_at = 0.0
        self.hello_at = self.beat_at = time.monotonic()
        self.stopping = False
        self.left = False
        for pattern in (f"n.{NODE}.a.*", f"n.{NODE}.sync", f"i.{NODE}.{self.instance.hex()}.ping", "b.*", f"n.{NODE}.call", f"n.{NODE}.cancel"):
            bus.subscribe(f"{PREFIX}.{pattern}")

    def post(self, subject, kind, body, identity, reply=""):
        self.sequence += 1
        self.bus.publish(f"{PREFIX}.{subject}", pack({
            "v": 1, "t": kind, "cid": CLUSTER, "src": NODE, "inc": self.incarnation, "inst": self.instance, "ep": self.epoch,
            "seq": self.sequence, "id": identity, "ttl_ms": 15000, "b": body}), reply)

    def request(self, kind, body):
        identity = new_id()
        self.waiting[identity] = (kind, time.monotonic())
        self.post(f"m.{NODE}.{kind}", kind, body, identity, f"{PREFIX}.n.{NODE}.a.{identity.hex()}")

    def say_hello(self):
        self.master, self.registered = None, False
        self.hello_at = time.monotonic() + 3
        self.request("hello", {"v_min": 1, "v_max": 1, "role": "slave", "t0": clock()})

    def register(self):
        self.request("reg", {"reg_rev": 1, "digest": SKILLS_DIGEST, "page": 0, "pages": 1, "t0": clock(), "skills": [SKILL_MAP]})

    def beat(self):
        self.beat_at = time.monotonic() + self.interval * random.uniform(0.9, 1.1)
        self.request("hb", {"state": "draining" if self.stopping else "serving", "reg_rev": 1, "digest": SKILLS_DIGEST,
                            "rev": self.revision, "running": 0, "free": 1, "t0": clock()})

    def leave(self, drain):
        self.request("dereg", {"drain": drain})

    def answer(self, message, code):
        self.post(f"m.{NODE}.a.{message['id'].hex()}", message["t"], {"code": code}, message["id"])

    def frame(self, message, kind, **fields):
        self.post(f"m.{NODE}.r.{message['id'].hex()}", "frame", {"k": kind, "n": message["b"]["n"], **fields}, message["id"])

    def tick(self):
        now = time.monotonic()
        if self.master and now - self.confirmed_at > self.ttl:
            self.master, self.registered = None, False
            self.hello_at = now + random.uniform(0.5, 5)
        if not self.master and now >= self.hello_at:
            self.say_hello()
        if self.registered and now >= self.beat_at:
            self.beat()

    def receive(self, subject, payload):
        area, *tokens = subject[len(PREFIX) + 1:].split(".")
        if payload is None:
            # Nobody listens: as good as no answer (section 5).
            kind, _ = self.waiting.pop(bytes.fromhex(tokens[-1]), (None, 0))
            if kind == "hello":
                self.hello_at = time.monotonic() + random.uniform(0.5, 5)
            return
        try:
            message = unpack(payload)
            if any(field not in message for field in ("v", "t", "cid", "src", "inc", "inst", "ep", "seq", "id", "ttl_ms", "b")):
                return
        except (Malformed, UnicodeDecodeError):
            return
        if message["cid"] != CLUSTER or message["v"] != 1 or message["inst"] == self.instance:
            return
        is_answer = area == "n" and tokens[1] == "a"
        if message["id"].hex() != tokens[-1] if is_answer else message["t"] != tokens[-1]:
            return
        if area == "b":
            self.on_broadcast(message)
        elif message.get("to_inst") != self.instance:
            if message["t"] == "call":
                self.frame(message, "reject", code="WRONG_INSTANCE", msg="another process has this node id")
        elif is_answer:
            self.on_answer(message)
        elif message["t"] == "ping":
            self.answer(message, "OK")
        elif message["t"] == "sync" and message["inst"] == self.master:
            self.answer(message, "OK")
            self.register()
        elif message["t"] == "call":
            self.on_call(message)
        elif message["t"] == "cancel" and message["inst"] == self.master:
            self.spent.setdefault(message["inst"], set()).add(message["b"]["n"])

    def on_broadcast(self, message):
        if message["t"] != "master":
            return
        if message["inst"] == self.master:
            if message["b"]["kind"] == "leaving":
                self.master, self.registered = None, False
                self.hello_at = time.monotonic() + random.uniform(0, 5)
        elif message["ep"] < self.epoch or (self.master and message["ep"] == self.epoch):
            # That master must learn that its term is over.
            self.sequence += 1
            self.bus.publish(f"{PREFIX}.m.{NODE}.epoch", pack({
                "v": 1, "t": "epoch", "cid": CLUSTER, "src": NODE, "inc": self.incarnation, "inst": self.instance, "ep": self.epoch,
                "seq": self.sequence, "id": new_id(), "ttl_ms": 15000, "to_inst": message["inst"],
                "b": {"code": "STALE_EPOCH", "highest": self.epoch}}))
        elif message["b"]["kind"] in ("online", "alive"):
            self.master, self.registered = None, False
            self.hello_at = min(self.hello_at, time.monotonic() + random.uniform(0, 1))

    def on_answer(self, message):
        kind, sent_at = self.waiting.pop(message["id"], (None, 0))
        code, body = message["b"].get("code"), message["b"]
        if kind == "hello":
            self.on_welcome(message, code, body, sent_at)
        elif kind == "reg":
            if code == "OK" and message["inst"] == self.master:
                if not self.registered:
                    print(f"serves {SKILL} in epoch {self.epoch}", flush=True)
                    self.beat_at = time.monotonic() + self.interval
                self.registered, self.confirmed_at = True, sent_at
            else:
                self.say_hello()
        elif kind == "hb":
            if code == "OK" and message["inst"] == self.master:
                self.confirmed_at = sent_at
                self.revision = body.get("rev", 0)
            elif code != "OK":
                self.say_hello()
        elif kind == "dereg":
            self.left = True

    def on_welcome(self, message, code, body, sent_at):
        if code == "OK" and message["ep"] >= self.epoch:
            self.master, self.epoch, self.confirmed_at = message["inst"], message["ep"], sent_at
            self.interval = min(5.0, body.get("hb_ms", 5000) / 1000)
            self.ttl = min(15.0, body.get("ttl_ms", 15000) / 1000)
            self.register()
        elif code == "STALE" and "inc" in body:
            self.incarnation = body["inc"] + 1
            self.say_hello()
        elif code == "WRONG_INSTANCE":
            sys.exit(78)
        else:
            self.hello_at = time.monotonic() + (5 if code == "NODE_ID_IN_USE" else random.uniform(0.5, 5))

    def on_call(self, message):
        call, spent = message["b"], self.spent.setdefault(message["inst"], set())
        if call["n"] in spent:
            return
        # Spent before anything else happens (section 9.1).
        spent.add(call["n"])
        clk = message.get("clk")
        if message["inst"] != self.master or not self.registered:
            self.frame(message, "reject", code="NOT_SERVING", msg="this node does not serve that master")
        elif self.stopping:
            self.frame(message, "reject", code="DRAINING", msg="the node is stopping")
        elif clk and clock() - clk["t0"] - clk["age_ms"] > message["ttl_ms"]:
            self.frame(message, "reject", code="EXPIRED", msg="the call was too old when it arrived")
        elif call["skill"] != SKILL:
            self.frame(message, "reject", code="NO_SUCH_SKILL", msg="the node does not have the skill")
        elif call["method"] == "reverse":
            arguments = unpack(call["payload"])
            self.frame(message, "result", payload=pack(arguments["text"][::-1]))
        elif call["method"] == "fail":
            self.frame(message, "error", code="SKILL_ERROR", msg="failed, as asked")
        else:
            self.frame(message, "error", code="NO_SUCH_METHOD", msg="no such method")


def main():
    slave = Slave(Bus())

    def stop(*_):
        slave.stopping = True

    signal.signal(signal.SIGTERM, stop)
    while not slave.stopping:
        slave.tick()
        pump(slave, 0.1)

    # Section 12: nothing runs here, so draining and leaving follow at once.
    for drain in (True, False):
        slave.left = not slave.master
        if slave.master:
            slave.leave(drain)
        limit = time.monotonic() + 2
        while not slave.left and time.monotonic() < limit:
            pump(slave, 0.1)


def pump(slave, wait):
    message = slave.bus.next(wait)
    if message:
        slave.receive(message[0], message[2])


if __name__ == "__main__":
    main()
