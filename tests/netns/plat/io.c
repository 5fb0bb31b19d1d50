/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports, and what the host's kernel gets to see, on a host of the test's own.
 *
 * Both ends of the wire are here: the platform's port at HOST_LINK, where the
 * host has its address, and a plain portable port at HOST_PEER that plays the
 * rest of the world.  An echo request of the peer, which the kernel answers,
 * stands behind what was sent: its reply says that all before it was handled.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/rw.h"
#include "fix.h"

#define IO_HOME  "2001:db8:1::100"
#define IO_PARTS 24

struct io {
	struct fix *f;
	struct mip6_pool *pool;
	struct mip6_port *port;    /* at HOST_LINK */
	struct mip6_port *peer;    /* at HOST_PEER */
	struct mip6_pkt *got[512]; /* by the port */
	size_t count;
	struct mip6_pkt *back[512]; /* by the peer */
	size_t backs;
	uint16_t echo;
	uint32_t fragments; /* identification of the last packet cut */
};

static void *
io_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
io_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

static void
io_clear(struct io *io)
{
	while (io->count > 0)
		mip6_pool_put(io->pool, io->got[--io->count]);
	while (io->backs > 0)
		mip6_pool_put(io->pool, io->back[--io->backs]);
}

static struct io *
io_start(struct fix *f)
{
	static const struct mip6_alloc alloc = { io_alloc, io_release, NULL };
	struct io *io = calloc(1, sizeof(*io));
	char err[256] = "";

	assert_non_null(io);
	io->f = f;
	io->pool = mip6_pool_new(&alloc, 1024, 4);
	fix_start(f);
	io->port = mip6_plat_port_open(f->plat, fix_link(f, HOST_LINK), err,
	    sizeof(err));
	if (io->port == NULL)
		fail_msg("%s", err);
	io->peer =
	    mip6_port_pcap_open(fix_link(f, HOST_PEER), err, sizeof(err));
	if (io->peer == NULL)
		fail_msg("%s", err);
	assert_int_equal(fix_do(f, fix_effect(10, true)), 0);
	return io;
}

static void
io_stop(struct io *io)
{
	io_clear(io);
	assert_int_equal(mip6_pool_out(io->pool), 0);
	io->peer->ops->close(io->peer);
	mip6_plat_port_close(io->f->plat, io->port);
	mip6_pool_free(io->pool);
	fix_stop(io->f);
	free(io);
}

/* Takes what both ports have. */
static void
io_take(struct io *io, int ms)
{
	struct pollfd w[2] = { { io->port->fd, POLLIN, 0 },
		{ io->peer->fd, POLLIN, 0 } };

	if (poll(w, 2, ms) <= 0)
		return;
	assert_true(io->count + MIP6_PKT_BURST <= MIP6_COUNT(io->got));
	assert_true(io->backs + MIP6_PKT_BURST <= MIP6_COUNT(io->back));
	io->count += io->port->ops->recv(io->port, io->pool,
	    io->got + io->count, MIP6_PKT_BURST);
	io->backs += io->peer->ops->recv(io->peer, io->pool,
	    io->back + io->backs, MIP6_PKT_BURST);
}

#define IO_WAIT(io, cond)                                                      \
	do {                                                                   \
		int64_t io_until = mip6_plat_now().mono.us + 5000000;          \
		while (!(cond) && mip6_plat_now().mono.us < io_until)          \
			io_take((io), 20);                                     \
		assert_true(cond);                                             \
	} while (0)

/* A frame from the peer, as given. */
static void
io_frame(struct io *io, const void *octets, size_t count)
{
	struct mip6_pkt *pkt = mip6_pool_get(io->pool, count);

	assert_non_null(pkt);
	memcpy(mip6_pkt_octets(pkt), octets, count);
	pkt->count = (uint32_t)count;
	assert_int_equal(io->peer->ops->send(io->peer, io->pool, &pkt, 1), 1);
}

struct io_packet {
	uint8_t octets[2048];
	struct mip6_wr w;
};

static struct io_packet *
io_begin(const char *to, uint8_t next_header)
{
	static const uint8_t link[] = { 2, 0, 0, 0, 0, 0x0a, 2, 0, 0, 0, 0,
		0x0b, 0x86, 0xdd };
	static struct io_packet p;
	struct mip6_addr src = fix_a(HOST_NEIGHBOUR), dst = fix_a(to);

	p.w = mip6_wr_make(p.octets, sizeof(p.octets));
	mip6_wr_octets(&p.w, link, sizeof(link));
	mip6_wr_u32(&p.w, 6u << 28);
	mip6_wr_u16(&p.w, 0);
	mip6_wr_u8(&p.w, next_header);
	mip6_wr_u8(&p.w, 64);
	mip6_wr_addr(&p.w, &src);
	mip6_wr_addr(&p.w, &dst);
	return &p;
}

static void
io_send(struct io *io, struct io_packet *p)
{
	assert_false(p->w.failed);
	mip6_wr_patch_u16(&p->w, 14 + 4, (uint16_t)(p->w.pos - 54));
	io_frame(io, p->octets, p->w.pos);
}

/* Internet checksum of an upper layer from octet 54 on. */
static uint16_t
io_checksum(const struct io_packet *p, uint8_t proto)
{
	uint32_t sum = proto + (uint32_t)(p->w.pos - 54);
	size_t i;

	for (i = 22; i < p->w.pos; i++)
		sum += i % 2 == 0 ? (uint32_t)p->octets[i] << 8 : p->octets[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* What is ICMPv6 of `type` in what came back; `seq`: of an echo, or -1. */
static size_t
io_back(const struct io *io, uint8_t type, int seq)
{
	const uint8_t *o;
	size_t i, n = 0;

	for (i = 0; i < io->backs; i++) {
		o = mip6_pkt_octets(io->back[i]);
		n += io->back[i]->count >= 48 && o[6] == 58 && o[40] == type &&
		    (seq < 0 || (o[46] << 8 | o[47]) == seq);
	}
	return n;
}

static size_t
io_errors(const struct io *io)
{
	return io_back(io, 1, -1) + io_back(io, 2, -1) + io_back(io, 3, -1) +
	    io_back(io, 4, -1);
}

/* All that was sent before has been handled when this returns. */
static void
io_barrier(struct io *io)
{
	struct io_packet *p = io_begin(HOST_ADDR, 58);

	mip6_wr_u32(&p->w, 128u << 24);
	mip6_wr_u16(&p->w, 7);
	mip6_wr_u16(&p->w, ++io->echo);
	mip6_wr_patch_u16(&p->w, 56, io_checksum(p, 58));
	io_send(io, p);
	IO_WAIT(io, io_back(io, 129, io->echo) == 1);
}

/* Packets of the port that are not barriers. */
static size_t
io_seen(const struct io *io)
{
	const uint8_t *o;
	size_t i, n = 0;

	for (i = 0; i < io->count; i++) {
		o = mip6_pkt_octets(io->got[i]);
		n += o[6] != 58;
	}
	return n;
}

/*
 * A chain of headers in a word: H hop-by-hop, D destination options (Pad), A
 * with the Home Address option at octet 6, B at 14, U out of alignment, X with
 * an option nobody knows, 2 and 4 routing headers of type 2 and 77; the last
 * is M mobility, T tunnel, d and e UDP, p protocol 200, and anything else none.
 */
static uint8_t
io_number(char c)
{
	switch (c) {
	case 'H':
		return 0;
	case 'D':
	case 'A':
	case 'B':
	case 'U':
	case 'X':
		return 60;
	case '2':
	case '4':
		return 43;
	case 'M':
		return 135;
	case 'T':
		return 41;
	case 'd':
	case 'e':
		return 17;
	case 'p':
		return 200;
	default:
		return 59;
	}
}

static void
io_home(struct mip6_wr *w)
{
	struct mip6_addr home = fix_a("2001:db8:1::5");

	mip6_wr_addr(w, &home);
}

static void
io_header(struct mip6_wr *w, char c, uint8_t next)
{
	static const uint8_t pad[] = { 1, 4, 0, 0, 0, 0 };

	mip6_wr_u8(w, next);
	switch (c) {
	case 'H':
	case 'D':
		mip6_wr_u8(w, 0);
		mip6_wr_octets(w, pad, 6);
		break;
	case 'X': /* an option nobody knows, to be answered */
		mip6_wr_u8(w, 0);
		mip6_wr_u8(w, 0x8b);
		mip6_wr_u8(w, 4);
		mip6_wr_zero(w, 4);
		break;
	case 'A':
	case 'B':
	case 'U':
		mip6_wr_u8(w, c == 'A' ? 2 : 3);
		mip6_wr_u8(w, 1);
		mip6_wr_u8(w, c == 'A' ? 2 : c == 'B' ? 10 : 4);
		mip6_wr_zero(w, c == 'A' ? 2 : c == 'B' ? 10 : 4);
		mip6_wr_u16(w, 0xc910);
		io_home(w);
		if (c == 'U')
			mip6_wr_octets(w, pad, 6);
		break;
	case '2':
	case '4':
		mip6_wr_u8(w, 2);
		mip6_wr_u8(w, c == '2' ? 2 : 77);
		mip6_wr_u8(w, 1);
		mip6_wr_zero(w, 4);
		io_home(w);
		break;
	default:
		break;
	}
}

static void
io_last(struct mip6_wr *w, char c)
{
	static const uint8_t mh[] = { 59, 3, 5, 0, 0, 0 };

	switch (c) {
	case 'M':
		mip6_wr_octets(w, mh, sizeof(mh));
		mip6_wr_zero(w, 26);
		break;
	case 'T':
		mip6_wr_u32(w, 6u << 28);
		mip6_wr_u16(w, 100);
		mip6_wr_u8(w, 59);
		mip6_wr_u8(w, 64);
		io_home(w);
		io_home(w);
		mip6_wr_zero(w, 100);
		break;
	case 'd':
		mip6_wr_u32(w, 7u << 16 | 9u);
		mip6_wr_u32(w, 8u << 16);
		break;
	case 'e':
		mip6_wr_u32(w, 7u << 16 | 9u);
		mip6_wr_u32(w, 40u << 16);
		mip6_wr_zero(w, 32);
		break;
	case 'p':
		mip6_wr_zero(w, 8);
		break;
	default:
		break;
	}
}

/* Sends the chain, in fragments of `cut` octets (0: whole); how many. */
static size_t
io_send_chain(struct io *io, const char *to, const char *chain, size_t cut,
    size_t parts)
{
	uint8_t octets[512];
	struct mip6_wr w = mip6_wr_make(octets, sizeof(octets));
	struct io_packet *p;
	size_t at, n = 0, take;
	const char *c;

	for (c = chain; c[1] != '\0'; c++)
		io_header(&w, c[0], io_number(c[1]));
	io_last(&w, *c);
	assert_false(w.failed);
	if (cut == 0) {
		p = io_begin(to, io_number(chain[0]));
		mip6_wr_octets(&p->w, octets, w.pos);
		io_send(io, p);
		return 1;
	}
	io->fragments++;
	for (at = 0; at < w.pos && n < parts; at += cut, n++) {
		take = w.pos - at < cut ? w.pos - at : cut;
		p = io_begin(to, 44);
		mip6_wr_u8(&p->w, io_number(chain[0]));
		mip6_wr_u8(&p->w, 0);
		mip6_wr_u16(&p->w,
		    (uint16_t)(at | (at + take < w.pos ? 1u : 0u)));
		mip6_wr_u32(&p->w, io->fragments);
		mip6_wr_octets(&p->w, octets + at, take);
		io_send(io, p);
	}
	return n;
}

/* Chains, and in which pieces; every one is answered by a kernel that sees. */
static const struct {
	const char *chain;
	size_t cut;
} io_mobility[] = {
	{ "M", 0 }, { "T", 0 }, { "AM", 0 }, { "A.", 0 }, { "Ad", 0 },
	{ "UM", 0 }, { "U.", 0 }, { "2.", 0 }, { "2M", 0 }, { "2d", 0 },
	{ "HM", 0 }, { "HT", 0 }, { "HA.", 0 }, { "HAM", 0 }, { "H2.", 0 },
	{ "D2.", 0 }, { "DT", 0 }, { "DM", 0 }, { "DA.", 0 }, { "DAM", 0 },
	{ "A2.", 0 }, { "2A.", 0 }, { "22.", 0 }, { "HU.", 0 },
	{ "T", 64 }, { "T", 16 }, { "M", 16 }, { "AM", 24 }, { "AM", 8 },
	{ "A.", 24 }, { "Ad", 24 }, { "A.", 8 }, { "2M", 24 }, { "2M", 8 },
	{ "2.", 24 }, { "DT", 8 }, { "UM", 40 },
}, io_others[] = {
	{ "X.", 0 }, { "p", 0 }, { "4.", 0 }, { "HX.", 0 }, { "Xd", 0 },
};

static void
test_kernel_is_silent(void **state)
{
	struct io *io = io_start(*state);
	size_t i, n, round;

	for (round = 0; round < 3; round++) {
		if (round == 1)
			assert_int_equal(fix_do(io->f, fix_effect(11, true)),
			    0);
		if (round == 2)
			assert_int_equal(fix_do(io->f, fix_effect(11, false)),
			    0);
		for (i = 0; i < MIP6_COUNT(io_mobility); i++) {
			n = io_send_chain(io, HOST_ADDR, io_mobility[i].chain,
			    io_mobility[i].cut, IO_PARTS);
			io_barrier(io);
			if ((io_errors(io) > 0) != (round != 1))
				fail_msg("%s/%zu: %zu errors",
				    io_mobility[i].chain, io_mobility[i].cut,
				    io_errors(io));
			/* The port sees each, whatever the kernel does. */
			IO_WAIT(io, io_seen(io) >= n);
			assert_int_equal(io_seen(io), n);
			io_clear(io);
		}
		/* All else is the kernel's as ever. */
		for (i = 0; i < MIP6_COUNT(io_others); i++) {
			(void)io_send_chain(io, HOST_ADDR, io_others[i].chain,
			    io_others[i].cut, IO_PARTS);
			io_barrier(io);
			if (io_errors(io) != 1)
				fail_msg("%s: %zu errors", io_others[i].chain,
				    io_errors(io));
			io_clear(io);
		}
	}
	io_stop(io);
}

/* First fragments alone: their reassembly times out, answered or not. */
static void
test_kernel_is_silent_about_fragments(void **state)
{
	static const struct {
		const char *chain;
		size_t cut;
	} part[] = { { "T", 24 }, { "M", 24 }, { "AT", 32 }, { "Ae", 40 },
		{ "2e", 40 }, { "HT", 32 } };
	struct io *io = io_start(*state);
	size_t i, round;

	for (round = 0; round < 2; round++) {
		if (round == 1)
			assert_int_equal(fix_do(io->f, fix_effect(11, true)),
			    0);
		for (i = 0; i < MIP6_COUNT(part); i++)
			(void)io_send_chain(io, HOST_ADDR, part[i].chain,
			    part[i].cut, 1);
		/* The last one is none of ours, and is always answered. */
		(void)io_send_chain(io, HOST_ADDR, "De", 16, 1);
		IO_WAIT(io,
		    io_back(io, 3, -1) ==
			(round == 0 ? MIP6_COUNT(part) + 1 : 1u));
		assert_int_equal(io_errors(io), io_back(io, 3, -1));
		io_clear(io);
	}
	io_stop(io);
}

static int
io_udp(const char *addr, uint16_t number)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	struct sockaddr_in6 a;

	memset(&a, 0, sizeof(a));
	a.sin6_family = AF_INET6;
	a.sin6_port = htons(number);
	assert_int_equal(inet_pton(AF_INET6, addr, &a.sin6_addr), 1);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
io_datagram(struct io_packet *p, uint16_t to)
{
	mip6_wr_u16(&p->w, 1234);
	mip6_wr_u16(&p->w, to);
	mip6_wr_u16(&p->w, 12);
	mip6_wr_u16(&p->w, 0);
	mip6_wr_u32(&p->w, 0x6d697036);
	mip6_wr_patch_u16(&p->w, 60, io_checksum(p, 17));
}

static bool
io_delivered(int fd, bool expected)
{
	struct pollfd w = { fd, POLLIN, 0 };
	uint8_t octets[64];

	(void)poll(&w, 1, expected ? 5000 : 0);
	return recv(fd, octets, sizeof(octets), MSG_DONTWAIT) == 4;
}

static void
test_shield(void **state)
{
	struct io *io = io_start(*state);
	struct io_packet *p;
	size_t round;
	int fd;

	assert_int_equal(fix_do(io->f, fix_effect(0, true)), 0);
	fd = io_udp(IO_HOME, 9000);
	for (round = 0; round < 3; round++) {
		if (round > 0)
			assert_int_equal(fix_do(io->f,
					     fix_effect(12, round == 1)),
			    0);
		p = io_begin(IO_HOME, 17);
		io_datagram(p, 9000);
		io_send(io, p);
		io_barrier(io);
		/* To the kernel, or to the daemon alone. */
		if (io_delivered(fd, round != 1) != (round != 1))
			fail_msg("round %zu", round);
		if (round == 1)
			IO_WAIT(io, io_seen(io) == 1);
		else
			assert_int_equal(io_seen(io), 0);
		io_clear(io);
	}
	close(fd);
	io_stop(io);
}

/* The host's own TCP and UDP are none of our business. */
static void
test_native_traffic_is_left_alone(void **state)
{
	struct io *io = io_start(*state);
	int fd = io_udp(HOST_ADDR, 9000);
	struct io_packet *p;

	assert_int_equal(fix_do(io->f, fix_effect(11, true)), 0);
	p = io_begin(HOST_ADDR, 17);
	io_datagram(p, 9000);
	io_send(io, p);
	io_barrier(io);
	assert_true(io_delivered(fd, true));
	assert_int_equal(io_seen(io), 0);
	close(fd);
	io_stop(io);
}

static void
io_tagged(struct io *io, uint16_t tag)
{
	struct io_packet *p = io_begin(HOST_ADDR, 59);
	uint8_t octets[128];

	mip6_wr_patch_u16(&p->w, 18, 0);
	memcpy(octets, p->octets, 12);
	octets[12] = 0x81;
	octets[13] = 0;
	octets[14] = (uint8_t)(tag >> 8);
	octets[15] = (uint8_t)tag;
	memcpy(octets + 16, p->octets + 12, 42);
	io_frame(io, octets, 58);
}

static void
test_port_takes_what_is_for_us(void **state)
{
	struct io *io = io_start(*state);
	struct mip6_pkt *out, *got;
	struct io_packet *p;
	static const uint8_t group[] = { 0x33, 0x33, 0, 0, 0, 1 };

	p = io_begin(HOST_ADDR, 59);
	mip6_wr_u32(&p->w, 0x01020304);
	io_send(io, p);
	IO_WAIT(io, io_seen(io) == 1);
	got = io->got[0];
	assert_int_equal(got->count, 44);
	assert_int_equal(got->off, MIP6_PKT_HEADROOM);
	assert_int_equal(got->ifindex, host_ifindex(HOST_LINK));
	assert_memory_equal(mip6_pkt_octets(got), p->octets + 14, 44);
	assert_memory_equal(got->ll_src.b, p->octets + 6, 6);
	assert_false(got->ll_multicast);
	assert_int_equal(io->port->received, io->count);
	io_clear(io);

	/* To another one's link-layer address: not ours. */
	p = io_begin(HOST_ADDR, 59);
	p->octets[5] = 0x77;
	io_send(io, p);
	/* Of a VLAN on this link, and of none but with a priority. */
	io_tagged(io, 5);
	io_barrier(io);
	assert_int_equal(io_seen(io), 0);
	io_tagged(io, 0xe000);
	p = io_begin("ff02::1", 59);
	memcpy(p->octets, group, 6);
	io_send(io, p);
	IO_WAIT(io, io_seen(io) == 2);
	io_barrier(io);
	assert_int_equal(io_seen(io), 2);
	io_clear(io);

	/* What we send ourselves comes out there, and not back here. */
	p = io_begin(HOST_NEIGHBOUR, 59);
	mip6_wr_u32(&p->w, 0x05060708);
	memcpy(p->octets, "\2\0\0\0\0\x0b\2\0\0\0\0\x0a", 12);
	out = mip6_pool_get(io->pool, 58);
	memcpy(mip6_pkt_octets(out), p->octets, 58);
	out->count = 58;
	assert_int_equal(io->port->ops->send(io->port, io->pool, &out, 1), 1);
	assert_int_equal(io->port->sent, 1);
	IO_WAIT(io, io->backs == 1);
	assert_memory_equal(mip6_pkt_octets(io->back[0]), p->octets + 14, 44);
	io_barrier(io);
	assert_int_equal(io_seen(io), 0);
	io_stop(io);
}

static void
test_bursts(void **state)
{
	struct io *io = io_start(*state);
	struct io_packet *p;
	size_t i;

	for (i = 0; i < 200; i++) {
		p = io_begin(HOST_ADDR, 59);
		mip6_wr_u32(&p->w, (uint32_t)i);
		io_send(io, p);
	}
	IO_WAIT(io, io_seen(io) == 200);
	for (i = 0; i < 200; i++) {
		/* In order, none twice. */
		assert_int_equal(mip6_pkt_octets(io->got[i])[43], i % 256);
	}
	io_clear(io);
	io_stop(io);
}

static void
io_drain(struct io *io)
{
	int i;

	for (i = 0; i < 50; i++)
		io_take(io, 0);
	io_clear(io);
}

/* Merged packets are as large as 64 KB, and come whole. */
static void
test_large_packets(void **state)
{
	struct fix *f = *state;
	struct io *io;
	uint8_t *octets = calloc(1, 60000);
	struct io_packet *p;
	size_t i;

	assert_non_null(octets);
	host_mtu(HOST_LINK, 65000);
	host_mtu(HOST_PEER, 65000);
	io = io_start(f);
	p = io_begin(HOST_ADDR, 59);
	memcpy(octets, p->octets, 54);
	octets[18] = (uint8_t)((60000 - 54) >> 8);
	octets[19] = (uint8_t)((60000 - 54) & 0xff);
	octets[59999] = 0xee;
	for (i = 0; i < 4; i++)
		io_frame(io, octets, 60000);
	IO_WAIT(io, io_seen(io) == 4);
	for (i = 0; i < 4; i++) {
		assert_int_equal(io->got[i]->count, 60000 - 14);
		assert_memory_equal(mip6_pkt_octets(io->got[i]), octets + 14,
		    60000 - 14);
	}
	/* No buffer left for another: counted, and the next small one comes. */
	assert_int_equal(io->port->overflowed, 0);
	{
		struct mip6_pkt *pkt = io->got[3];
		struct mip6_pkt *small;

		/* The peer needs one to send with. */
		io->count = 3;
		memcpy(mip6_pkt_octets(pkt), octets, 60000);
		pkt->count = 60000;
		small = mip6_pool_get(io->pool, 60000);
		assert_null(small);
		assert_int_equal(io->peer->ops->send(io->peer, io->pool, &pkt,
				     1),
		    1);
		small = mip6_pool_get(io->pool, 60000);
		assert_non_null(small);
		io_barrier(io);
		assert_int_equal(io->port->overflowed, 1);
		assert_int_equal(io_seen(io), 3);
		mip6_pool_put(io->pool, small);
	}
	free(octets);
	io_stop(io);
}

/* What the ring could not hold is counted. */
static void
test_ring_overflow_is_counted(void **state)
{
	struct io *io = io_start(*state);
	struct io_packet *p;
	uint64_t sent, seen = 0;

	for (sent = 0; sent < 3000; sent++) {
		p = io_begin(HOST_ADDR, 59);
		io_send(io, p);
	}
	while (io->port->overflowed + seen < sent) {
		io_take(io, 5000);
		seen += io_seen(io);
		if (io->count == 0)
			break;
		io_clear(io);
	}
	io_barrier(io);
	io_drain(io);
	assert_true(io->port->overflowed > 0);
	assert_int_equal(io->port->overflowed + seen, sent);
	io_stop(io);
}

static void
test_link_down_and_gone(void **state)
{
	struct io *io = io_start(*state);
	struct pollfd w = { io->port->fd, POLLIN, 0 };
	struct io_packet *p;
	int i;

	host_link_up(HOST_LINK, false);
	FIX_WAIT(io->f, !fix_link(io->f, HOST_LINK)->up);
	/* Not readable for ever. */
	for (i = 0; i < 100 && poll(&w, 1, 0) > 0; i++)
		io_take(io, 0);
	assert_true(i < 100);
	host_link_up(HOST_LINK, true);
	FIX_WAIT(io->f, fix_link(io->f, HOST_LINK)->up);
	io_clear(io);
	p = io_begin(HOST_ADDR, 59);
	io_send(io, p);
	IO_WAIT(io, io_seen(io) == 1);
	host_link_del(HOST_LINK);
	FIX_WAIT(io->f, fix_link(io->f, HOST_LINK) == NULL);
	io_drain(io);
	p = io_begin(HOST_ADDR, 59);
	io_clear(io);
	io_stop(io);
}

static void
test_tun(void **state)
{
	struct io *io = io_start(*state);
	struct mip6_port *tun = mip6_plat_tun_port(io->f->plat);
	struct mip6_pkt *pkt[4];
	struct sockaddr_in6 to;
	struct io_packet *p;
	struct pollfd w = { tun->fd, POLLIN, 0 };
	const uint8_t *o;
	size_t n = 0, i;
	int fd;

	assert_string_equal(mip6_plat_tun_name(io->f->plat), HOST_TUN);
	assert_int_equal(tun->ifindex, 0);
	for (i = 0; i < 4; i++)
		if (i != 1 && i != 2)
			assert_int_equal(fix_do(io->f, fix_effect(i, true)), 0);
	assert_int_equal(fix_do(io->f, fix_effect(4, true)), 0);
	assert_int_equal(fix_do(io->f, fix_effect(5, true)), 0);
	assert_int_equal(fix_do(io->f, fix_effect(7, true)), 0);
	fd = io_udp(IO_HOME, 9000);
	/* Out: nothing but what was sent, with its checksum done. */
	memset(&to, 0, sizeof(to));
	to.sin6_family = AF_INET6;
	to.sin6_port = htons(53);
	assert_int_equal(inet_pton(AF_INET6, "2001:db8:c::1", &to.sin6_addr),
	    1);
	assert_int_equal(sendto(fd, "mip6", 4, 0, (const struct sockaddr *)&to,
			     sizeof(to)),
	    4);
	while (n == 0 && poll(&w, 1, 5000) > 0) {
		n = tun->ops->recv(tun, io->pool, pkt, 4);
		o = n > 0 ? mip6_pkt_octets(pkt[0]) : NULL;
		/* The host's own listener reports come this way as well. */
		if (n > 0 && o[6] != 17) {
			for (i = 0; i < n; i++)
				mip6_pool_put(io->pool, pkt[i]);
			n = 0;
		}
	}
	assert_int_equal(n, 1);
	o = mip6_pkt_octets(pkt[0]);
	assert_int_equal(pkt[0]->count, 52);
	assert_int_equal(pkt[0]->ifindex, 0);
	p = io_begin(IO_HOME, 17);
	memcpy(p->octets + 14, o, 52);
	p->w.pos = 66;
	assert_int_equal(io_checksum(p, 17), 0);
	mip6_pool_put(io->pool, pkt[0]);
	/* In: to the socket. */
	p = io_begin(IO_HOME, 17);
	io_datagram(p, 9000);
	mip6_wr_patch_u16(&p->w, 18, (uint16_t)(p->w.pos - 54));
	pkt[0] = mip6_pool_get(io->pool, 100);
	memcpy(mip6_pkt_octets(pkt[0]), p->octets + 14, p->w.pos - 14);
	pkt[0]->count = (uint32_t)p->w.pos - 14;
	assert_int_equal(tun->ops->send(tun, io->pool, pkt, 1), 1);
	assert_true(io_delivered(fd, true));
	close(fd);
	io_stop(io);
}

/* A link without an Ethernet header: the bare packet, both ways. */
static void
test_raw_link(void **state)
{
	struct io *io = io_start(*state);
	int fd = host_raw_link("wr");
	struct mip6_port *port;
	struct mip6_pkt *pkt[4];
	struct io_packet *p = io_begin(HOST_ADDR, 59);
	struct pollfd w = { fd, POLLIN, 0 };
	uint8_t octets[256];
	char err[256] = "";
	size_t n;

	FIX_WAIT(io->f,
	    fix_link(io->f, "wr") != NULL && fix_link(io->f, "wr")->up);
	assert_true(fix_link(io->f, "wr")->raw);
	port = mip6_plat_port_open(io->f->plat, fix_link(io->f, "wr"), err,
	    sizeof(err));
	if (port == NULL)
		fail_msg("%s", err);
	mip6_wr_u32(&p->w, 0x01020304);
	assert_int_equal(write(fd, p->octets + 14, 44), 44);
	w.fd = port->fd;
	for (n = 0; n == 0 && poll(&w, 1, 5000) > 0;)
		n = port->ops->recv(port, io->pool, pkt, 4);
	assert_int_equal(n, 1);
	assert_int_equal(pkt[0]->count, 44);
	assert_memory_equal(mip6_pkt_octets(pkt[0]), p->octets + 14, 44);
	mip6_pkt_octets(pkt[0])[43] = 0x99;
	assert_int_equal(port->ops->send(port, io->pool, pkt, 1), 1);
	w.fd = fd;
	memset(octets, 0, sizeof(octets));
	/* The host's own listener reports come out as well. */
	while (poll(&w, 1, 5000) > 0 && octets[43] != 0x99)
		n = (size_t)read(fd, octets, sizeof(octets));
	assert_int_equal(octets[43], 0x99);
	assert_int_equal(n, 44);
	mip6_plat_port_close(io->f->plat, port);
	close(fd);
	io_stop(io);
}

int
main(void)
{
#define CASE(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fix_setup, fix_teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_kernel_is_silent),
		CASE(test_kernel_is_silent_about_fragments),
		CASE(test_shield),
		CASE(test_native_traffic_is_left_alone),
		CASE(test_port_takes_what_is_for_us),
		CASE(test_bursts),
		CASE(test_large_packets),
		CASE(test_ring_overflow_is_counted),
		CASE(test_link_down_and_gone),
		CASE(test_tun),
		CASE(test_raw_link),
	};

	/* 77: skipped, as the runner takes it. */
	if (!host_enter()) {
		printf("no host can be made here\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
