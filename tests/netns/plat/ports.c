/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports: what they take and what they leave to the host, bursts and limits,
 * links that go down or away, the TUN, and a link without Ethernet header.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/common/port_pcap.h"
#include "wire.h"

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

/* What is larger than was said is left out whole, and counted. */
static void
test_cut_packet_is_left_out(void **state)
{
	struct io *io;
	const struct mip6_port_pcap_options o = { 1500, 1 << 20, -1 };
	struct mip6_port *port;
	struct io_packet *p;
	char err[256] = "";
	uint8_t octets[1600];
	struct pollfd w;

	host_mtu(HOST_LINK, 3000);
	host_mtu(HOST_PEER, 3000);
	io = io_start(*state);
	port = mip6_port_pcap_open_with(fix_link(io->f, HOST_LINK), &o, err,
	    sizeof(err));
	assert_non_null(port);
	p = io_begin(HOST_ADDR, 59);
	memset(octets, 0, sizeof(octets));
	memcpy(octets, p->octets, 54);
	octets[18] = (1600 - 54) >> 8;
	octets[19] = (1600 - 54) & 0xff;
	io_frame(io, octets, 1600);
	io_send(io, p);
	w = (struct pollfd){ port->fd, POLLIN, 0 };
	while (io->count == 0 && poll(&w, 1, 5000) > 0)
		io->count = port->ops->recv(port, io->pool, io->got, 64);
	assert_int_equal(io_seen(io), 1);
	assert_int_equal(io->got[0]->count, 40);
	assert_int_equal(port->overflowed, 1);
	port->ops->close(port);
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
	assert_true(host_tun_is_plain());
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

/* The router's advertisement of a prefix, by which the host gets an address. */
static void
io_advertise(struct io *io, const char *prefix)
{
	static const uint8_t group[] = { 0x33, 0x33, 0, 0, 0, 1 };
	struct io_packet *p = io_begin("ff02::1", 58);
	struct mip6_addr router = fix_a(HOST_ROUTER), a = fix_a(prefix);

	memcpy(p->octets, group, sizeof(group));
	memcpy(p->octets + 22, router.b, sizeof(router.b));
	p->octets[21] = 255;
	mip6_wr_u32(&p->w, 134u << 24);
	mip6_wr_u32(&p->w, 64u << 24 | 1800);
	mip6_wr_zero(&p->w, 8);
	mip6_wr_u32(&p->w, 0x030440c0);
	mip6_wr_u32(&p->w, 3600);
	mip6_wr_u32(&p->w, 1800);
	mip6_wr_zero(&p->w, 4);
	mip6_wr_addr(&p->w, &a);
	mip6_wr_patch_u16(&p->w, 56, io_checksum(p, 58));
	io_send(io, p);
}

/* A host that forwards goes on listening to its own router. */
static void
test_forwarding_keeps_the_router(void **state)
{
	struct io *io = io_start(*state);
	struct mip6_action get = { .kind = MIP6_ACT_ROUTE_GET };
	struct mip6_addr router = fix_a(HOST_ROUTER);
	static const char *const prefix[] = { "2001:db8:f1::", "2001:db8:f2::",
		"2001:db8:f3::" };
	struct mip6_prefix learnt;
	size_t round, i, n;

	get.u.dst = fix_a("2001:db8:c::1");
	assert_int_not_equal(fix_do(io->f, get), 0);
	for (round = 0; round < 3; round++) {
		if (round > 0)
			assert_int_equal(fix_do(io->f,
					     fix_effect(13, round == 1)),
			    0);
		if (round > 0)
			assert_int_equal(fix_do(io->f, get), 0);
		n = io->f->addrs;
		io_advertise(io, prefix[round]);
		FIX_WAIT(io->f, io->f->addrs > n);
		learnt.addr = fix_a(prefix[round]);
		learnt.bits = 64;
		for (i = 0; i < io->f->addrs; i++) {
			if (mip6_prefix_has(&learnt, &io->f->addr[i].addr))
				break;
		}
		assert_true(i < io->f->addrs);
		assert_int_equal(fix_do(io->f, get), 0);
		assert_int_equal(io->f->route.ifindex, host_ifindex(HOST_LINK));
		assert_memory_equal(&io->f->route.nexthop, &router, 16);
	}
	io_stop(io);
}

int
main(void)
{
#define CASE(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fix_setup, fix_teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_shield),
		CASE(test_native_traffic_is_left_alone),
		CASE(test_port_takes_what_is_for_us),
		CASE(test_bursts),
		CASE(test_large_packets),
		CASE(test_cut_packet_is_left_out),
		CASE(test_ring_overflow_is_counted),
		CASE(test_link_down_and_gone),
		CASE(test_tun),
		CASE(test_raw_link),
		CASE(test_forwarding_keeps_the_router),
	};

	/* 77: skipped, as the runner takes it. */
	if (!host_enter()) {
		printf("no host can be made here\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
