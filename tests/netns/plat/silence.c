/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host's kernel does with mobility packets: without SILENCE it answers
 * each with an ICMPv6 error, so the test can fail; with it none, and the port
 * sees them all.  What is not mobility is answered as ever.
 */
#include <stdio.h>
#include <string.h>

#include "wire.h"

#define IO_PARTS 24 /* of one packet at the most */

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

/* Under another name the link is the same one. */
static void
test_link_renamed(void **state)
{
	struct io *io = io_start(*state);
	struct mip6_pkt *out;
	struct io_packet *p;

	assert_int_equal(fix_do(io->f, fix_effect(11, true)), 0);
	host_link_rename(HOST_LINK, "wc");
	FIX_WAIT(io->f,
	    fix_link(io->f, "wc") != NULL && fix_link(io->f, "wc")->up);
	assert_null(fix_link(io->f, HOST_LINK));
	io_clear(io);
	assert_int_equal(io_send_chain(io, HOST_ADDR, "T", 0, 1), 1);
	assert_int_equal(io_send_chain(io, HOST_ADDR, "AM", 0, 1), 1);
	io_barrier(io);
	assert_int_equal(io_errors(io), 0);
	IO_WAIT(io, io_seen(io) == 2);
	io_clear(io);
	p = io_begin(HOST_NEIGHBOUR, 59);
	memcpy(p->octets, "\2\0\0\0\0\x0b\2\0\0\0\0\x0a", 12);
	out = mip6_pool_get(io->pool, 54);
	memcpy(mip6_pkt_octets(out), p->octets, 54);
	out->count = 54;
	assert_int_equal(io->port->ops->send(io->port, io->pool, &out, 1), 1);
	IO_WAIT(io, io->backs >= 1);
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
		CASE(test_link_renamed),
	};

	/* 77: skipped, as the runner takes it. */
	if (!host_enter()) {
		printf("no host can be made here\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
