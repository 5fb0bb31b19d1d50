# SPDX-License-Identifier: BSD-2-Clause
"""The lab: a small internet of network namespaces, and a node that moves.

    home 2001:db8:1::/64      a 2001:db8:a::/64     b 2001:db8:b::/64
       ha  hn  [mn]              ra  pa  [mn]          rb  [mn]
       |                         |                     |
       +--------- inet (the internet router) ----------+
                   |
                   rc   c 2001:db8:c::/64 (the correspondents' link)
                   cn

Where the home agent stands is a choice (`ha`): "router", as above; "host",
beside the home link's router rh; "virtual", a server whose uplink the home
prefix is routed to: then there is no home link and no hn, and the mobile node
begins on link a.  `agents=2` puts a second home agent, ha2, on the home link.

Each link is a bridge in a namespace of its own, "wire", where IPv6 is off.
To move, the mobile node's cable is pulled out of one bridge (its carrier goes
down, and the move waits until its kernel says so) and put in another.  It can
be given a second interface, eth1, at any time, with a cable of its own.  Every
node is a namespace mip6-LAB-NODE.  Whatever belongs to a lab is one of these
namespaces, a process inside one of them, or a file in its state directory: so
`down` finds all of it, also when `up` was killed half way.
"""
import contextlib
import fcntl
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import hostutil as hu
from hostutil import Deadline, LabError, Timeout

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))

# Nodes with an interface eth0 on a link: node -> (link, address, MAC's end).
ON_LINK = {
    "ha": ("home", "2001:db8:1::1", 0x01),
    "hn": ("home", "2001:db8:1::50", 0x05),
    "ra": ("a", "2001:db8:a::1", 0x0a),
    "pa": ("a", "2001:db8:a::50", 0x0f),
    "rb": ("b", "2001:db8:b::1", 0x0b),
    "rc": ("c", "2001:db8:c::1", 0x0c),
    "cn": ("c", "2001:db8:c::2", 0x0d),
    "mn": ("home", None, 0x10),
}
# Routers with an uplink eth1 to the internet router: node -> (link, MAC).
UPLINKS = {"ha": ("home", "1"), "ra": ("a", "a"), "rb": ("b", "b"),
           "rc": ("c", "c")}
LINKS = ("home", "a", "b", "c")
PREFIX = {"home": "2001:db8:1::/64", "a": "2001:db8:a::/64",
          "b": "2001:db8:b::/64", "c": "2001:db8:c::/64"}
ROUTERS = ("inet", "ha", "ra", "rb", "rc")
NODES = ("ha", "mn", "cn", "hn", "pa", "inet", "ra", "rb", "rc")
ADVERTISERS = {"ha": "home", "ra": "a", "rb": "b"}
HOME_ADDRESS = "2001:db8:1::100"
HOME_AGENT = "2001:db8:1::1"
ADDRESS = {n: v[1] for n, v in ON_LINK.items() if v[1]}
ADDRESS["mn"] = HOME_ADDRESS

# The choices of `up`: see Topology.
PLACES = ("router", "host", "virtual")
SECOND_AGENT = ("home", "2001:db8:1::2", 0x02)
HOME_ROUTER = ("home", "2001:db8:1::fe", 0x03)
ALL_NODES = NODES + ("ha2", "rh")
AGENTS = ("ha", "ha2")

# The mobile node's interfaces: device -> (its number, MAC's end, the bridge's
# port).  The second one is there when it was plugged in.
MOBILE = {"eth0": (2, 0x10, "mn"), "eth1": (20, 0x11, "mn1")}

OFFLOADS = ("tx", "sg", "tso", "gso", "gro", "rx")
DELAY_TABLE = 100


def state_root():
    root = os.environ.get("MIP6_LAB_DIR")
    if root:
        return root
    if os.access("/run", os.W_OK):
        return "/run/mip6d-lab"
    return os.path.join(os.environ.get("TMPDIR", "/tmp"), "mip6d-lab")


def why_not_here():
    """Why this host cannot have a lab, or None when it can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "it takes root"
    for tool in ("ip", "ethtool", "radvd", "tcpdump"):
        if shutil.which(tool) is None:
            return "%s is not installed" % tool
    name = "mip6-check-%d" % os.getpid()
    probe = "link add v0 netns %s type veth peer name v1 netns %s" % (
        name, name)
    try:
        hu.ip_batch(None, ["netns add " + name, probe])
        with hu.inside(name):
            os.stat("/dev/net/tun")
    except (LabError, OSError) as e:
        return "namespaces do not work: %s" % e
    finally:
        hu.run(["ip", "netns", "del", name], check=False)
    return None


def radvd_conf(node, link):
    """Router Advertisements as RFC 6275 §7.5 allows them: each 30-70 ms.

    radvd delays its answer to a solicitation by up to half a second, as RFC
    4861 §6.2.6 has it; at this rate the next advertisement is there first.
    """
    home, prefix = "", PREFIX[link].replace("::/", "::1/")
    if node == "rh":
        prefix = HOME_ROUTER[1] + "/64"
    if node == "ha":
        home = ("\tAdvHomeAgentFlag on;\n\tAdvHomeAgentInfo on;\n"
                "\tHomeAgentLifetime 1800;\n\tHomeAgentPreference 10;\n")
    return ("interface eth0 {\n\tAdvSendAdvert on;\n"
            "\tMinRtrAdvInterval 0.03;\n\tMaxRtrAdvInterval 0.07;\n"
            "\tMinDelayBetweenRAs 0.03;\n\tAdvIntervalOpt on;\n"
            "\tAdvDefaultLifetime 1800;\n%s"
            "\tprefix %s {\n\t\tAdvOnLink on;\n\t\tAdvAutonomous on;\n"
            "\t\tAdvRouterAddr on;\n\t};\n};\n" % (
                home, prefix))


class Topology:
    """Which nodes there are, and how they are cabled."""

    def __init__(self, ha="router", agents=1):
        if ha not in PLACES or agents not in (1, 2):
            raise LabError("a home agent is a %s; one or two of them"
                           % ", ".join(PLACES))
        if ha == "virtual" and agents == 2:
            raise LabError("a virtual home link has one home agent")
        self.ha, self.agents = ha, agents
        self.on_link, self.links = dict(ON_LINK), LINKS
        self.uplinks = {n: (link, mac, "eth1")
                        for n, (link, mac) in UPLINKS.items()}
        self.routers = set(ROUTERS)
        self.advertisers = dict(ADVERTISERS)
        self.gateway = {link: p.replace("/64", "1")
                        for link, p in PREFIX.items()}
        self.mn_link = "home"
        if agents == 2:
            self.on_link["ha2"] = SECOND_AGENT
        if ha == "host":
            self.on_link["rh"] = HOME_ROUTER
            self.uplinks["rh"] = self.uplinks.pop("ha")
            self.routers = self.routers - {"ha"} | {"rh"}
            self.advertisers["rh"] = self.advertisers.pop("ha")
            self.gateway["home"] = HOME_ROUTER[1]
        elif ha == "virtual":
            self.links = LINKS[1:]
            self.uplinks["ha"] = ("home", "1", "eth0")
            self.routers.discard("ha")
            del self.on_link["ha"], self.on_link["hn"]
            del self.advertisers["ha"]
            self.mn_link = "a"
        self.nodes = tuple(n for n in ALL_NODES if n in self.on_link or
                           n in self.uplinks or n == "inet")

    def devices(self):
        """Every end of a cable: (node, device)."""
        return ([(n, "eth0") for n in self.on_link] +
                [("wire", n) for n in self.on_link] +
                [(n, dev) for n, (_, _, dev) in self.uplinks.items()] +
                [("inet", "up-" + link)
                 for link, _, _ in self.uplinks.values()])


class Lab:
    def __init__(self, name="lab"):
        if not re.fullmatch(r"[A-Za-z0-9_]{1,24}", name):
            raise LabError("a lab's name: up to 24 letters, digits and _")
        self.name = name
        self.dir = os.path.join(state_root(), name)

    # --- names ---------------------------------------------------------------

    def ns(self, node):
        if node not in ALL_NODES and node != "wire":
            raise LabError("no node %s; there are: %s"
                           % (node, " ".join(ALL_NODES)))
        return "mip6-%s-%s" % (self.name, node)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def log_path(self, node):
        return self.path("log", node + ".log")

    def socket_path(self, node):
        return self.path(node + ".sock")

    def _own_namespaces(self):
        mine = {self.ns(n) for n in ALL_NODES + ("wire",)}
        return [n for n in hu.netns_list() if n in mine]

    def options(self):
        """What `up` was told; an error when the lab is not (wholly) up."""
        try:
            with open(self.path("lab.json"), encoding="utf-8") as f:
                return json.load(f)
        except FileNotFoundError:
            raise LabError("lab %s is not up" % self.name) from None

    def topology(self):
        options = self.options()
        return Topology(options["ha"], options["agents"])

    @contextlib.contextmanager
    def locked(self):
        """One up, down or move at a time.  The lock is the directory."""
        deadline = Deadline(30)
        while True:
            os.makedirs(self.dir, mode=0o700, exist_ok=True)
            try:
                fd = os.open(self.dir, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            try:
                self._lock_wait(fd, deadline)
                # It may have been removed while this one waited.
                with contextlib.suppress(FileNotFoundError):
                    if os.stat(self.dir).st_ino == os.fstat(fd).st_ino:
                        yield
                        return
            finally:
                os.close(fd)
                for d in (self.dir, state_root()):
                    with contextlib.suppress(OSError):
                        os.rmdir(d) # only when empty

    def _lock_wait(self, fd, deadline):
        def give_up(_number, _frame):
            raise Timeout("another command holds lab %s" % self.name)
        before = signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, max(deadline.left(), 0.001))
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    # --- up ------------------------------------------------------------------

    def up(self, like_hardware=False, delay_ms=0.0, routers_advertise=True,
           ha="router", agents=1):
        """Makes the lab.  A lab that was left half made is removed first."""
        options = {"name": self.name, "like_hardware": like_hardware,
                   "delay_ms": delay_ms, "advertise": routers_advertise,
                   "ha": ha, "agents": agents}
        topology = Topology(ha, agents)
        with self.locked():
            if os.path.exists(self.path("lab.json")):
                raise LabError("lab %s is up already" % self.name)
            self._remove()
            try:
                self._make(topology, options)
            except BaseException:
                self._remove()
                raise

    def _make(self, t, options):
        for d in ("log", "etc", "pid"):
            os.makedirs(self.path(d), mode=0o700, exist_ok=True)
        hu.ip_batch(None, ["netns add " + self.ns(n)
                           for n in t.nodes + ("wire",)])
        self._sysctls(t)
        hu.ip_batch(None, self._cables(t))
        self._offloads(t, "on" if options["like_hardware"] else "off")
        self._wire_up(t)
        self._addresses(t)
        if options["delay_ms"] > 0:
            self._delay(t, options["delay_ms"])
        if options["advertise"]:
            self._advertise(t)
        self._check(t)
        options = {**options, "since": time.time()}
        with open(self.path("lab.json.new"), "w", encoding="utf-8") as f:
            json.dump(options, f)
        os.rename(self.path("lab.json.new"), self.path("lab.json"))

    def _sysctls(self, t):
        conf = "net/ipv6/conf/%s/%s"
        wire = {conf % (d, "disable_ipv6"): 1 for d in ("all", "default")}
        # A cable looks into no packet: where the kernel's bridges can, they
        # would drop what is malformed, before the node under test sees it.
        for family in ("iptables", "ip6tables", "arptables"):
            name = "net/bridge/bridge-nf-call-" + family
            if os.path.exists("/proc/sys/" + name):
                wire[name] = 0
        hu.sysctl_write(self.ns("wire"), wire)
        # The mobile node stays as a host comes; the others are there at once.
        for node in t.nodes:
            if node == "mn":
                continue
            values = {}
            for d in ("all", "default"):
                values[conf % (d, "accept_dad")] = 0
                values[conf % (d, "accept_ra")] = 0
                values[conf % (d, "accept_redirects")] = 0
                if node in t.routers:
                    values[conf % (d, "forwarding")] = 1
            hu.sysctl_write(self.ns(node), values)

    def _cables(self, t):
        """Both ends are made where they belong, with different numbers.

        Different, because the kernel tells carrier changes at once only for
        a device whose peer has another number (linkwatch's urgent events).
        """
        lines = []
        veth = ("link add %s index %d address 02:00:00:00:%02x:%02x netns %s "
                "type veth peer name %s index %d netns %s")
        for n, (node, (_, _, mac)) in enumerate(t.on_link.items()):
            lines.append(veth % ("eth0", 2, 0, mac, self.ns(node),
                                 node, 100 + n, self.ns("wire")))
        for n, (node, (link, _, dev)) in enumerate(t.uplinks.items()):
            mac = t.on_link[node][2] if node in t.on_link else 0x01
            lines.append(veth % (dev, 3, 1, mac, self.ns(node),
                                 "up-" + link, 10 + n, self.ns("inet")))
        return lines

    def _offloads(self, t, on):
        words = " ".join("%s %s" % (o, on) for o in OFFLOADS)
        scripts = {}
        for node, dev in t.devices():
            scripts[node] = scripts.get(node, "") + (
                "ethtool -K %s %s || exit 1;" % (dev, words))
        for node, script in scripts.items():
            hu.run(["ip", "netns", "exec", self.ns(node), "sh", "-c", script])

    def _wire_up(self, t):
        lines = ["link add name %s type bridge stp_state 0 forward_delay 0 "
                 "mcast_snooping 0" % link for link in t.links]
        lines += ["link set dev %s up" % link for link in t.links]
        for node, (link, _, _) in t.on_link.items():
            link = t.mn_link if node == "mn" else link
            lines += ["link set dev %s master %s" % (node, link),
                      "link set dev %s up" % node]
        hu.ip_batch(self.ns("wire"), lines)

    def _addresses(self, t):
        for node in t.nodes:
            lines = ["link set lo up"]
            link, address, _ = t.on_link.get(node, (None, None, None))
            if link:
                lines.append("link set eth0 up")
            if address:
                lines.append("addr add %s/64 dev eth0 nodad" % address)
            if node in t.uplinks:
                _, mac, dev = t.uplinks[node]
                lines += ["link set %s up" % dev,
                          "addr add 2001:db8:f:%s::2/64 dev %s nodad"
                          % (mac, dev),
                          "route add default via 2001:db8:f:%s::1" % mac]
            elif address:
                lines.append("route add default via " + t.gateway[link])
            if node == "inet":
                for link, mac, _ in t.uplinks.values():
                    lines += [
                        "link set up-%s up" % link,
                        "addr add 2001:db8:f:%s::1/64 dev up-%s nodad"
                        % (mac, link),
                        "route add %s via 2001:db8:f:%s::2"
                        % (PREFIX[link], mac)]
            hu.ip_batch(self.ns(node), lines)
        with hu.LinkWatch(self.ns("mn")) as watch:
            watch.wait_running(2, True, Deadline(3))

    def _spawn(self, node, argv, log, append=False):
        """A process that outlives this one, its words in a log file."""
        with open(log, "ab" if append else "wb") as out:
            p = subprocess.Popen(
                ["ip", "netns", "exec", self.ns(node)] + argv, cwd="/",
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True)
        return p

    def _delay(self, t, delay_ms):
        program = self.path("delay")
        hu.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-o", program,
                os.path.join(HERE, "delay.c")])
        log = self.path("log", "delay.log")
        p = self._spawn("inet", [program, "delay0",
                                 "%d" % round(delay_ms * 1000)], log)
        hu.wait_file_text(log, "^ready", Deadline(3), pid=p.pid)
        hu.ip_batch(self.ns("inet"), [
            "link set delay0 addrgenmode none",
            "link set delay0 txqueuelen 10000",
            "link set delay0 up",
            "route add default dev delay0 table %d" % DELAY_TABLE,
        ] + ["rule add iif up-%s lookup %d" % (link, DELAY_TABLE)
             for link, _, _ in t.uplinks.values()])

    def _advertise(self, t):
        for node, link in t.advertisers.items():
            conf = self.path("etc", "radvd-%s.conf" % node)
            with open(conf, "w", encoding="ascii") as f:
                f.write(radvd_conf(node, link))
            os.chmod(conf, 0o600)
            log = self.path("log", "radvd-%s.log" % node)
            p = self._spawn(node, [
                "radvd", "-n", "-C", conf, "-m", "stderr",
                "-p", self.path("pid", "radvd-%s" % node)], log)
            hu.wait_file_text(log, "started", Deadline(3), pid=p.pid)

    def advertise_stop(self, node):
        """Ends radvd on one router (a link without advertisements)."""
        hu.end_processes([p for p in hu.netns_pids(self.ns(node))
                          if hu.proc_name(p) == "radvd"], 2)

    def _check(self, t):
        for link, node in (("home", "hn"), ("a", "pa"), ("b", "rb")):
            if link not in t.links:
                continue
            hu.run(["ip", "netns", "exec", self.ns("cn"), "ping", "-c1",
                    "-w10", "-q", ADDRESS[node]])

    # --- down ----------------------------------------------------------------

    def down(self):
        """Removes all of the lab; True when there was something."""
        was = os.path.exists(self.dir) or bool(self._own_namespaces())
        with self.locked():
            self._remove()
        return was

    def _remove(self):
        # The name goes first: from now on the lab counts as not up.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("lab.json"))
        for _ in range(3): # a process may have made another meanwhile
            pids = {p for n in self._own_namespaces()
                    for p in hu.netns_pids(n)} - {os.getpid()}
            if not pids:
                break
            hu.end_processes(pids, 3)
        gone = self._own_namespaces()
        if gone:
            hu.ip_batch(None, ["netns del " + n for n in gone])
        for entry in glob.glob(self.path("*")):
            if os.path.isdir(entry) and not os.path.islink(entry):
                shutil.rmtree(entry)
            else:
                os.unlink(entry)

    # --- moving --------------------------------------------------------------

    def attached(self, dev="eth0"):
        """The link the mobile node is on: home, a, b or none."""
        out = hu.run(["ip", "-j", "-n", self.ns("wire"), "link", "show",
                      "dev", MOBILE[dev][2]]).stdout
        return json.loads(out)[0].get("master", "none")

    def plug(self, to):
        """Gives the mobile node its second interface, eth1, on link `to`."""
        index, mac, port = MOBILE["eth1"]
        with self.locked():
            on = "on" if self.options()["like_hardware"] else "off"
            hu.ip_batch(None, [
                "link add eth1 index %d address 02:00:00:00:00:%02x netns %s "
                "type veth peer name %s index %d netns %s" % (
                    index, mac, self.ns("mn"), port, 100 + mac,
                    self.ns("wire"))])
            for node, dev in (("mn", "eth1"), ("wire", port)):
                hu.run(["ip", "netns", "exec", self.ns(node), "ethtool", "-K",
                        dev] + [w for o in OFFLOADS for w in (o, on)])
            hu.ip_batch(self.ns("mn"), ["link set eth1 up"])
        return self.move(to, "eth1")

    def unplug(self):
        """The second interface is gone, device and all."""
        hu.ip_batch(self.ns("mn"), ["link del eth1"])

    def move(self, to, dev="eth0"):
        """Pulls the cable and plugs it in elsewhere.

        Returns the wall-clock times (seconds) of both: {"from", "to",
        "down_at", "up_at"}.  "none" leaves it unplugged.
        """
        if to not in ("home", "a", "b", "none"):
            raise LabError("move to home, a, b or none")
        if to not in (self.topology().links + ("none",)):
            raise LabError("a virtual home link is nowhere to move to")
        with self.locked(), hu.LinkWatch(self.ns("mn")) as watch:
            index, _, port = MOBILE[dev]
            before = self.attached(dev)
            down_at = time.time()
            hu.ip_batch(self.ns("wire"), ["link set %s down" % port,
                                          "link set %s nomaster" % port])
            watch.wait_running(index, False, Deadline(3))
            up_at = None
            if to != "none":
                up_at = time.time()
                hu.ip_batch(self.ns("wire"), [
                    "link set %s master %s" % (port, to),
                    "link set %s up" % port])
                watch.wait_running(index, True, Deadline(3))
        return {"from": before, "to": to, "down_at": down_at, "up_at": up_at}

    # --- the daemon ----------------------------------------------------------

    def program(self, name):
        """mip6d or mip6ctl: from the environment, or the newest build."""
        env = os.environ.get(name.upper())
        if env:
            return os.path.abspath(env)
        trees = [os.environ["MIP6_BUILD_DIR"]] \
            if "MIP6_BUILD_DIR" in os.environ \
            else glob.glob(os.path.join(TREE, "build", "*"))
        where = "daemon" if name == "mip6d" else "ctl"
        found = [os.path.join(t, "src", where, name) for t in trees]
        found = [p for p in found if os.access(p, os.X_OK)]
        if not found:
            raise LabError("no %s is built; build one (cmake --preset dev "
                           "&& cmake --build --preset dev) or set %s=PATH"
                           % (name, name.upper()))
        return max(found, key=os.path.getmtime)

    def key(self):
        """The key of the mobile node and its home agent, made when asked."""
        path = self.path("etc", "mn.key")
        if not os.path.exists(path):
            text = hu.run([self.program("mip6ctl"), "genkey"]).stdout
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fd, "w", encoding="ascii") as f:
                f.write(text)
        return path

    def config(self, node, extra_global="", extra="", interfaces=("eth0",),
               mobile=""):
        """Writes the configuration of a node; extra: lines inside its role.

        For the mobile node they go inside home {}, and those of `mobile`
        inside mn {}; for a home agent inside ha {}, for a correspondent (any
        other node) inside cn {}.  interfaces: the mobile node's, the preferred
        one first.
        """
        common = ('control-socket = "%s"\npid-file = "%s"\nstate-dir = "%s"\n'
                  % (self.socket_path(node),
                     self.path("pid", "mip6d-%s" % node),
                     self.path("state-" + node))) + extra_global
        if node in AGENTS:
            where = 'interface = "eth0"'
            if self.topology().ha == "virtual":
                where = 'virtual = true\n\taddress = "%s"' % HOME_AGENT
            # radvd advertises on the home link, and a first registration
            # forwards while its home address is still being checked.
            for key, value in (("advertise", "false"),
                               ("home-dad", "provisional"),
                               ("durability", "none")):
                if key + " =" not in extra:
                    where += "\n\t%s = %s" % (key, value)
            role = ('ha {\n\t%s\n\tprefix = "%s"\n'
                    '\tmobile "%s" {\n\t\tkey-file = "%s"\n\t}\n%s}\n'
                    % (where, PREFIX["home"], HOME_ADDRESS, self.key(),
                       extra))
        elif node == "mn":
            role = ('mn {\n\tinterface = { %s }\n%s\thome "%s/64" {\n'
                    '\t\tagent = "%s"\n\t\tkey-file = "%s"\n%s\t}\n}\n'
                    % (", ".join('"%s"' % i for i in interfaces), mobile,
                       HOME_ADDRESS, HOME_AGENT, self.key(), extra))
        else:
            role = "cn {\n%s}\n" % extra
        os.makedirs(self.path("state-" + node), mode=0o700, exist_ok=True)
        path = self.path("etc", node + ".conf")
        with open(path, "w", encoding="ascii") as f:
            f.write(common + role)
        return path

    def start(self, node, args=(), wait=True):
        """Starts mip6d on a node and waits until it answers; its pid."""
        self.options()
        if self.daemon_pid(node):
            raise LabError("mip6d runs on %s already" % node)
        argv = [self.program("mip6d")]
        if "-c" not in args:
            argv += ["-c", self.path("etc", node + ".conf")]
            if not os.path.exists(argv[2]):
                self.config(node)
        if "-f" not in args:
            argv.append("-f")
        log = self.log_path(node)
        p = self._spawn(node, argv + list(args), log, append=True)
        with open(self.path("pid", "daemon-" + node), "w",
                  encoding="ascii") as f:
            f.write("%d %s\n" % (p.pid, hu.proc_start_time(p.pid)))
        if wait:
            self.wait_ready(node, p.pid, Deadline(10))
        return p.pid

    def wait_ready(self, node, pid, deadline):
        """Waits until the daemon answers on its control socket."""
        log = self.log_path(node)
        with hu.FileWatch(self.dir) as made:
            fd = os.pidfd_open(pid)
            try:
                while not os.path.exists(self.socket_path(node)) or \
                        self.ctl(node, ["status"], check=False).returncode:
                    made.wait(min(0.05, deadline.left_or_raise(
                        "mip6d on %s to answer" % node)), fd)
                    if hu.proc_start_time(pid) is None:
                        with open(log, encoding="utf-8",
                                  errors="replace") as f:
                            raise LabError("mip6d on %s ended at once:\n%s"
                                           % (node, f.read()[-2000:]))
            finally:
                os.close(fd)

    def daemon_pid(self, node):
        try:
            with open(self.path("pid", "daemon-" + node),
                      encoding="ascii") as f:
                pid, began = f.read().split()
        except (FileNotFoundError, ValueError):
            return None
        return int(pid) if hu.proc_start_time(int(pid)) == began else None

    def stop(self, node, number=signal.SIGTERM, grace=10):
        """Ends the daemon on a node; False when none runs."""
        pid = self.daemon_pid(node)
        if pid is None:
            return False
        if hu.end_processes([pid], grace, (number, signal.SIGKILL)):
            raise LabError("mip6d on %s had to be killed" % node)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path("pid", "daemon-" + node))
        return True

    def ctl(self, node, args, check=True):
        return hu.run(["ip", "netns", "exec", self.ns(node),
                       self.program("mip6ctl"), "-s",
                       self.socket_path(node)] + list(args), check=check)

    def ctl_json(self, node, *args):
        return json.loads(self.ctl(node, ["--json", *args]).stdout)

    def wait_host_ready(self, seconds=10):
        """The mobile node's kernel has a link-local address it may use.

        In the first second or two it has not: it solicits from ::, and such
        a solicitation is answered after a random delay (RFC 4861 §6.2.6).
        """
        deadline = Deadline(seconds)
        with hu.AddressWatch(self.ns("mn")) as watch:
            while not any(
                    a["local"].startswith("fe80:") and not a.get("tentative")
                    for i in json.loads(hu.run(
                        ["ip", "-6", "-j", "-n", self.ns("mn"), "addr",
                         "show", "dev", "eth0"]).stdout)
                    for a in i.get("addr_info", [])):
                watch.wait(deadline.left_or_raise(
                    "a link-local address of the mobile node"))

    # --- looking -------------------------------------------------------------

    def status(self):
        options = self.options()
        topology, nodes = self.topology(), {}
        for node in topology.nodes:
            interfaces = json.loads(hu.run(
                ["ip", "-6", "-j", "-n", self.ns(node), "addr"]).stdout)
            nodes[node] = {
                "interfaces": {i["ifname"]: {
                    "state": i.get("operstate"),
                    "addresses": ["%s/%d%s" % (
                        a["local"], a["prefixlen"],
                        " tentative" if a.get("tentative") else "")
                        for a in i.get("addr_info", [])]}
                    for i in interfaces if i.get("ifname") not in (None,
                                                                   "lo")},
                "processes": {str(p): hu.proc_name(p)
                              for p in hu.netns_pids(self.ns(node))},
                "link": topology.on_link.get(node, (None,))[0]}
        nodes["mn"]["link"] = self.attached()
        return {**options, "directory": self.dir, "nodes": nodes}

    def capture_argv(self, link, path):
        links = self.topology().links
        if link in links:
            node, device = "wire", link
        elif link in ["up-" + n for n in LINKS]:
            node, device = "inet", link
        else:
            raise LabError("no link %s; there are: %s, and the uplinks: %s"
                           % (link, " ".join(links),
                              " ".join("up-" + n for n in LINKS)))
        # Delivered at once, each packet takes a place of the largest size of
        # the buffer: 64 KB only where there are such packets.
        largest = "65600" if self.options()["like_hardware"] else "2048"
        return ["ip", "netns", "exec", self.ns(node), "tcpdump", "-i", device,
                "-n", "-U", "--immediate-mode", "-B", "65536", "-s", largest,
                "-Z", "root", "-w", path]


def labs():
    """The names of all labs on this host, also of those half made."""
    names = {m.group(1) for m in (
        re.fullmatch(r"mip6-([A-Za-z0-9_]+)-[a-z]+", n)
        for n in hu.netns_list()) if m}
    with contextlib.suppress(FileNotFoundError):
        names.update(os.listdir(state_root()))
    return sorted(names)
