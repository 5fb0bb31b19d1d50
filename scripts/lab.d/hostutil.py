# SPDX-License-Identifier: BSD-2-Clause
"""Small pieces the lab stands on: namespaces, processes, waiting.

Standard library only.  Nothing here sleeps in place of an event: each wait
names what it waits for and until when, and raises Timeout when that is over.
"""
import contextlib
import ctypes
import os
import re
import select
import signal
import socket
import struct
import subprocess
import time

NETNS_DIR = "/run/netns"
CLONE_NEWNET = 0x40000000
RTMGRP_LINK = 1
RTMGRP_IPV6_IFADDR = 0x100
RTM_NEWLINK = 16
RTM_GETLINK = 18
NLM_F_REQUEST = 1
NLM_F_DUMP = 0x300
IFF_RUNNING = 0x40
IN_MODIFY, IN_CREATE, IN_MOVED_TO = 0x2, 0x100, 0x80
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """Something a person should read; shown without a traceback."""


class Timeout(LabError):
    pass


class Deadline:
    """A point in time that every wait of one operation shares."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self):
        return max(0.0, self.end - time.monotonic())

    def left_or_raise(self, what):
        left = self.left()
        if left <= 0:
            raise Timeout("%s: not within %g s" % (what, self.seconds))
        return left


# --- commands ----------------------------------------------------------------

def _end_with_parent():
    """A lab killed half way leaves no command behind that goes on making it."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(argv, text_in=None, check=True):
    """Runs a command to its end; a failure shows it and its words."""
    done = subprocess.run(argv, input=text_in, text=True,
                          capture_output=True, check=False,
                          preexec_fn=_end_with_parent)
    if check and done.returncode != 0:
        raise LabError("%s: exit %d\n%s" % (
            " ".join(argv), done.returncode,
            (done.stderr + done.stdout).strip()))
    return done


def ip_batch(netns, lines):
    """Runs many ip(8) commands in one process; the first error ends it."""
    argv = ["ip"] + (["-n", netns] if netns else [])
    text = "".join(line + "\n" for line in lines)
    done = run(argv + ["-6", "-batch", "-"], text, check=False)
    if done.returncode != 0:
        raise LabError("ip -n %s: %s\n%s" % (netns, done.stderr.strip(), text))


# --- namespaces --------------------------------------------------------------

def netns_list():
    try:
        return sorted(os.listdir(NETNS_DIR))
    except FileNotFoundError:
        return []


def _setns(fd):
    if _libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(netns):
    """This thread is in the namespace; sockets opened here stay there."""
    back = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(os.path.join(NETNS_DIR, netns),
                        os.O_RDONLY | os.O_CLOEXEC)
        try:
            _setns(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _setns(back)
    finally:
        os.close(back)


def sysctl_write(netns, values):
    """values: {"net/ipv6/...": text}.  /proc/sys/net follows the thread."""
    with inside(netns):
        for name, value in values.items():
            with open("/proc/sys/" + name, "w", encoding="ascii") as f:
                f.write(str(value))


class LinkWatch:
    """Link events of one namespace, from the moment it is made."""

    def __init__(self, netns):
        with inside(netns):
            self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                      socket.NETLINK_ROUTE)
        self.sock.bind((0, RTMGRP_LINK))

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def _messages(self, data):
        while len(data) >= 16:
            size, kind = struct.unpack_from("=IH", data)
            if size < 16 or size > len(data):
                return
            yield kind, data[16:size]
            data = data[(size + 3) & ~3:]

    def wait_running(self, ifindex, running, deadline):
        """Waits until the kernel says the link runs, or runs no more."""
        what = "link %d to go %s" % (ifindex, "up" if running else "down")
        # Ask as well: the event may have come before this watch was made.
        self.sock.send(struct.pack("=IHHIIBxHiII", 32, RTM_GETLINK,
                                   NLM_F_REQUEST, 1, 0, 0, 0, ifindex, 0, 0))
        while True:
            left = deadline.left_or_raise(what)
            if not select.select([self.sock], [], [], left)[0]:
                continue
            for kind, body in self._messages(self.sock.recv(65536)):
                if kind != RTM_NEWLINK or len(body) < 16:
                    continue
                index, flags = struct.unpack_from("=iI", body, 4)
                if index == ifindex and \
                        bool(flags & IFF_RUNNING) == running:
                    return


class AddressWatch:
    """Wakes when an IPv6 address of a namespace comes, goes or changes."""

    def __init__(self, netns):
        with inside(netns):
            self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                      socket.NETLINK_ROUTE)
        self.sock.bind((0, RTMGRP_IPV6_IFADDR))

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def wait(self, seconds):
        if select.select([self.sock], [], [], seconds)[0]:
            self.sock.recv(65536)


# --- processes ---------------------------------------------------------------

def proc_start_time(pid):
    """What tells a process from a later one with the same number."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii",
                  errors="replace") as f:
            fields = f.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def proc_name(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            arg = f.read().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return "?"
    return os.path.basename(arg[0].decode(errors="replace")) or "?"


def netns_pids(netns):
    done = run(["ip", "netns", "pids", netns], check=False)
    return [int(p) for p in done.stdout.split()]


def end_processes(pids, grace, signals=(signal.SIGTERM, signal.SIGKILL)):
    """Ends processes, politely first; returns those that needed the kill."""
    waiting = {}
    for pid in pids:
        try:
            waiting[os.pidfd_open(pid)] = pid
        except ProcessLookupError:
            pass
    stubborn = []
    for number in signals:
        for fd in waiting:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(fd, number)
        deadline = Deadline(grace)
        while waiting and deadline.left() > 0:
            for fd in select.select(list(waiting), [], [], deadline.left())[0]:
                del waiting[fd]
                os.close(fd)
        if number == signals[0]:
            stubborn = list(waiting.values())
        if not waiting:
            break
    for fd in waiting:
        os.close(fd)
    if waiting:
        raise LabError("processes that will not die: %s"
                       % sorted(waiting.values()))
    return stubborn


def wait_exit(pid, deadline, what):
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        while not select.select([fd], [], [],
                                deadline.left_or_raise(what))[0]:
            pass
    finally:
        os.close(fd)


# --- files -------------------------------------------------------------------

class FileWatch:
    """Wakes when something is written to a file or made in a directory."""

    def __init__(self, path):
        self.fd = _libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        mask = IN_MODIFY | IN_CREATE | IN_MOVED_TO
        if _libc.inotify_add_watch(self.fd, os.fsencode(path), mask) < 0:
            os.close(self.fd)
            raise OSError(ctypes.get_errno(), "inotify_add_watch", path)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        os.close(self.fd)

    def wait(self, seconds, *more_fds):
        """True when the file changed (or a further descriptor is ready)."""
        ready = select.select([self.fd, *more_fds], [], [], seconds)[0]
        if self.fd in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self.fd, 65536)
        return bool(ready)


def wait_file_text(path, pattern, deadline, start=0, pid=None):
    """Waits for a line that matches; returns (match, offset behind it).

    With pid: raises at once when that process ends before the line is there.
    """
    rx = re.compile(pattern)
    what = "a line /%s/ in %s" % (pattern, path)
    with contextlib.ExitStack() as stack:
        watch = stack.enter_context(FileWatch(path))
        more = []
        if pid is not None:
            try:
                more = [os.pidfd_open(pid)]
                stack.callback(os.close, more[0])
            except ProcessLookupError:
                more = None
        with open(path, "rb") as f:
            f.seek(start)
            rest = b""
            while True:
                ended = more is None or (
                    more and bool(select.select(more, [], [], 0)[0]))
                chunk = f.read()
                *lines, tail = (rest + chunk).split(b"\n")
                offset = f.tell() - len(rest) - len(chunk)
                for line in lines:
                    offset += len(line) + 1
                    m = rx.search(line.decode(errors="replace"))
                    if m:
                        return m, offset
                rest = tail
                if ended:
                    raise LabError("%s: the process ended first" % what)
                watch.wait(deadline.left_or_raise(what), *more)
