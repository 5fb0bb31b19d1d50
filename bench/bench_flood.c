/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A flood of Home Test Inits, as fast as one processor can send them: for
 * `bench/run flood`, which runs it in a lab.  Linux only.
 *
 * usage: bench_flood INTERFACE MAC FROM TO SOURCES SECONDS COUNT CPU
 *
 * Sends from INTERFACE to the link-layer address MAC; the sources are FROM and
 * those that follow, at random within 48 bits, SOURCES of them; at most COUNT
 * packets and SECONDS, both bounded.  It stays on processor CPU (-1: any).
 * Prints `sent N failed N seconds S`; refused ones are the link's doing.
 *
 * It refuses to run but in a network namespace of a lab.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <glob.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>

#include "bench.h"

#include "wire/ip6.h"

#define FLOOD_SECONDS_MAX 60
#define FLOOD_COUNT_MAX   50000000L
#define FLOOD_SOURCES_MAX 65536L
#define FLOOD_FRAMES      65536U
#define FLOOD_BATCH       64U
#define FLOOD_MH          54 /* Ethernet and IPv6 before it */
#define FLOOD_OCTETS      (FLOOD_MH + 16)

struct flood {
	int fd;
	uint8_t own[6]; /* link-layer address */
	uint8_t (*frame)[FLOOD_OCTETS];
	uint64_t sent, failed;
};

/* Are we in a namespace of a lab? */
static bool
flood_is_apart(void)
{
	struct stat own, lab;
	bool found = false;
	glob_t g;
	size_t i;

	if (stat("/proc/self/ns/net", &own) != 0 ||
	    glob("/run/netns/mip6-*", 0, NULL, &g) != 0)
		return false;
	for (i = 0; i < g.gl_pathc && !found; i++)
		found = stat(g.gl_pathv[i], &lab) == 0 &&
		    own.st_ino == lab.st_ino && own.st_dev == lab.st_dev;
	globfree(&g);
	return found;
}

static double
flood_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* The checksum of the message, both addresses before it (RFC 6275 §6.1.1). */
static void
flood_finish(uint8_t *frame)
{
	uint32_t sum = 16 + MIP6_NH_MH;
	size_t i;

	frame[FLOOD_MH + 4] = frame[FLOOD_MH + 5] = 0;
	for (i = FLOOD_MH - 32; i < FLOOD_OCTETS; i += 2)
		sum += (uint32_t)(frame[i] << 8 | frame[i + 1]);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	frame[FLOOD_MH + 4] = (uint8_t)(sum >> 8);
	frame[FLOOD_MH + 5] = (uint8_t)sum;
}

static void
flood_build(struct flood *f, const uint8_t mac[6], const struct mip6_addr *from,
    const struct mip6_addr *to, uint32_t sources)
{
	uint64_t random = 1, v, cookies = 2;
	uint8_t *p;
	uint32_t i;

	f->frame = calloc(FLOOD_FRAMES, sizeof(*f->frame));
	bench_need(f->frame != NULL, "memory");
	for (i = 0; i < FLOOD_FRAMES; i++) {
		if (i % sources == 0)
			random = 1; /* the same ones again */
		p = f->frame[i];
		memcpy(p, mac, 6);
		memcpy(p + 6, f->own, 6);
		p[12] = 0x86;
		p[13] = 0xdd;
		p[14] = 0x60;
		p[19] = FLOOD_OCTETS - FLOOD_MH;
		p[20] = MIP6_NH_MH;
		p[21] = 64;
		memcpy(p + 22, from->b, 16);
		v = bench_draw(&random);
		memcpy(p + 32, &v, 6);
		memcpy(p + 38, to->b, 16);
		p[FLOOD_MH] = 59; /* no next header */
		p[FLOOD_MH + 1] = 1;
		p[FLOOD_MH + 2] = 1; /* HoTI */
		v = bench_draw(&cookies);
		memcpy(p + FLOOD_MH + 8, &v, 8);
		flood_finish(p);
	}
}

static void
flood_open(struct flood *f, const char *interface)
{
	struct sockaddr_ll to;
	socklen_t octets = sizeof(to);
	int on = 1;

	memset(&to, 0, sizeof(to));
	to.sll_family = AF_PACKET;
	to.sll_ifindex = (int)if_nametoindex(interface);
	f->fd = socket(AF_PACKET, SOCK_RAW, 0);
	bench_need(to.sll_ifindex > 0 && f->fd >= 0 &&
		bind(f->fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
		getsockname(f->fd, (struct sockaddr *)&to, &octets) == 0,
	    "no packet socket on the interface");
	memcpy(f->own, to.sll_addr, sizeof(f->own));
	/* Else it is only slower. */
	(void)setsockopt(f->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on,
	    sizeof(on));
}

static void
flood_run(struct flood *f, double until, uint64_t count)
{
	struct mmsghdr msg[FLOOD_BATCH];
	struct iovec v[FLOOD_BATCH];
	uint32_t at = 0, i;
	int n;

	memset(msg, 0, sizeof(msg));
	while (f->sent < count && f->failed < count && flood_now() < until) {
		for (i = 0; i < FLOOD_BATCH; i++) {
			v[i].iov_base = f->frame[(at + i) % FLOOD_FRAMES];
			v[i].iov_len = FLOOD_OCTETS;
			msg[i].msg_hdr.msg_iov = &v[i];
			msg[i].msg_hdr.msg_iovlen = 1;
		}
		n = sendmmsg(f->fd, msg, FLOOD_BATCH, 0);
		/* The link's queue is full: as on any link. */
		bench_need(n > 0 || errno == ENOBUFS || errno == EAGAIN,
		    "sendmmsg");
		f->sent += n > 0 ? (uint64_t)n : 0;
		f->failed += n <= 0;
		at += n > 0 ? (uint32_t)n : 1;
	}
}

static long
flood_number(const char *text, long min, long max)
{
	char *end;
	long v = strtol(text, &end, 10);

	bench_need(*text != '\0' && *end == '\0' && v >= min && v <= max,
	    "a number is out of its limits");
	return v;
}

static void
flood_stay_on(long cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	bench_need(sched_setaffinity(0, sizeof(set), &set) == 0,
	    "no such processor");
}

static void
flood_mac(const char *text, uint8_t mac[6])
{
	unsigned int m[6];
	size_t i;

	bench_need(sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &m[0], &m[1], &m[2],
		       &m[3], &m[4], &m[5]) == 6,
	    "no link-layer address");
	for (i = 0; i < 6; i++)
		mac[i] = (uint8_t)m[i];
}

int
main(int argc, char **argv)
{
	struct mip6_addr from, to;
	long sources, seconds, count;
	struct flood f;
	uint8_t mac[6];
	double start;

	memset(&f, 0, sizeof(f));
	bench_need(argc == 9,
	    "INTERFACE MAC FROM TO SOURCES SECONDS COUNT CPU");
	bench_need(flood_is_apart(), "this is for the namespaces of a lab");
	bench_need(mip6_addr_parse(argv[3], &from) &&
		mip6_addr_parse(argv[4], &to),
	    "an address is none");
	flood_mac(argv[2], mac);
	sources = flood_number(argv[5], 1, FLOOD_SOURCES_MAX);
	seconds = flood_number(argv[6], 1, FLOOD_SECONDS_MAX);
	count = flood_number(argv[7], 1, FLOOD_COUNT_MAX);
	flood_stay_on(flood_number(argv[8], -1, CPU_SETSIZE - 1));
	flood_open(&f, argv[1]);
	flood_build(&f, mac, &from, &to, (uint32_t)sources);
	start = flood_now();
	flood_run(&f, start + (double)seconds, (uint64_t)count);
	(void)printf("sent %llu failed %llu seconds %.6f\n",
	    (unsigned long long)f.sent, (unsigned long long)f.failed,
	    flood_now() - start);
	free(f.frame);
	return EXIT_SUCCESS;
}
