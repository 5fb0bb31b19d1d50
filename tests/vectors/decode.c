/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wire layer as a program, so that another program can be asked for a
 * second opinion.
 *
 * usage: decode FILE.pcap	one line of JSON for each packet
 *        decode --make FILE.pcap SEED COUNT
 *
 * A line has the parse result of the packet's innermost readable layer with
 * its offset, the header chain's fault, the state of the checksum, one line
 * for people, and all values as pairs under the names that tshark gives them,
 * in the order of the packet.  --make writes random packets of every kind that
 * the wire layer can write.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fmt.h"
#include "unit/wire_gen.h"
#include "wire/cksum.h"
#include "wire/describe.h"
#include "wire/eth.h"

#define LINK_ETHERNET 1
#define LINK_RAW      101
#define LINK_IPV6     229
#define DEPTH_MAX     4
#define PCAP_MAGIC    0xa1b2c3d4U
#define PCAP_MAGIC_NS 0xa1b23c4dU
#define PACKET_MAX    262144

/* What is said of one packet. */
struct line {
	enum mip6_parse parse;
	size_t bad_at;
	const char *layer; /* in which bad_at counts */
	enum mip6_ip6_fault fault;
	size_t fault_at;
	const char *checksum;
	bool any; /* pairs so far */
};

static void
put_key(struct line *l, const char *key)
{
	(void)printf("%s[\"%s\",\"", l->any ? "," : "", key);
	l->any = true;
}

static void
put_u64(struct line *l, const char *key, uint64_t v)
{
	put_key(l, key);
	(void)printf("%llu\"]", (unsigned long long)v);
}

static void
put_addr(struct line *l, const char *key, const struct mip6_addr *a)
{
	struct mip6_addr_text text = mip6_addr_text(a);

	put_key(l, key);
	(void)printf("%s\"]", text.s);
}

static void
put_hex(struct line *l, const char *key, const uint8_t *octets, size_t count)
{
	size_t i;

	put_key(l, key);
	for (i = 0; i < count; i++)
		(void)printf("%02x", octets[i]);
	(void)printf("\"]");
}

static void
put_s(struct line *l, const char *key, struct mip6_span s, int64_t unit_us)
{
	put_u64(l, key,
	    s.us == INT64_MAX ? UINT32_MAX : (uint64_t)(s.us / unit_us));
}

static void
bad(struct line *l, enum mip6_parse why, const char *layer, size_t at)
{
	if (l->parse != MIP6_PARSE_OK)
		return;
	l->parse = why;
	l->layer = layer;
	l->bad_at = at;
}

static void
line_mhopts(struct line *l, const struct mip6_mhopts *o)
{
	if (o->has_refresh_advice)
		put_s(l, "mip6.bra.interval", o->refresh_advice, 4000000);
	if (o->has_alt_coa)
		put_addr(l, "mip6.acoa.acoa", &o->alt_coa);
	if (o->has_nonce_indices) {
		put_u64(l, "mip6.ni.hni", o->home_nonce_index);
		put_u64(l, "mip6.ni.cni", o->coa_nonce_index);
	}
	if (o->has_auth_data)
		put_hex(l, "mip6.bad.auth", o->auth_data.octets,
		    o->auth_data.count);
	if (o->has_mn_id) {
		put_u64(l, "mip6.mnid.subtype", o->mn_id_subtype);
		put_hex(l, "mip6.mnid.identifier", o->mn_id, o->mn_id_octets);
	}
	if (o->has_replay)
		put_u64(l, "mip6.mseg_id.timestamp", o->replay >> 32);
	if (o->has_mn_ha) {
		put_u64(l, "mip6.auth.subtype", MIP6_MH_AUTH_MN_HA);
		put_u64(l, "mip6.auth.mobility_spi", o->mn_ha.spi);
		put_hex(l, "mip6.auth.auth_data", o->mn_ha.octets,
		    o->mn_ha.count);
	}
	if (o->has_mn_aaa) {
		put_u64(l, "mip6.auth.subtype", MIP6_MH_AUTH_MN_AAA);
		put_u64(l, "mip6.auth.mobility_spi", o->mn_aaa.spi);
		put_hex(l, "mip6.auth.auth_data", o->mn_aaa.octets,
		    o->mn_aaa.count);
	}
}

static void
line_bu(struct line *l, const struct mip6_mh_bu *bu)
{
	put_u64(l, "mip6.bu.seqnr", bu->seq);
	put_u64(l, "mip6.bu.a_flag", bu->ack);
	put_u64(l, "mip6.bu.h_flag", bu->home);
	put_u64(l, "mip6.bu.l_flag", bu->link_local);
	put_u64(l, "mip6.bu.k_flag", bu->key);
	put_s(l, "mip6.bu.lifetime", bu->lifetime, 4000000);
}

static void
line_ba(struct line *l, const struct mip6_mh_ba *ba)
{
	put_u64(l, "mip6.ba.status", ba->status);
	put_u64(l, "mip6.ba.k_flag", ba->key);
	put_u64(l, "mip6.ba.seqnr", ba->seq);
	put_s(l, "mip6.ba.lifetime", ba->lifetime, 4000000);
}

static void
line_mh(struct line *l, const uint8_t *octets, size_t count)
{
	struct mip6_mh m;
	enum mip6_parse p;
	size_t at = 0;

	p = mip6_mh_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		bad(l, p, "mh", at);
		return;
	}
	put_u64(l, "mip6.mhtype", m.type);
	put_u64(l, "mip6.hlen", m.octets / 8 - 1);
	switch (m.type) {
	case MIP6_MH_BRR:
		break;
	case MIP6_MH_HOTI:
		put_hex(l, "mip6.hoti.cookie", m.u.init.cookie, 8);
		break;
	case MIP6_MH_COTI:
		put_hex(l, "mip6.coti.cookie", m.u.init.cookie, 8);
		break;
	case MIP6_MH_HOT:
		put_u64(l, "mip6.hot.nindex", m.u.test.nonce_index);
		put_hex(l, "mip6.hot.cookie", m.u.test.cookie, 8);
		put_hex(l, "mip6.hot.token", m.u.test.token, 8);
		break;
	case MIP6_MH_COT:
		put_u64(l, "mip6.cot.nindex", m.u.test.nonce_index);
		put_hex(l, "mip6.cot.cookie", m.u.test.cookie, 8);
		/* tshark has one name for both tokens. */
		put_hex(l, "mip6.hot.token", m.u.test.token, 8);
		break;
	case MIP6_MH_BU:
		line_bu(l, &m.u.bu);
		break;
	case MIP6_MH_BA:
		line_ba(l, &m.u.ba);
		break;
	case MIP6_MH_BE:
		put_u64(l, "mip6.be.status", m.u.be.status);
		put_addr(l, "mip6.be.haddr", &m.u.be.hoa);
		break;
	}
	line_mhopts(l, &m.opt);
}

static void
line_nd_opts(struct line *l, const struct mip6_nd_opts *o)
{
	const struct mip6_nd_prefix *p;
	size_t i;

	if (o->has_slla)
		put_hex(l, "icmpv6.opt.src_linkaddr", o->slla.b, 6);
	if (o->has_tlla)
		put_hex(l, "icmpv6.opt.target_linkaddr", o->tlla.b, 6);
	if (o->has_mtu)
		put_u64(l, "icmpv6.opt.mtu", o->mtu);
	for (i = 0; i < o->prefix_count; i++) {
		p = &o->prefix[i];
		put_u64(l, "icmpv6.opt.prefix.length", p->bits);
		put_u64(l, "icmpv6.opt.prefix.flag.l", p->on_link);
		put_u64(l, "icmpv6.opt.prefix.flag.a", p->autonomous);
		put_u64(l, "icmpv6.opt.prefix.flag.r", p->router);
		put_s(l, "icmpv6.opt.prefix.valid_lifetime", p->valid, 1000000);
		put_s(l, "icmpv6.opt.prefix.preferred_lifetime", p->preferred,
		    1000000);
		put_addr(l, "icmpv6.opt.prefix", &p->addr);
	}
	if (o->has_adv_interval)
		put_s(l, "icmpv6.opt.advertisement_interval", o->adv_interval,
		    1000);
	if (o->has_ha_info) {
		put_u64(l, "icmpv6.opt.home_agent_preference",
		    o->ha_preference);
		put_s(l, "icmpv6.opt.home_agent_lifetime", o->ha_lifetime,
		    1000000);
	}
}

static void
line_ra(struct line *l, const struct mip6_nd_ra *ra)
{
	put_u64(l, "icmpv6.nd.ra.cur_hop_limit", ra->hop_limit);
	put_u64(l, "icmpv6.nd.ra.flag.m", ra->managed);
	put_u64(l, "icmpv6.nd.ra.flag.o", ra->other);
	put_u64(l, "icmpv6.nd.ra.flag.h", ra->home_agent);
	put_s(l, "icmpv6.nd.ra.router_lifetime", ra->router_lifetime, 1000000);
	put_s(l, "icmpv6.nd.ra.reachable_time", ra->reachable, 1000);
	put_s(l, "icmpv6.nd.ra.retrans_timer", ra->retrans, 1000);
}

/* `v`: the packet it came in, or NULL when it is quoted. */
static void
line_nd(struct line *l, const struct mip6_ip6_view *v, const uint8_t *octets,
    size_t count)
{
	struct mip6_nd n;
	enum mip6_parse p;
	size_t at = 0;

	if (v != NULL)
		p = mip6_nd_receive(octets, count, &v->eff_src, &v->eff_dst,
		    v->ip.hop_limit, &n, &at);
	else
		p = mip6_nd_read(octets, count, &n, &at);
	if (p != MIP6_PARSE_OK) {
		bad(l, p, "icmp6", at);
		return;
	}
	if (n.type == MIP6_ND_RA)
		line_ra(l, &n.u.ra);
	if (n.type == MIP6_ND_NS)
		put_addr(l, "icmpv6.nd.ns.target_address", &n.u.ns.target);
	if (n.type == MIP6_ND_NA) {
		put_u64(l, "icmpv6.nd.na.flag.r", n.u.na.router);
		put_u64(l, "icmpv6.nd.na.flag.s", n.u.na.solicited);
		put_u64(l, "icmpv6.nd.na.flag.o", n.u.na.override);
		put_addr(l, "icmpv6.nd.na.target_address", &n.u.na.target);
	}
	line_nd_opts(l, &n.opt);
}

static void
line_dhaad(struct line *l, const uint8_t *octets, size_t count)
{
	struct mip6_dhaad d;
	enum mip6_parse p;
	size_t at = 0, i;

	p = mip6_dhaad_read(octets, count, &d, &at);
	if (p != MIP6_PARSE_OK) {
		bad(l, p, "icmp6", at);
		return;
	}
	put_u64(l, "icmpv6.mip6.identifier", d.id);
	for (i = 0; i < d.addr_count; i++)
		put_addr(l, "icmpv6.mip6.home_agent_address", &d.addr[i]);
}

static void
line_mp(struct line *l, const uint8_t *octets, size_t count)
{
	struct mip6_mp m;
	enum mip6_parse p;
	size_t at = 0;

	p = mip6_mp_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		bad(l, p, "icmp6", at);
		return;
	}
	put_u64(l, "icmpv6.mip6.identifier", m.id);
	if (m.type == MIP6_ICMP6_MPA) {
		put_u64(l, "icmpv6.mip6.flag.m", m.managed);
		put_u64(l, "icmpv6.mip6.flag.o", m.other);
	}
	line_nd_opts(l, &m.opt);
}

static void line_ip6(struct line *l, const uint8_t *octets, size_t count,
    bool quoted, unsigned int depth);

static void
line_icmp6(struct line *l, const struct mip6_ip6_view *v, const uint8_t *octets,
    size_t count, unsigned int depth)
{
	struct mip6_icmp6 m;
	enum mip6_parse p;
	size_t at = 0;

	p = mip6_icmp6_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		bad(l, p, "icmp6", at);
		return;
	}
	put_u64(l, "icmpv6.type", m.type);
	put_u64(l, "icmpv6.code", m.code);
	if (m.type == MIP6_ICMP6_TOO_BIG)
		put_u64(l, "icmpv6.mtu", m.word);
	if (m.type == MIP6_ICMP6_PARAM_PROBLEM)
		put_u64(l, "icmpv6.pointer", m.word);
	if (m.type == MIP6_ICMP6_ECHO_REQUEST ||
	    m.type == MIP6_ICMP6_ECHO_REPLY) {
		put_u64(l, "icmpv6.echo.identifier", m.word >> 16);
		put_u64(l, "icmpv6.echo.sequence_number", m.word & 0xffff);
	}
	if (mip6_icmp6_is_error(m.type))
		line_ip6(l, m.body, m.body_octets, true, depth);
	else if (mip6_nd_is_nd(m.type))
		line_nd(l, v, octets, count);
	else if (m.type == MIP6_ICMP6_DHAAD_REQUEST ||
	    m.type == MIP6_ICMP6_DHAAD_REPLY)
		line_dhaad(l, octets, count);
	else if (m.type == MIP6_ICMP6_MPS || m.type == MIP6_ICMP6_MPA)
		line_mp(l, octets, count);
}

static void
line_chain(struct line *l, const struct mip6_ip6_view *v)
{
	put_u64(l, "ipv6.plen", v->ip.payload_octets);
	put_u64(l, "ipv6.nxt", v->ip.next_header);
	put_u64(l, "ipv6.hlim", v->ip.hop_limit);
	put_u64(l, "ipv6.tclass", v->ip.traffic_class);
	put_u64(l, "ipv6.flow", v->ip.flow_label);
	put_addr(l, "ipv6.src", &v->ip.src);
	put_addr(l, "ipv6.dst", &v->ip.dst);
	if (v->has_hao)
		put_addr(l, "ipv6.opt.mipv6.home_address", &v->hao);
	if (v->has_rh2) {
		put_u64(l, "ipv6.routing.segleft", v->rh2_segments_left);
		put_addr(l, "ipv6.routing.mipv6.home_address", &v->rh2);
	}
	if (v->has_tunnel_limit)
		put_u64(l, "ipv6.opt.tel", v->tunnel_limit);
	if (v->frag.present) {
		put_u64(l, "ipv6.fraghdr.nxt", v->frag.next_header);
		put_u64(l, "ipv6.fraghdr.offset", v->frag.offset);
		put_u64(l, "ipv6.fraghdr.more", v->frag.more);
		put_u64(l, "ipv6.fraghdr.ident", v->frag.id);
	}
}

static const char *
line_checksum(const struct mip6_ip6_view *v, const uint8_t *octets)
{
	if (mip6_ip6_is_fragment(v) ||
	    mip6_cksum_offset(v->upper) == MIP6_CKSUM_NONE)
		return "none";
	return mip6_cksum_upper_ok(&v->eff_src, &v->eff_dst, v->upper,
		   octets + v->upper_at, v->upper_octets) ?
	    "good" :
	    "bad";
}

static void
line_ip6(struct line *l, const uint8_t *octets, size_t count, bool quoted,
    unsigned int depth)
{
	struct mip6_ip6_view v;
	enum mip6_parse p;
	const uint8_t *upper;
	size_t at = 0;

	if (depth == 0)
		return;
	p = quoted ? mip6_ip6_view_quoted(octets, count, &v, &at) :
		     mip6_ip6_view(octets, count, &v, &at);
	if (p != MIP6_PARSE_OK) {
		bad(l, p, quoted ? "quoted" : "ip6", at);
		return;
	}
	if (l->fault == MIP6_IP6_FAULT_NONE) {
		l->fault = v.fault;
		l->fault_at = v.fault_at;
	}
	line_chain(l, &v);
	if (!quoted)
		l->checksum = line_checksum(&v, octets);
	if (mip6_ip6_is_fragment(&v))
		return;
	upper = octets + v.upper_at;
	if (v.upper == MIP6_NH_MH)
		line_mh(l, upper, v.upper_octets);
	else if (v.upper == MIP6_NH_ICMPV6)
		line_icmp6(l, quoted ? NULL : &v, upper, v.upper_octets,
		    depth - 1);
	else if (v.upper == MIP6_NH_IPV6)
		line_ip6(l, upper, v.upper_octets, quoted, depth - 1);
}

static void
decode_packet(unsigned long number, uint32_t link, const uint8_t *octets,
    size_t count)
{
	struct line l = { .layer = "", .checksum = "none" };
	char text[2048];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));
	struct mip6_eth e;
	size_t at = 0, i;

	(void)printf("{\"n\":%lu,\"f\":[", number);
	if (link != LINK_ETHERNET) {
		line_ip6(&l, octets, count, false, DEPTH_MAX);
		mip6_describe_packet(&f, octets, count);
	} else if (mip6_eth_read(octets, count, &e, &at) != MIP6_PARSE_OK) {
		bad(&l, MIP6_PARSE_TRUNCATED, "eth", at);
	} else {
		mip6_describe_frame(&f, octets, count);
		put_hex(&l, "eth.src", e.src.b, 6);
		put_hex(&l, "eth.dst", e.dst.b, 6);
		if (e.ethertype == MIP6_ETHERTYPE_IPV6)
			line_ip6(&l, octets + e.payload_at,
			    count - e.payload_at, false, DEPTH_MAX);
		else
			l.layer = "other";
	}
	for (i = 0; i < f.count; i++)
		if (text[i] == '"' || text[i] == '\\')
			text[i] = '?';
	(void)printf("],\"parse\":\"%s\",\"layer\":\"%s\",\"at\":%zu,"
		     "\"fault\":\"%s\",\"fault_at\":%zu,"
		     "\"checksum\":\"%s\",\"text\":\"%s\"}\n",
	    mip6_parse_name(l.parse), l.layer, l.bad_at,
	    mip6_ip6_fault_name(l.fault), l.fault_at, l.checksum, text);
}

static uint32_t
pcap_u32(const uint8_t *octets, bool swapped)
{
	uint32_t big = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	    (uint32_t)octets[2] << 8 | octets[3];
	uint32_t little = (uint32_t)octets[3] << 24 |
	    (uint32_t)octets[2] << 16 | (uint32_t)octets[1] << 8 | octets[0];

	return swapped ? little : big;
}

static int
decode_file(const char *path)
{
	static uint8_t octets[PACKET_MAX];
	uint8_t head[24], record[16];
	unsigned long number = 0;
	uint32_t link, count;
	FILE *file = fopen(path, "rb");
	bool swapped;

	if (file == NULL || fread(head, sizeof(head), 1, file) != 1) {
		perror(path);
		return EXIT_FAILURE;
	}
	swapped = pcap_u32(head, true) == PCAP_MAGIC ||
	    pcap_u32(head, true) == PCAP_MAGIC_NS;
	link = pcap_u32(head + 20, swapped) & 0xffff;
	while (fread(record, sizeof(record), 1, file) == 1) {
		uint8_t *copy;

		count = pcap_u32(record + 8, swapped);
		if (count > sizeof(octets) ||
		    fread(octets, 1, count, file) != count)
			break;
		/* Exactly as many octets, for a sanitizer's sake. */
		copy = malloc(count > 0 ? count : 1);
		if (copy == NULL)
			return EXIT_FAILURE;
		memcpy(copy, octets, count);
		decode_packet(++number, link, copy, count);
		free(copy);
	}
	(void)fclose(file);
	return EXIT_SUCCESS;
}

/* The upper layer of a random packet, at w->pos; `o` says which. */
static void
make_upper(struct gen *g, struct mip6_wr *w, struct mip6_ip6_out *o)
{
	uint8_t kind = (uint8_t)gen_below(g, 16);
	struct mip6_nd n;
	struct mip6_mp mp = { .type =
				  kind == 12 ? MIP6_ICMP6_MPS : MIP6_ICMP6_MPA,
		.id = (uint16_t)gen_edge(g, UINT16_MAX) };
	struct mip6_dhaad d = { .type = kind == 14 ? MIP6_ICMP6_DHAAD_REQUEST :
						     MIP6_ICMP6_DHAAD_REPLY,
		.id = (uint16_t)gen_edge(g, UINT16_MAX) };
	struct mip6_mh m;

	o->upper = kind < 8 ? MIP6_NH_MH : MIP6_NH_ICMPV6;
	if (kind < 8) {
		m = gen_mh(g, (enum mip6_mh_type)kind);
		mip6_mh_write(w, &m, NULL);
	} else if (kind < 12) {
		n = gen_nd(g, (uint8_t)(MIP6_ND_RS + kind - 8));
		o->ip.hop_limit = MIP6_ND_HOP_LIMIT;
		o->has_hao = o->has_rh2 = false;
		if (n.type == MIP6_ND_RA) {
			o->ip.src.b[0] = 0xfe;
			o->ip.src.b[1] = 0x80;
		}
		mip6_nd_write(w, &n);
	} else if (kind < 14) {
		if (mp.type == MIP6_ICMP6_MPA)
			gen_prefixes(g, &mp.opt);
		mip6_mp_write(w, &mp);
	} else {
		if (d.type == MIP6_ICMP6_DHAAD_REPLY)
			d.addr_count = (uint8_t)gen_below(g, 20);
		for (size_t i = 0; i < d.addr_count; i++)
			d.addr[i] = gen_addr(g);
		mip6_dhaad_write(w, &d);
	}
}

/* A random packet; its length. */
static size_t
make_packet(struct gen *g, uint8_t *octets, size_t room)
{
	struct mip6_ip6_out o = {
		.ip = { .src = gen_addr(g),
		    .dst = gen_addr(g),
		    .hop_limit = 64,
		    .flow_label = (uint32_t)gen_edge(g, 0xfffff),
		    .traffic_class = (uint8_t)gen_edge(g, 255) },
		.has_hao = gen_bool(g),
		.hao = gen_addr(g),
		.has_rh2 = gen_bool(g),
		.rh2 = gen_addr(g)
	};
	uint8_t upper[4096];
	struct mip6_wr u = mip6_wr_make(upper, sizeof(upper));
	struct mip6_wr w = mip6_wr_make(octets, room);
	size_t start;
	bool done;

	make_upper(g, &u, &o);
	if (gen_below(g, 4) == 0) {
		const struct mip6_ip6_out outer = { .ip = { .src = gen_addr(g),
							.dst = gen_addr(g),
							.hop_limit = 64 },
			.upper = MIP6_NH_IPV6 };

		(void)mip6_ip6_begin(&w, &outer);
	}
	done = mip6_cksum_upper_set(o.has_hao ? &o.hao : &o.ip.src,
	    o.has_rh2 ? &o.rh2 : &o.ip.dst, o.upper, upper, u.pos);
	MIP6_ASSERT(done && !u.failed);
	start = mip6_ip6_begin(&w, &o);
	mip6_wr_octets(&w, upper, u.pos);
	mip6_ip6_end(&w, start);
	mip6_ip6_end(&w, 0);
	MIP6_ASSERT(!w.failed);
	return w.pos;
}

static void
put_u32(FILE *file, uint32_t v)
{
	const uint8_t octets[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	(void)fwrite(octets, 1, 4, file);
}

static int
make_file(const char *path, uint64_t seed, unsigned long count)
{
	struct gen g = gen_make(seed);
	uint8_t octets[8192];
	FILE *file = fopen(path, "wb");
	unsigned long n;
	size_t i, packet;

	if (file == NULL) {
		perror(path);
		return EXIT_FAILURE;
	}
	/* Identifiers that can be shown. */
	for (i = 0; i < sizeof(g.octets[0]); i++)
		g.octets[0][i] = (uint8_t)('a' + g.octets[0][i] % 26);
	put_u32(file, PCAP_MAGIC);
	put_u32(file, 0x00020004);
	put_u32(file, 0);
	put_u32(file, 0);
	put_u32(file, 65535);
	put_u32(file, LINK_IPV6);
	for (n = 0; n < count; n++) {
		packet = make_packet(&g, octets, sizeof(octets));
		put_u32(file, (uint32_t)n);
		put_u32(file, 0);
		put_u32(file, (uint32_t)packet);
		put_u32(file, (uint32_t)packet);
		(void)fwrite(octets, 1, packet, file);
	}
	return fclose(file) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "--make") == 0)
		return make_file(argv[2], strtoull(argv[3], NULL, 10),
		    strtoul(argv[4], NULL, 10));
	if (argc == 2)
		return decode_file(argv[1]);
	(void)fprintf(stderr, "usage: decode FILE | --make FILE SEED COUNT\n");
	return EXIT_FAILURE;
}
