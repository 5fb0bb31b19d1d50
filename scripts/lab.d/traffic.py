#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Traffic that is checked: what quickstart and the tests send through a lab.

  traffic.py serve PORT                 answer the three below, until the end
  traffic.py echo HOST PORT OCTETS_S    a two-way stream at that rate
  traffic.py get|put HOST PORT OCTETS SEED   one transfer
  traffic.py ping HOST SECONDS          an echo request every so often

Sockets are not bound to an address, as an application's.  A line of JSON says
{"ready": ...}.  A line "flow" on the input asks for {"flow": time} as soon as
something sent after it has come back.  The end of the input ends echo and
ping, which then wait for what is under way.  The last line is the result:
counts, and for TCP whether every octet was the one sent.
"""
import errno
import hashlib
import json
import os
import random
import select
import socket
import struct
import sys
import time

BLOCK = random.Random(6275).randbytes(1000003)  # a prime: no period helps
CHUNK = 1 << 18
DRAIN_S = 15.0


def say(**what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def pattern(offset, count):
    """`count` octets of the endless stream from `offset` on."""
    out = b""
    while len(out) < count:
        at = (offset + len(out)) % len(BLOCK)
        out += BLOCK[at:at + count - len(out)]
    return out


def chunks(octets, seed):
    r = random.Random(seed)
    while octets > 0:
        n = min(octets, CHUNK)
        yield r.randbytes(n)
        octets -= n


class Orders:
    """Lines on the standard input, read without blocking."""

    def __init__(self):
        self.rest = b""
        self.ended = False
        os.set_blocking(0, False)

    def read(self):
        try:
            data = os.read(0, 4096)
        except BlockingIOError:
            return []
        self.ended = not data
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.decode() for line in lines]


# --- the server: one process a connection ------------------------------------

def serve_one(conn):
    head = b""
    while not head.endswith(b"\n"):
        c = conn.recv(1)
        if not c or len(head) > 100:
            return
        head += c
    words = head.decode().split()
    if words[0] == "echo":
        while True:
            data = conn.recv(CHUNK)
            if not data:
                break
            conn.sendall(data)
    elif words[0] == "get":
        for part in chunks(int(words[1]), int(words[2])):
            conn.sendall(part)
    elif words[0] == "put":
        want, digest = int(words[1]), hashlib.sha256()
        while want > 0:
            data = conn.recv(min(CHUNK, want))
            if not data:
                break
            digest.update(data)
            want -= len(data)
        conn.sendall((digest.hexdigest() + "\n").encode())
    conn.shutdown(socket.SHUT_WR)
    conn.recv(1)


def serve(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", int(port)))
    s.listen(16)
    say(ready="listening")
    while True:
        conn, _ = s.accept()
        if os.fork() == 0:
            s.close()
            try:
                serve_one(conn)
            except OSError:
                os._exit(1)
            os._exit(0)
        conn.close()
        while True:  # those that ended
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break


# --- the clients -------------------------------------------------------------

def connect(host, port):
    # Numeric; by getaddrinfo for the scope of fe80::1%eth0.
    to = socket.getaddrinfo(host, int(port), socket.AF_INET6,
                            socket.SOCK_STREAM)[0][4]
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.settimeout(10)
    s.connect(to)
    return s


def get(host, port, octets, seed):
    octets, want = int(octets), hashlib.sha256()
    for part in chunks(octets, int(seed)):
        want.update(part)
    s, digest, got = connect(host, port), hashlib.sha256(), 0
    say(ready=s.getsockname()[0])
    began = time.time()
    s.sendall(b"get %d %d\n" % (octets, int(seed)))
    while True:
        data = s.recv(CHUNK)
        if not data:
            break
        digest.update(data)
        got += len(data)
    say(octets=got, same=digest.digest() == want.digest() and got == octets,
        seconds=time.time() - began, error=None)


def put(host, port, octets, seed):
    octets, digest = int(octets), hashlib.sha256()
    s = connect(host, port)
    say(ready=s.getsockname()[0])
    began = time.time()
    s.sendall(b"put %d\n" % octets)
    for part in chunks(octets, int(seed)):
        digest.update(part)
        s.sendall(part)
    answer = b""
    while not answer.endswith(b"\n"):
        data = s.recv(100)
        if not data:
            break
        answer += data
    say(octets=octets, seconds=time.time() - began, error=None,
        same=answer.decode().strip() == digest.hexdigest())


def echo(host, port, rate):
    """Sends the pattern at `rate` octets a second and checks what comes."""
    rate = float(rate)
    s = connect(host, port)
    say(ready=s.getsockname()[0], peer=s.getpeername()[0])
    s.sendall(b"echo\n")
    s.setblocking(False)
    orders, sent, got, marks, stalls = Orders(), 0, 0, [], 0.0
    began = last = time.monotonic()
    error, wrong, closing, end = None, False, False, None
    while error is None:
        now = time.monotonic()
        due = int((now - began) * rate) + 1
        wait = 1.0
        writers = []
        if not closing:
            if sent < due:
                writers = [s]
            else:
                wait = max(0.001, min(0.02, 1000 / rate))
        elif now > end:
            error = "not all came back within %g s" % DRAIN_S
            break
        readers = [s] + ([] if orders.ended else [0])
        r, w, _ = select.select(readers, writers, [], wait)
        try:
            if w:
                n = min(due - sent, 65536)
                sent += s.send(pattern(sent, n))
            if s in r:
                data = s.recv(CHUNK)
                now = time.monotonic()
                if not data:
                    break
                stalls, last = max(stalls, now - last), now
                wrong = wrong or data != pattern(got, len(data))
                got += len(data)
        except BlockingIOError:
            pass
        except OSError as e:
            error = errno.errorcode.get(e.errno, str(e))
        while marks and got > marks[0]:
            marks.pop(0)
            say(flow=time.time())
        if 0 in r:
            marks += [sent for line in orders.read() if line == "flow"]
            if orders.ended and not closing:
                closing, end = True, time.monotonic() + DRAIN_S
                try:
                    s.shutdown(socket.SHUT_WR)
                except OSError as e:
                    error = errno.errorcode.get(e.errno, str(e))
    say(sent=sent, received=got, same=not wrong and got == sent, error=error,
        longest_silence_s=stalls, seconds=time.monotonic() - began)


def ping(host, interval):
    interval = float(interval)
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    s.setsockopt(socket.IPPROTO_ICMPV6, 1,  # ICMP6_FILTER: echo replies alone
                 struct.pack("=8I", *[0xffffffff] * 4, 0xfffffffd,
                             *[0xffffffff] * 3))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    s.connect((host, 0))
    s.setblocking(False)
    say(ready=s.getsockname()[0])
    orders, ident = Orders(), os.getpid() & 0xffff
    sent, came, marks, errors, dup = [], {}, [], {}, 0
    due, end = time.monotonic(), None
    while end is None or (len(came) < len(sent) and time.monotonic() < end):
        now = time.monotonic()
        if end is None and now >= due:
            seq = len(sent)
            sent.append(time.time())
            try:
                s.send(struct.pack("!BBHHHI", 128, 0, 0, ident, seq & 0xffff,
                                   seq) + b"mip6 lab" * 6)
            except OSError as e:
                name = errno.errorcode.get(e.errno, str(e))
                errors[name] = errors.get(name, 0) + 1
            due += interval * (1 + int((now - due) / interval))
        wait = (due if end is None else end) - time.monotonic()
        r, _, _ = select.select([s] + ([] if orders.ended else [0]), [], [],
                                max(0, wait))
        if s in r:
            try:
                data = s.recv(2048)
            except OSError:
                data = b""
            if len(data) >= 12 and \
                    struct.unpack_from("!H", data, 4)[0] == ident:
                seq = struct.unpack_from("!I", data, 8)[0]
                dup += seq in came
                came.setdefault(seq, time.time())
                if marks and seq >= marks[0]:
                    marks.pop(0)
                    say(flow=time.time())
        if 0 in r:
            marks += [len(sent) for line in orders.read() if line == "flow"]
            if orders.ended:
                end = time.monotonic() + 2
    say(sent=len(sent), received=len(came), duplicates=dup, errors=errors,
        times=[[round(t, 6), round(came[i], 6) if i in came else None]
               for i, t in enumerate(sent)])


def main():
    verbs = {"serve": serve, "echo": echo, "get": get, "put": put,
             "ping": ping}
    try:
        verbs[sys.argv[1]](*sys.argv[2:])
    except (IndexError, KeyError, TypeError):
        sys.exit(__doc__)
    except OSError as e:
        say(error=errno.errorcode.get(e.errno, str(e)), same=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
