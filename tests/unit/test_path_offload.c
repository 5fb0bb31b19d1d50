/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offloads undone: merged TCP cut into segments, compared octet by octet with
 * what a sender would have sent; unfinished checksums finished, and all others
 * left as they are.
 *
 * Links: path
 */
#include "path/offload.h"

#include "unit/path_support.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_PSH 0x08
#define TCP_ACK 0x10
#define TCP_URG 0x20
#define TCP_ECE 0x40
#define TCP_CWR 0x80

enum check { CHECK_FINISHED, CHECK_UNFINISHED, CHECK_WRONG };

/* A merged packet; 64 KB do not fit struct octets. */
struct merged {
	uint8_t v[66000];
	size_t n;
	size_t header;
};

static struct mip6_addr
addr_at(const uint8_t *v, size_t at)
{
	struct mip6_addr a;

	memcpy(a.b, v + at, 16);
	return a;
}

/* The checksum of the TCP packet by the book: octet pairs, one by one. */
static uint16_t
reference_sum(const uint8_t *v, size_t n, size_t at, bool pseudo_only)
{
	uint32_t sum = 0;
	size_t i, upper = n - at;

	for (i = 8; i < 40; i += 2)
		sum += (uint32_t)(v[i] << 8 | v[i + 1]);
	sum += (uint32_t)upper + MIP6_NH_TCP;
	for (i = at; i < n && !pseudo_only; i += 2)
		if (i != at + 16)
			sum +=
			    (uint32_t)(v[i] << 8 | (i + 1 < n ? v[i + 1] : 0));
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* TCP from PEER to HOME: `options` octets of options, `payload` octets. */
static void
merged_make(struct merged *m, bool extension, size_t tcp_options,
    size_t payload, uint8_t flags, uint32_t seq, enum check check)
{
	struct octets ip = extension ?
	    ip6(PEER, HOME, MIP6_NH_DSTOPTS, 60, options(MIP6_NH_TCP)) :
	    ip6(PEER, HOME, MIP6_NH_TCP, 60, fill(0, 0));
	uint8_t *tcp = m->v + ip.n;
	uint16_t sum;
	size_t i;

	memcpy(m->v, ip.v, ip.n);
	memset(tcp, 0, 20);
	tcp[1] = 80;
	tcp[3] = 99;
	for (i = 0; i < 4; i++)
		tcp[4 + i] = (uint8_t)(seq >> (24 - 8 * i));
	tcp[12] = (uint8_t)((20 + tcp_options) / 4 << 4);
	tcp[13] = flags;
	tcp[14] = 0x20;
	for (i = 0; i < tcp_options; i++)
		tcp[20 + i] = (uint8_t)(i + 1);
	m->header = ip.n + 20 + tcp_options;
	m->n = m->header + payload;
	for (i = m->header; i < m->n; i++)
		m->v[i] = (uint8_t)(i * 31 + (i >> 8));
	m->v[4] = (uint8_t)((m->n - 40) >> 8);
	m->v[5] = (uint8_t)(m->n - 40);
	sum = reference_sum(m->v, m->n, ip.n, check == CHECK_UNFINISHED);
	if (check != CHECK_UNFINISHED)
		sum = (uint16_t)~sum;
	if (check == CHECK_WRONG)
		sum ^= 0x0100;
	tcp[16] = (uint8_t)(sum >> 8);
	tcp[17] = (uint8_t)sum;
}

static struct mip6_pkt *
merged_pkt(struct pf *f, const struct merged *m)
{
	return pf_pkt(f, m->v, m->n);
}

/* The segments are those of the merged packet, in order, and right. */
static void
segments_are(const struct pf *f, const struct merged *m, size_t mtu)
{
	size_t at = m->header;
	uint8_t flags;
	size_t i, tcp_at, payload;

	for (i = 0; i < f->outs; i++) {
		const struct mip6_pkt *pkt = f->out[i].pkt;
		const uint8_t *v = mip6_pkt_octets(pkt);
		struct mip6_ip6_view view;
		struct mip6_addr src, dst;
		uint32_t seq;

		assert_true(pkt->count <= mtu);
		assert_int_equal(mip6_ip6_view(v, pkt->count, &view, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(view.octets, pkt->count);
		assert_int_equal(view.upper, MIP6_NH_TCP);
		tcp_at = view.upper_at;
		src = addr_at(v, 8);
		dst = addr_at(v, 24);
		assert_true(mip6_cksum_upper_ok(&src, &dst, MIP6_NH_TCP,
		    v + tcp_at, pkt->count - tcp_at));
		assert_int_equal((uint16_t)~reference_sum(v, pkt->count, tcp_at,
				     false),
		    v[tcp_at + 16] << 8 | v[tcp_at + 17]);
		/* Headers but length, sequence, flags and checksum. */
		assert_memory_equal(v, m->v, 4);
		assert_memory_equal(v + 6, m->v + 6, tcp_at + 4 - 6);
		assert_memory_equal(v + tcp_at + 8, m->v + tcp_at + 8, 5);
		assert_memory_equal(v + tcp_at + 14, m->v + tcp_at + 14, 2);
		assert_memory_equal(v + tcp_at + 18, m->v + tcp_at + 18,
		    m->header - tcp_at - 18);
		seq = (uint32_t)m->v[tcp_at + 4] << 24 |
		    (uint32_t)m->v[tcp_at + 5] << 16 |
		    (uint32_t)m->v[tcp_at + 6] << 8 | m->v[tcp_at + 7];
		seq += (uint32_t)(at - m->header);
		assert_int_equal(v[tcp_at + 4], seq >> 24);
		assert_int_equal(v[tcp_at + 7], seq & 0xff);
		assert_int_equal(v[tcp_at + 5] << 8 | v[tcp_at + 6],
		    seq >> 8 & 0xffff);
		flags = m->v[tcp_at + 13];
		if (i > 0)
			flags &= (uint8_t)~TCP_CWR;
		if (i + 1 < f->outs)
			flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
		assert_int_equal(v[tcp_at + 13], flags);
		payload = pkt->count - m->header;
		assert_true(payload > 0 && at + payload <= m->n);
		assert_memory_equal(v + m->header, m->v + at, payload);
		at += payload;
	}
	assert_int_equal(at, m->n);
}

static void
test_cut(void **state)
{
	static const struct {
		bool extension;
		size_t options, payload;
		uint8_t flags;
		uint32_t seq;
		enum check check;
	} rows[] = {
		{ false, 0, 2000, TCP_ACK, 1000, CHECK_UNFINISHED },
		{ false, 12, 2784, TCP_ACK | TCP_PSH, 0xffffff00,
		    CHECK_UNFINISHED },
		{ false, 12, 2785, TCP_ACK | TCP_PSH | TCP_FIN, 7,
		    CHECK_UNFINISHED },
		{ false, 40, 64000, TCP_ACK | TCP_CWR | TCP_ECE | TCP_PSH, 9,
		    CHECK_UNFINISHED },
		{ false, 12, 65535 - 32, TCP_ACK, 0xfffffff0,
		    CHECK_UNFINISHED },
		{ true, 12, 30001, TCP_ACK | TCP_FIN, 5, CHECK_UNFINISHED },
		{ false, 12, 30001, TCP_ACK | TCP_PSH, 5, CHECK_FINISHED },
		{ false, 0, 1461, TCP_ACK, 5, CHECK_FINISHED },
	};
	struct merged *m = calloc(1, sizeof(*m));
	struct mip6_pkt *pkt;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_home();
		merged_make(m, rows[i].extension, rows[i].options,
		    rows[i].payload, rows[i].flags, rows[i].seq, rows[i].check);
		pkt = merged_pkt(f, m);
		mip6_path_from_link(f->path, &f->now, LINK_HOME, &pkt, 1);
		assert_true(f->outs > 1);
		segments_are(f, m, 1452);
		assert_int_equal(pf_dropped_all(f), 0);
		assert_int_equal(mip6_path_counters(f->path)->merged_cut, 1);
		pf_close(f);
	}
	free(m);
}

/* Random ones, through the tunnel and to another mobile node as well. */
static void
test_cut_random(void **state)
{
	struct merged *m = calloc(1, sizeof(*m));
	struct merged *outer = calloc(1, sizeof(*outer));
	uint64_t seed = 3;
	struct mip6_pkt *pkt;
	struct octets head;
	struct pf *f = pf_open_mn();
	size_t i;

	(void)state;
	for (i = 0; i < 300; i++) {
		merged_make(m, support_draw(&seed) % 4 == 0,
		    support_draw(&seed) % 11 * 4,
		    1500 + support_draw(&seed) % 60000,
		    (uint8_t)(TCP_ACK |
			(support_draw(&seed) &
			    (TCP_FIN | TCP_PSH | TCP_CWR | TCP_ECE))),
		    (uint32_t)support_draw(&seed),
		    support_draw(&seed) % 2 ? CHECK_FINISHED :
					      CHECK_UNFINISHED);
		head = tunnel(AGENT, COA, fill(0, 0));
		memcpy(outer->v, head.v, 40);
		memcpy(outer->v + 40, m->v, m->n);
		outer->n = m->n + 40;
		outer->v[4] = (uint8_t)(m->n >> 8);
		outer->v[5] = (uint8_t)m->n;
		pkt = merged_pkt(f, outer);
		mip6_path_from_link(f->path, &f->now, LINK_AWAY, &pkt, 1);
		segments_are(f, m, 1452);
		pf_clear(f);
	}
	assert_int_equal(pf_dropped_all(f), 0);
	assert_int_equal(mip6_path_counters(f->path)->merged_cut, 300);
	pf_close(f);
	free(outer);
	free(m);
}

/* At the home agent, merged on one tunnel and cut for the other. */
static void
test_cut_shortcut(void **state)
{
	struct merged *m = calloc(1, sizeof(*m));
	struct merged *outer = calloc(1, sizeof(*outer));
	struct mip6_addr home = addr(HOME), home2 = addr(HOME2);
	struct mip6_fwd_row row;
	struct mip6_pkt *pkt;
	struct octets head;
	struct pf *f = pf_open_ha();
	uint16_t sum;
	size_t i;

	(void)state;
	row = pf_row(MIP6_FWD_HA_TUNNEL, HOME2, AGENT, COA2);
	row.mtu = 1400;
	pf_set(f, row);
	merged_make(m, false, 12, 20000, TCP_ACK | TCP_PSH, 1,
	    CHECK_UNFINISHED);
	memcpy(m->v + 8, home.b, 16);
	memcpy(m->v + 24, home2.b, 16);
	sum = reference_sum(m->v, m->n, 40, true);
	m->v[56] = (uint8_t)(sum >> 8);
	m->v[57] = (uint8_t)sum;
	head = tunnel(COA, AGENT, fill(0, 0));
	memcpy(outer->v, head.v, 40);
	memcpy(outer->v + 40, m->v, m->n);
	outer->n = m->n + 40;
	outer->v[4] = (uint8_t)(m->n >> 8);
	outer->v[5] = (uint8_t)m->n;
	pkt = merged_pkt(f, outer);
	mip6_path_from_link(f->path, &f->now, LINK_HOME, &pkt, 1);
	assert_int_equal(f->outs, 16);
	for (i = 0; i < f->outs; i++) {
		struct octets o = pf_octets(f, i);

		assert_true(o.n <= 1400);
		assert_int_equal(o.v[6], MIP6_NH_IPV6);
		/* To look at the inner packets alone. */
		f->out[i].pkt->off += 54;
		f->out[i].pkt->count -= 54;
	}
	m->v[7]--; /* this node forwarded it */
	segments_are(f, m, 1360);
	assert_int_equal(mip6_path_counters(f->path)->shortcut, 16);
	pf_close(f);
	free(outer);
	free(m);
}

/* What cannot be cut. */
static void
test_not_cut(void **state)
{
	static const struct {
		uint8_t flags;
		enum check check;
		size_t tcp_offset; /* 0: right */
		enum mip6_drop why;
	} rows[] = {
		{ TCP_ACK, CHECK_WRONG, 0, MIP6_DROP_BAD_CHECKSUM },
		{ TCP_ACK | TCP_SYN, CHECK_UNFINISHED, 0, MIP6_DROP_TOO_BIG },
		{ TCP_ACK | 4, CHECK_UNFINISHED, 0, MIP6_DROP_TOO_BIG },
		{ TCP_ACK | TCP_URG, CHECK_UNFINISHED, 0, MIP6_DROP_TOO_BIG },
		{ TCP_ACK, CHECK_UNFINISHED, 0x40, MIP6_DROP_TOO_BIG },
	};
	struct merged *m = calloc(1, sizeof(*m));
	struct octets big = udp(PEER, HOME, 1501);
	struct octets head;
	struct mip6_pkt *pkt;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_home();
		merged_make(m, false, 0, 4000, rows[i].flags, 1, rows[i].check);
		if (rows[i].tcp_offset != 0)
			m->v[52] = (uint8_t)rows[i].tcp_offset;
		pkt = merged_pkt(f, m);
		mip6_path_from_link(f->path, &f->now, LINK_HOME, &pkt, 1);
		assert_int_equal(f->outs, 0);
		pf_dropped_only(f, rows[i].why);
		pf_close(f);
	}
	/* Merged datagrams; a fragment as large as that; no upper layer. */
	f = pf_open_home();
	pf_link(f, LINK_HOME, big);
	pf_dropped_only(f, MIP6_DROP_TOO_BIG);
	head = ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_TCP, 0, true, 1, fill(1600, 0)));
	pf_link(f, LINK_HOME, head);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TOO_BIG), 2);
	pf_link(f, LINK_HOME, ip6(PEER, HOME, MIP6_NH_NONE, 64, fill(1600, 0)));
	assert_int_equal(pf_dropped(f, MIP6_DROP_TOO_BIG), 3);
	/* Larger than the TUN, and yet as it was sent: left whole. */
	big = udp(PEER, HOME, 1500);
	pf_link(f, LINK_HOME, big);
	pf_is_tun(f, 0, big);
	pf_close(f);
	free(m);
}

/* Without buffers for all segments there is none. */
static void
test_cut_no_buffer(void **state)
{
	struct merged *m = calloc(1, sizeof(*m));
	struct mip6_pkt *hold[PF_ORDINARY], *pkt;
	struct pf *f = pf_open_home();
	size_t n = 0;

	(void)state;
	while (mip6_pool_out(f->pool) < PF_ORDINARY - 3)
		hold[n++] = mip6_pool_get(f->pool, 10);
	merged_make(m, false, 0, 9000, TCP_ACK, 1, CHECK_UNFINISHED);
	pkt = merged_pkt(f, m);
	mip6_path_from_link(f->path, &f->now, LINK_HOME, &pkt, 1);
	assert_int_equal(f->outs, 0);
	pf_dropped_only(f, MIP6_DROP_NO_BUFFER);
	while (n > 0)
		mip6_pool_put(f->pool, hold[--n]);
	pf_close(f);
	free(m);
}

/* Every protocol with a checksum, unfinished, finished and wrong. */
static void
test_checksums(void **state)
{
	static const struct {
		uint8_t next;
		size_t octets;
		bool known;
	} rows[] = {
		{ MIP6_NH_TCP, 20, true },
		{ MIP6_NH_TCP, 301, true },
		{ MIP6_NH_TCP, 17, false }, /* no room for a field */
		{ MIP6_NH_UDP, 8, true },
		{ MIP6_NH_UDP, 7, false },
		{ MIP6_NH_ICMPV6, 64, true },
		{ 132, 64, false },
		{ MIP6_NH_NONE, 64, false },
	};
	struct octets o, finished;
	struct mip6_addr src = addr(PEER), dst = addr(HOME);
	struct pf *f;
	uint16_t sum;
	size_t i, field;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_home();
		o = ip6(PEER, HOME, rows[i].next, 64,
		    fill(rows[i].octets, 0x80));
		field = mip6_cksum_offset(rows[i].next);
		if (!rows[i].known) {
			pf_link(f, LINK_HOME, o);
			pf_is_tun(f, 0, o);
			assert_int_equal(mip6_path_counters(f->path)
					     ->checksums_finished,
			    0);
			pf_close(f);
			continue;
		}
		finished = checked(o);
		pf_link(f, LINK_HOME, finished);
		pf_is_tun(f, 0, finished);
		assert_int_equal(mip6_path_counters(f->path)
				     ->checksums_finished,
		    0);
		o = finished;
		sum = mip6_cksum_fold(mip6_cksum_pseudo(&src, &dst,
		    (uint32_t)rows[i].octets, rows[i].next));
		o.v[40 + field] = (uint8_t)(sum >> 8);
		o.v[40 + field + 1] = (uint8_t)sum;
		pf_link(f, LINK_HOME, o);
		pf_is_tun(f, 1, finished);
		assert_int_equal(mip6_path_counters(f->path)
				     ->checksums_finished,
		    1);
		/* Wrong by one: the host shall see it so. */
		o = finished;
		o.v[40 + field] ^= 1;
		pf_link(f, LINK_HOME, o);
		pf_is_tun(f, 2, o);
		assert_int_equal(mip6_path_counters(f->path)
				     ->checksums_finished,
		    1);
		pf_close(f);
	}
	/* Out of the tunnel, too; not in a fragment. */
	f = pf_open_mn();
	finished = udp(PEER, HOME, 200);
	o = finished;
	sum = mip6_cksum_fold(mip6_cksum_pseudo(&src, &dst, 160, MIP6_NH_UDP));
	o.v[46] = (uint8_t)(sum >> 8);
	o.v[47] = (uint8_t)sum;
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, o));
	pf_is_tun(f, 0, finished);
	o = ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_UDP, 0, true, 1, part(o, 40, 160)));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, o));
	pf_is_tun(f, 1, o);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_random),
		cmocka_unit_test(test_cut_shortcut),
		cmocka_unit_test(test_not_cut),
		cmocka_unit_test(test_cut_no_buffer),
		cmocka_unit_test(test_checksums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
