/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the packet path costs: nanoseconds a packet of each of its functions.
 * Prints one line `name value unit` for each (bench.h), the median of several rounds.
 *
 * Packets go through in bursts of 64, as from a port.  Timed is the call
 * alone, from the moment the burst is in its buffers to the moment all that
 * comes of it has been handed on; a round is the median of its bursts.  Where
 * there are many rows, each packet is for one drawn at random, so that its
 * memory counts.
 */
#include "bench.h"

#include "path/offload.h"
#include "path/path.h"
#include "path/rows.h"
#include "wire/cksum.h"
#include "wire/dstopt.h"
#include "wire/ip6.h"
#include "wire/rh.h"

#define BENCH_ROUNDS   7
#define BENCH_BURSTS   1000
#define BENCH_BURST    MIP6_PKT_BURST
#define BENCH_MANY     1000000U
#define BENCH_FINDS    1000000U
#define BENCH_BINDINGS 100000U /* of a correspondent */
#define BENCH_MERGED   65000
#define BENCH_OUT_MAX  8192

static const struct mip6_hash_key bench_key = { { 0x0123456789abcdef,
    0xfedcba9876543210, 0x0f1e2d3c4b5a6978, 0x1122334455667788 } };

struct bench {
	struct mip6_pool *pool;
	struct mip6_path *path;
	struct mip6_now now;
	struct mip6_pkt *out[BENCH_OUT_MAX];
	size_t outs;
	uint32_t rows;
	uint64_t seed;
	uint8_t packet[70000]; /* what a burst is made of */
	size_t octets;
	size_t key_at; /* where the number of a row goes; 0: nowhere */
	size_t other_at;
	uint32_t ifindex; /* 0: from the TUN */
	size_t burst;
	size_t each; /* results counted for a packet */
};

static double
bench_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static struct mip6_addr
bench_addr(const char *text)
{
	struct mip6_addr a;

	bench_need(mip6_addr_parse(text, &a), "path");
	return a;
}

/* Home address number `n`, and its place in a packet. */
static void
bench_number(uint8_t *addr, uint32_t n)
{
	addr[12] = (uint8_t)(n >> 24);
	addr[13] = (uint8_t)(n >> 16);
	addr[14] = (uint8_t)(n >> 8);
	addr[15] = (uint8_t)n;
}

/* The path */

static void
bench_emit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct bench *b = arg;

	(void)ifindex;
	bench_need(b->outs < BENCH_OUT_MAX, "path");
	b->out[b->outs++] = pkt;
}

static void
bench_hint(void *arg, const struct mip6_hint *hint, struct mip6_pkt *pkt)
{
	struct bench *b = arg;

	(void)hint;
	if (pkt != NULL)
		mip6_pool_put(b->pool, pkt);
}

static struct bench *
bench_open(uint32_t rows_max)
{
	struct mip6_path_link link = { 1, { { 2, 0, 0, 0, 0, 1 } }, 1500,
		false };
	struct mip6_fwd_hop hop = { .hop = 0,
		.ifindex = 1,
		.lladdr = { { 2, 0, 0, 0, 0, 9 } },
		.usable = true };
	struct bench *b = calloc(1, sizeof(*b));
	struct mip6_path_env env = { .alloc = bench_heap,
		.hash_key = bench_key,
		.rows_max = rows_max,
		.hops_max = 8,
		.waiting_max = 16,
		.reassembly_max = 64,
		.emit = bench_emit,
		.hint = bench_hint };

	bench_need(b != NULL, "path");
	b->pool = mip6_pool_new(&bench_heap, 4096, 4);
	env.pool = b->pool;
	env.arg = b;
	b->path = mip6_path_new(&env);
	bench_need(b->pool != NULL && b->path != NULL, "path");
	bench_need(mip6_path_link_set(b->path, &link), "path");
	mip6_path_tun_mtu(b->path, 1452);
	bench_need(mip6_path_hop_set(b->path, &b->now, &hop), "path");
	b->burst = BENCH_BURST;
	b->each = 1;
	return b;
}

static void
bench_close(struct bench *b)
{
	mip6_path_free(b->path);
	bench_need(mip6_pool_out(b->pool) == 0, "path");
	mip6_pool_free(b->pool);
	free(b);
}

static void
bench_rows(struct bench *b, enum mip6_fwd_kind kind, uint32_t rows)
{
	struct mip6_fwd_row row = { .kind = kind,
		.mtu = 1500,
		.ifindex = 1,
		.onlink_bits = 64 };
	struct mip6_addr local;
	uint32_t i;

	row.home = bench_addr("2001:db8:1::");
	row.local = bench_addr("2001:db8:f::1");
	row.peer = bench_addr("2001:db8:a::5");
	local = row.local;
	bench_need(mip6_path_local_set(b->path, &local, true), "path");
	for (i = 0; i < rows; i++) {
		bench_number(row.home.b, i);
		bench_need(mip6_path_row_set(b->path, &row), "path");
	}
	b->rows = rows;
}

/* Puts an IPv6 header in front of the packet. */
static void
bench_ip6(struct bench *b, const char *src, const char *dst, uint8_t next)
{
	struct mip6_ip6 h = { .src = bench_addr(src), .dst = bench_addr(dst) };

	memmove(b->packet + 40, b->packet, b->octets);
	h.payload_octets = (uint16_t)b->octets;
	h.next_header = next;
	h.hop_limit = 64;
	mip6_ip6_put(b->packet, &h);
	b->octets += 40;
	if (b->key_at != 0)
		b->key_at += 40;
	if (b->other_at != 0)
		b->other_at += 40;
}

static void
bench_payload(struct bench *b, size_t octets)
{
	memset(b->packet, 0x5a, octets);
	b->octets = octets;
}

static void
bench_fill(struct bench *b, struct mip6_pkt **pkt)
{
	size_t i;

	for (i = 0; i < b->burst; i++) {
		pkt[i] = mip6_pool_get(b->pool, b->octets);
		bench_need(pkt[i] != NULL, "path");
		if (b->key_at != 0)
			bench_number(b->packet + b->key_at,
			    (uint32_t)(bench_draw(&b->seed) % b->rows));
		if (b->other_at != 0)
			bench_number(b->packet + b->other_at,
			    (uint32_t)(bench_draw(&b->seed) % b->rows));
		memcpy(mip6_pkt_octets(pkt[i]), b->packet, b->octets);
		pkt[i]->count = (uint32_t)b->octets;
		pkt[i]->ll_src.b[5] = 9;
	}
}

static void
bench_drain(struct bench *b)
{
	while (b->outs > 0)
		mip6_pool_put(b->pool, b->out[--b->outs]);
}

/* Times bursts of the packet; `wanted` results of each packet. */
static void
bench_run(struct bench *b, const char *name, size_t wanted)
{
	static double burst[BENCH_BURSTS];
	double rounds[BENCH_ROUNDS], start;
	struct mip6_pkt *pkt[BENCH_BURST];
	size_t i, r;

	for (r = 0; r < BENCH_ROUNDS; r++) {
		for (i = 0; i < BENCH_BURSTS; i++) {
			bench_fill(b, pkt);
			start = bench_ns();
			if (b->ifindex == 0)
				mip6_path_from_tun(b->path, &b->now, pkt,
				    b->burst);
			else
				mip6_path_from_link(b->path, &b->now,
				    b->ifindex, pkt, b->burst);
			burst[i] = bench_ns() - start;
			bench_need(b->outs == wanted * b->burst, "path");
			bench_drain(b);
			b->now.boot.us += 1000000;
		}
		rounds[r] = bench_median(burst, BENCH_BURSTS) /
		    (double)(b->burst * b->each);
	}
	bench_report(name, rounds, BENCH_ROUNDS, "ns");
}

#define HOME0 "2001:db8:1::"
#define LOCAL "2001:db8:f::1"
#define COA   "2001:db8:a::5"
#define PEER  "2001:db8:c::9"

static void
bench_tunnel_out(const char *name, enum mip6_fwd_kind kind, uint32_t rows,
    size_t octets)
{
	struct bench *b = bench_open(rows);
	bool ha = kind == MIP6_FWD_HA_TUNNEL;

	bench_rows(b, kind, rows);
	bench_payload(b, octets - 40);
	bench_ip6(b, ha ? PEER : HOME0, ha ? HOME0 : PEER, MIP6_NH_UDP);
	if (ha)
		b->key_at = MIP6_IP6_AT_DST;
	bench_run(b, name, 1);
	bench_close(b);
}

static void
bench_tunnel_in(const char *name, enum mip6_fwd_kind kind, uint32_t rows,
    size_t octets, bool shortcut)
{
	struct bench *b = bench_open(rows);
	bool ha = kind == MIP6_FWD_HA_TUNNEL;

	bench_rows(b, kind, rows);
	bench_payload(b, octets - 40);
	bench_ip6(b, ha ? HOME0 : PEER, ha && !shortcut ? PEER : HOME0,
	    MIP6_NH_UDP);
	if (ha)
		b->key_at = MIP6_IP6_AT_SRC;
	if (shortcut)
		b->other_at = MIP6_IP6_AT_DST;
	bench_ip6(b, COA, LOCAL, MIP6_NH_IPV6);
	b->ifindex = 1;
	bench_run(b, name, 1);
	bench_close(b);
}

/*
 * Route optimization: a correspondent of `rows` mobile nodes (its routing
 * header out, their Home Address options in), and a mobile node (the other way
 * round).
 */
static struct bench *
bench_direct_open(uint32_t rows, bool cn)
{
	struct mip6_fwd_row row = { .kind = MIP6_FWD_DIRECT, .mtu = 1500 };
	struct bench *b = bench_open(rows + 1);
	uint32_t i;

	if (!cn)
		bench_rows(b, MIP6_FWD_MN_TUNNEL, 1);
	row.home = bench_addr(cn ? LOCAL : HOME0);
	row.other = bench_addr(cn ? HOME0 : PEER);
	row.local = bench_addr(LOCAL);
	row.peer = bench_addr(cn ? COA : PEER);
	bench_need(mip6_path_local_set(b->path, &row.local, true), "path");
	for (i = 0; i < rows; i++) {
		if (cn)
			bench_number(row.other.b, i);
		bench_need(mip6_path_row_set(b->path, &row), "path");
	}
	b->rows = rows;
	return b;
}

static void
bench_direct(const char *out, const char *in, uint32_t rows, bool cn)
{
	const char *ours = cn ? LOCAL : HOME0, *theirs = cn ? HOME0 : PEER;
	struct bench *b = bench_direct_open(rows, cn);
	struct mip6_addr hoa = bench_addr(HOME0);

	bench_payload(b, 1360);
	bench_ip6(b, ours, theirs, MIP6_NH_UDP);
	if (cn)
		b->key_at = MIP6_IP6_AT_DST;
	bench_run(b, out, 1);
	b->key_at = 0;
	bench_payload(b, 1384);
	if (cn)
		mip6_dstopt_hao_put(b->packet, MIP6_NH_UDP, &hoa);
	else
		mip6_rh2_put(b->packet, MIP6_NH_UDP, &hoa);
	bench_ip6(b, cn ? COA : PEER, LOCAL,
	    cn ? MIP6_NH_DSTOPTS : MIP6_NH_ROUTING);
	if (cn)
		b->key_at = MIP6_IP6_OCTETS + 8;
	b->ifindex = 1;
	bench_run(b, in, 1);
	bench_close(b);
}

static void
bench_direct_memory(uint32_t rows)
{
	struct mip6_fwd_row row = { .kind = MIP6_FWD_DIRECT };
	struct mip6_path_rows t;
	double octets;
	uint32_t i;

	bench_need(mip6_path_rows_init(&t, &bench_heap, &bench_key, rows),
	    "path");
	row.home = bench_addr(LOCAL);
	row.other = bench_addr(HOME0);
	for (i = 0; i < rows; i++) {
		bench_number(row.other.b, i);
		bench_need(mip6_path_rows_set(&t, &row) != NULL, "path");
	}
	octets = (double)t.octets / rows;
	bench_report("path.direct_row_memory_100k", &octets, 1, "octets");
	mip6_path_rows_fini(&t);
}

static void
bench_home(void)
{
	struct bench *b = bench_open(4);

	bench_rows(b, MIP6_FWD_MN_HOME, 1);
	bench_payload(b, 1400);
	bench_ip6(b, PEER, HOME0, MIP6_NH_UDP);
	b->ifindex = 1;
	bench_run(b, "path.home_in", 1);
	bench_close(b);

	b = bench_open(4);
	bench_rows(b, MIP6_FWD_MN_HOME, 1);
	bench_payload(b, 1400);
	bench_ip6(b, HOME0, PEER, MIP6_NH_UDP);
	bench_run(b, "path.home_out", 1);
	bench_close(b);

	/* What a tap sees of others is what there is most of. */
	b = bench_open(4);
	bench_rows(b, MIP6_FWD_MN_HOME, 1);
	bench_payload(b, 1400);
	bench_ip6(b, PEER, COA, MIP6_NH_TCP);
	b->ifindex = 1;
	bench_run(b, "path.not_ours", 0);
	bench_close(b);

	b = bench_open(4);
	bench_rows(b, MIP6_FWD_MN_BLOCK, 1);
	bench_payload(b, 1400);
	bench_ip6(b, HOME0, PEER, MIP6_NH_TCP);
	b->burst = 32; /* as many errors as are made at once */
	bench_run(b, "path.unreachable", 1);
	bench_close(b);
}

static void
bench_offloads(void)
{
	struct mip6_addr src = bench_addr(PEER), dst = bench_addr(HOME0);
	struct bench *b = bench_open(4);
	uint16_t sum;

	bench_rows(b, MIP6_FWD_MN_HOME, 1);
	bench_payload(b, 1400);
	sum = mip6_cksum_fold(mip6_cksum_pseudo(&src, &dst, 1400, MIP6_NH_UDP));
	b->packet[6] = (uint8_t)(sum >> 8);
	b->packet[7] = (uint8_t)sum;
	bench_ip6(b, PEER, HOME0, MIP6_NH_UDP);
	b->ifindex = 1;
	bench_run(b, "path.checksum_finished_1440", 1);
	bench_close(b);

	b = bench_open(4);
	bench_rows(b, MIP6_FWD_MN_HOME, 1);
	bench_payload(b, BENCH_MERGED);
	memset(b->packet, 0, 20);
	b->packet[12] = 0x50;
	b->packet[13] = 0x10;
	sum = mip6_cksum_fold(
	    mip6_cksum_pseudo(&src, &dst, BENCH_MERGED, MIP6_NH_TCP));
	b->packet[16] = (uint8_t)(sum >> 8);
	b->packet[17] = (uint8_t)sum;
	bench_ip6(b, PEER, HOME0, MIP6_NH_TCP);
	b->ifindex = 1;
	b->burst = 1;
	b->each = (BENCH_MERGED - 20 + 1391) / 1392;
	bench_run(b, "path.merged_cut_segment", b->each);
	bench_close(b);
}

static void
bench_fragments(void)
{
	struct bench *b = bench_open(4);
	struct mip6_fwd_row row = { .kind = MIP6_FWD_MN_TUNNEL, .mtu = 1280 };
	struct mip6_pkt *pkt[2];
	static double burst[BENCH_BURSTS];
	double rounds[BENCH_ROUNDS], start;
	uint8_t piece[2][1400];
	size_t i, r, first = 1232;

	row.home = bench_addr(HOME0);
	row.local = bench_addr(COA);
	row.peer = bench_addr(LOCAL);
	bench_need(mip6_path_row_set(b->path, &row), "path");
	bench_payload(b, 1240);
	bench_ip6(b, HOME0, PEER, MIP6_NH_UDP);
	bench_run(b, "path.fragmented_out", 2);

	/* The other direction: two fragments of 1,280 octets in all. */
	bench_need(mip6_path_local_set(b->path, &row.local, true), "path");
	bench_payload(b, 1240);
	bench_ip6(b, PEER, HOME0, MIP6_NH_UDP);
	bench_ip6(b, LOCAL, COA, MIP6_NH_FRAGMENT);
	for (i = 0; i < 2; i++) {
		size_t octets = i == 0 ? first : 1280 - first;

		memcpy(piece[i], b->packet, 40);
		piece[i][4] = (uint8_t)((octets + 8) >> 8);
		piece[i][5] = (uint8_t)(octets + 8);
		memcpy(piece[i] + 48, b->packet + 40 + i * first, octets);
	}
	for (r = 0; r < BENCH_ROUNDS; r++) {
		for (i = 0; i < BENCH_BURSTS; i++) {
			size_t n;

			for (n = 0; n < 2; n++) {
				mip6_frag_put(piece[n] + 40, MIP6_NH_IPV6,
				    (uint16_t)(n * first), n == 0,
				    (uint32_t)(r * BENCH_BURSTS + i));
				pkt[n] = mip6_pool_get(b->pool, 1400);
				bench_need(pkt[n] != NULL, "path");
				pkt[n]->count = n == 0 ?
				    (uint32_t)(48 + first) :
				    (uint32_t)(48 + 1280 - first);
				memcpy(mip6_pkt_octets(pkt[n]), piece[n],
				    pkt[n]->count);
				pkt[n]->ll_src.b[5] = 9;
			}
			start = bench_ns();
			mip6_path_from_link(b->path, &b->now, 1, pkt, 2);
			burst[i] = bench_ns() - start;
			bench_need(b->outs == 1, "path");
			bench_drain(b);
		}
		rounds[r] = bench_median(burst, BENCH_BURSTS);
	}
	bench_report("path.reassembled", rounds, BENCH_ROUNDS, "ns");
	bench_close(b);
}

/* A lookup alone; the keys lie apart from the rows, as in packets. */
static void
bench_find(const char *name, uint32_t rows, bool ahead)
{
	struct mip6_addr *key = malloc(BENCH_FINDS * sizeof(*key));
	uint32_t hash[BENCH_BURST];
	double rounds[BENCH_ROUNDS], start;
	struct mip6_path_rows t;
	struct mip6_fwd_row row = { .home = bench_addr(HOME0),
		.kind = MIP6_FWD_HA_TUNNEL };
	double octets;
	struct mip6_addr any = mip6_addr_any;
	uint64_t seed = 1, hops = 0;
	uint32_t i, n;
	size_t r;

	bench_need(key != NULL &&
		mip6_path_rows_init(&t, &bench_heap, &bench_key, rows),
	    "path");
	for (i = 0; i < rows; i++) {
		bench_number(row.home.b, i);
		row.hop = 1;
		bench_need(mip6_path_rows_set(&t, &row) != NULL, "path");
	}
	for (i = 0; i < BENCH_FINDS; i++) {
		key[i] = row.home;
		bench_number(key[i].b, (uint32_t)(bench_draw(&seed) % rows));
	}
	for (r = 0; r < BENCH_ROUNDS; r++) {
		start = bench_ns();
		for (i = 0; i + BENCH_BURST <= BENCH_FINDS; i += BENCH_BURST) {
			for (n = 0; ahead && n < BENCH_BURST; n++) {
				hash[n] =
				    mip6_path_rows_hash(&t, &key[i + n], &any);
				mip6_path_rows_prefetch_slot(&t, hash[n]);
			}
			for (n = 0; ahead && n < BENCH_BURST; n++)
				mip6_path_rows_prefetch_row(&t, hash[n]);
			for (n = 0; n < BENCH_BURST; n++)
				hops +=
				    mip6_path_rows_find(&t, &key[i + n], &any)
					->hop;
		}
		rounds[r] = (bench_ns() - start) / i;
		bench_need(hops == (r + 1) * (uint64_t)i, "path");
	}
	bench_report(name, rounds, BENCH_ROUNDS, "ns");
	octets = (double)t.octets / rows;
	if (rows == BENCH_MANY && !ahead)
		bench_report("path.row_memory_1m", &octets, 1, "octets");
	mip6_path_rows_fini(&t);
	free(key);
}

/* What to compare with: as many octets, copied. */
static void
bench_copy(void)
{
	static uint8_t from[64][1460], to[64][1460];
	double rounds[BENCH_ROUNDS], start;
	uint32_t i, r;

	for (r = 0; r < BENCH_ROUNDS; r++) {
		memset(from, (int)r, sizeof(from));
		start = bench_ns();
		for (i = 0; i < BENCH_FINDS; i++) {
			memcpy(to[i % 64], from[(i + r) % 64], sizeof(to[0]));
			bench_need(to[i % 64][i % 1460] == r, "copy");
		}
		rounds[r] = (bench_ns() - start) / BENCH_FINDS;
	}
	bench_report("path.copy_1460", rounds, BENCH_ROUNDS, "ns");
}

int
main(void)
{
	bench_copy();
	bench_find("path.row_find_1k", 1000, false);
	bench_find("path.row_find_1m", BENCH_MANY, false);
	bench_find("path.row_find_1m_ahead", BENCH_MANY, true);
	bench_tunnel_out("path.mn_out_100", MIP6_FWD_MN_TUNNEL, 1, 100);
	bench_tunnel_out("path.mn_out_1400", MIP6_FWD_MN_TUNNEL, 1, 1400);
	bench_tunnel_in("path.mn_in_1400", MIP6_FWD_MN_TUNNEL, 1, 1400, false);
	bench_tunnel_out("path.ha_out_1k_rows", MIP6_FWD_HA_TUNNEL, 1000, 1400);
	bench_tunnel_out("path.ha_out_1m_rows", MIP6_FWD_HA_TUNNEL, BENCH_MANY,
	    1400);
	bench_tunnel_in("path.ha_in_1k_rows", MIP6_FWD_HA_TUNNEL, 1000, 1400,
	    false);
	bench_tunnel_in("path.ha_in_1m_rows", MIP6_FWD_HA_TUNNEL, BENCH_MANY,
	    1400, false);
	bench_tunnel_in("path.ha_shortcut_1m_rows", MIP6_FWD_HA_TUNNEL,
	    BENCH_MANY, 1400, true);
	bench_direct("path.rh2_out_1k_rows", "path.hao_in_1k_rows", 1000, true);
	bench_direct("path.rh2_out_100k_rows", "path.hao_in_100k_rows",
	    BENCH_BINDINGS, true);
	bench_direct("path.hao_out", "path.rh2_in", 1, false);
	bench_direct_memory(BENCH_BINDINGS);
	bench_home();
	bench_offloads();
	bench_fragments();
	return EXIT_SUCCESS;
}
