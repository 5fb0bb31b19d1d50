/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets out of a string of octets, for path_drive.h: IPv6 with extension
 * headers, fragments, tunnels, ICMPv6 with what it quotes, to any depth that
 * is wanted, mostly right and at times not.
 */
#ifndef FUZZ_PATH_PACKETS_H
#define FUZZ_PATH_PACKETS_H

#include <stdlib.h>
#include <string.h>

#include "path/path.h"
#include "wire/cksum.h"
#include "wire/ip6.h"

#define DRIVE_OPS      400
#define DRIVE_OCTETS   66000
#define DRIVE_DEPTH    4
#define DRIVE_ADDRS    14
#define DRIVE_ORDINARY 24

/* What was seen, so that a test can tell that everything was. */
struct drive_seen {
	uint64_t hints[MIP6_HINT_PACKET + 1];
	struct mip6_path_counters counters; /* sums */
};

struct drive {
	const uint8_t *in;
	size_t n, at;
	struct mip6_pool *pool;
	struct mip6_path *path;
	struct mip6_now now;
	bool tail;                  /* packets end where their buffers end */
	bool native;                /* some row was at home, or the core sent */
	struct mip6_fwd_row row[4]; /* tunnels that were set */
	size_t rows;
	struct mip6_path_link link[4]; /* [0] is not used */
	bool has_link[4];
	uint8_t packet[DRIVE_OCTETS];
	uint8_t whole[2048]; /* of which fragments come */
	size_t whole_n;
	struct drive_seen *seen;
};

static inline void
drive_need(bool holds)
{
	if (!holds)
		abort();
}

static inline uint8_t
drive_u8(struct drive *d)
{
	return d->at < d->n ? d->in[d->at++] : 0;
}

static inline uint16_t
drive_u16(struct drive *d)
{
	uint16_t high = drive_u8(d);

	return (uint16_t)(high << 8 | drive_u8(d));
}

static inline struct mip6_addr
drive_addr(struct drive *d)
{
	static const char *const text[DRIVE_ADDRS] = { "2001:db8:1::100",
		"2001:db8:1::101", "2001:db8:1::200", "2001:db8:1::1",
		"2001:db8:a::5", "2001:db8:b::6", "2001:db8:c::9",
		"2001:db8:c::a", "fe80::7", "ff02::1", "ff0e::5", "::", "::1",
		"::ffff:1.2.3.4" };
	struct mip6_addr a;
	uint8_t which = drive_u8(d);

	/* The first eight are what most packets are about. */
	which = which < 200 ? which % 8 : which % DRIVE_ADDRS;
	drive_need(mip6_addr_parse(text[which], &a));
	return a;
}

static inline bool
drive_is_home(const uint8_t *a)
{
	static const uint8_t head[15] = { 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0,
		0, 0, 0, 0, 1 };

	return memcmp(a, head, sizeof(head)) == 0;
}

struct drive_at {
	uint8_t *v;
	size_t room;
};

static inline size_t drive_ip6(struct drive *d, struct drive_at to, int depth);

static inline size_t
drive_fill(struct drive *d, struct drive_at to, size_t n)
{
	uint8_t seed = drive_u8(d);
	size_t i;

	if (n > to.room)
		n = to.room;
	for (i = 0; i < n; i++)
		to.v[i] = (uint8_t)(seed + i);
	return n;
}

/* Octets straight from the input. */
static inline size_t
drive_copy(struct drive *d, struct drive_at to, size_t n)
{
	size_t i;

	if (n > to.room)
		n = to.room;
	for (i = 0; i < n; i++)
		to.v[i] = drive_u8(d);
	return n;
}

static inline size_t
drive_transport(struct drive *d, struct drive_at to, uint8_t *next)
{
	uint8_t what = drive_u8(d);
	size_t n;

	*next = what & 1 ? MIP6_NH_TCP : MIP6_NH_UDP;
	n = drive_u16(d) % 1700;
	if ((what & 6) == 6)
		n = drive_u16(d); /* merged, perhaps */
	n = drive_fill(d, to, n);
	if (*next == MIP6_NH_TCP && n > 20) {
		to.v[12] = (uint8_t)(0x50 + (drive_u8(d) & 0x30));
		to.v[13] = drive_u8(d) & 0x99;
	}
	return n;
}

static inline size_t
drive_icmp(struct drive *d, struct drive_at to, int depth)
{
	static const uint8_t types[] = { 1, 2, 3, 4, 128, 133, 134, 135, 136,
		137, 144, 145, 146, 147, 143, 100 };
	struct drive_at body = { to.v + 8, to.room - 8 };

	if (to.room < 8)
		return 0;
	memset(to.v, 0, 8);
	to.v[0] = types[drive_u8(d) % sizeof(types)];
	to.v[1] = drive_u8(d) & 3;
	to.v[6] = drive_u8(d) & 7;
	to.v[7] = drive_u8(d);
	if (to.v[0] < 128 && depth > 0) {
		size_t n = drive_ip6(d, body, depth - 1);
		uint8_t cut = drive_u8(d);

		/* Now and then as long as nobody may send one. */
		if (cut >= 240)
			return 8 + n;
		return 8 + (cut < 100 && cut < n ? cut : n < 1232 ? n : 1232);
	}
	return 8 + drive_copy(d, body, drive_u8(d) & 31);
}

static inline size_t drive_header(struct drive *d, struct drive_at to,
    uint8_t *next, int depth);

/* The payload of an IPv6 packet; *next is what it is. */
static inline size_t
drive_payload(struct drive *d, struct drive_at to, uint8_t *next, int depth)
{
	uint8_t what = drive_u8(d);

	if (depth > 0 && what >= 160 && to.room > 64)
		return drive_header(d, to, next, depth - 1);
	switch (what % 8) {
	case 0:
	case 1:
	case 2:
		return drive_transport(d, to, next);
	case 3:
	case 4:
		*next = MIP6_NH_ICMPV6;
		return drive_icmp(d, to, depth);
	case 5:
		*next = MIP6_NH_IPV6;
		return depth > 0 ? drive_ip6(d, to, depth - 1) : 0;
	case 6:
		*next = MIP6_NH_MH;
		return drive_copy(d, to, 8U * (1 + (drive_u8(d) & 3)));
	default:
		*next = drive_u8(d);
		return drive_copy(d, to, drive_u8(d) & 63);
	}
}

/* An options header as long as there are, all of it padding; its octets. */
static inline size_t
drive_padding(uint8_t *to)
{
	size_t at;

	memset(to, 0, 2048);
	to[1] = 255;
	for (at = 2; at < 2048; at += 2U + to[at + 1]) {
		to[at] = 1;
		to[at + 1] = (uint8_t)(at < 1801 ? 255 : 2048 - at - 2);
	}
	return 2048;
}

/* An extension header and what follows it. */
static inline size_t
drive_header(struct drive *d, struct drive_at to, uint8_t *next, int depth)
{
	static const uint8_t kinds[] = { MIP6_NH_HOPOPTS, MIP6_NH_DSTOPTS,
		MIP6_NH_ROUTING, MIP6_NH_FRAGMENT, MIP6_NH_FRAGMENT,
		MIP6_NH_DSTOPTS };
	uint8_t kind = drive_u8(d);
	struct mip6_addr a;
	struct drive_at rest;
	size_t octets = 8;

	memset(to.v, 0, 24);
	*next = kinds[kind % sizeof(kinds)];
	if (*next == MIP6_NH_FRAGMENT) {
		uint16_t offset = drive_u16(d);

		/* Few places and few identifications, so that they meet. */
		if (kind < 200)
			offset &= 0x00f9;
		to.v[2] = (uint8_t)(offset >> 8);
		to.v[3] = (uint8_t)(offset & 0xf9);
		to.v[7] = drive_u8(d) & 3;
	} else if (kind >= 240 && *next != MIP6_NH_ROUTING && to.room > 4096) {
		octets = drive_padding(to.v);
	} else if (kind & 0x40) {
		octets = 24;
		a = drive_addr(d);
		to.v[1] = 2;
		to.v[2] = *next == MIP6_NH_ROUTING ? 2 : 1;
		to.v[3] = *next == MIP6_NH_ROUTING ? 1 : 2;
		if (*next != MIP6_NH_ROUTING) {
			to.v[6] = 0xc9;
			to.v[7] = 16;
		}
		memcpy(to.v + 8, a.b, 16);
	} else {
		to.v[2] = kind & 0x20 ? 4 : 1;
		to.v[3] = kind & 0x20 ? 1 : 4;
		to.v[4] = drive_u8(d) & 1;
	}
	if (drive_u8(d) == 77)
		to.v[drive_u8(d) % 8] = drive_u8(d);
	rest = (struct drive_at){ to.v + octets, to.room - octets };
	return octets + drive_payload(d, rest, &to.v[0], depth);
}

static inline void
drive_cksum(struct drive *d, uint8_t *v, size_t n)
{
	struct mip6_addr src, dst;
	size_t at = mip6_cksum_offset(v[6]);
	uint8_t how = drive_u8(d);
	uint16_t sum;

	memcpy(src.b, v + 8, 16);
	memcpy(dst.b, v + 24, 16);
	if (how < 180) {
		(void)mip6_cksum_upper_set(&src, &dst, v[6], v + 40, n - 40);
	} else if (at != MIP6_CKSUM_NONE && n >= 40 + at + 2) {
		sum = mip6_cksum_fold(
		    mip6_cksum_pseudo(&src, &dst, (uint32_t)(n - 40), v[6]));
		v[40 + at] = (uint8_t)(sum >> 8);
		v[40 + at + 1] = (uint8_t)sum;
	}
}

/* An IPv6 packet; returns its octets. */
static inline size_t
drive_ip6(struct drive *d, struct drive_at to, int depth)
{
	struct drive_at rest = { to.v + 40, to.room - 40 };
	struct mip6_addr src, dst;
	size_t n;

	if (to.room < 120)
		return 0;
	src = drive_addr(d);
	dst = drive_addr(d);
	memset(to.v, 0, 40);
	to.v[0] = 0x60;
	to.v[1] = (uint8_t)((drive_u8(d) & 3) << 4);
	to.v[7] = drive_u8(d) & 7 ? 64 : 255;
	if (drive_u8(d) < 20)
		to.v[7] = 1;
	memcpy(to.v + 8, src.b, 16);
	memcpy(to.v + 24, dst.b, 16);
	n = drive_payload(d, rest, &to.v[6], depth);
	if (n > 65535)
		n = 65535;
	to.v[4] = (uint8_t)(n >> 8);
	to.v[5] = (uint8_t)n;
	drive_cksum(d, to.v, 40 + n);
	return 40 + n;
}

#endif
