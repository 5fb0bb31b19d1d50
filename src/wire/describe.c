/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets as text.  Each kind of message has one function, which says what a
 * person asks first; what cannot be read is named by its error and offset.
 *
 * Invariants: tunnels and quoted packets are followed to a fixed depth;
 * nothing is shown of keygen tokens, authenticators, cookies and payload.
 *
 * Implements: nothing of an RFC; it uses their abbreviations.
 */
#include "wire/describe.h"

#include "wire/cksum.h"
#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"
#include "wire/mh.h"

#define DESCRIBE_DEPTH_MAX 3

static void describe_ip6(struct mip6_fmt *f, const uint8_t *octets,
    size_t count, bool quoted, unsigned int depth);

static void
describe_u64(struct mip6_fmt *f, const char *key, uint64_t v)
{
	mip6_fmt_str(f, key);
	mip6_fmt_u64(f, v);
}

static void
describe_addr(struct mip6_fmt *f, const char *key, const struct mip6_addr *a)
{
	mip6_fmt_str(f, key);
	mip6_fmt_addr(f, a);
}

static void
describe_seconds(struct mip6_fmt *f, const char *key, struct mip6_span s)
{
	mip6_fmt_str(f, key);
	if (s.us == MIP6_ND_INFINITE.us) {
		mip6_fmt_str(f, "infinite");
		return;
	}
	mip6_fmt_u64(f, (uint64_t)s.us / 1000000);
	mip6_fmt_char(f, 's');
}

static void
describe_ms(struct mip6_fmt *f, const char *key, struct mip6_span s)
{
	mip6_fmt_str(f, key);
	mip6_fmt_u64(f, (uint64_t)s.us / 1000);
	mip6_fmt_str(f, "ms");
}

static void
describe_bad(struct mip6_fmt *f, enum mip6_parse p, size_t at)
{
	mip6_fmt_str(f, " [");
	mip6_fmt_str(f, mip6_parse_name(p));
	mip6_fmt_str(f, " at ");
	mip6_fmt_u64(f, at);
	mip6_fmt_char(f, ']');
}

/* " ABC", of the letters whose flag is set; nothing when none is. */
struct describe_flag {
	char letter;
	bool on;
};

static void
describe_flags(struct mip6_fmt *f, const struct describe_flag *flags, size_t n)
{
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!flags[i].on)
			continue;
		if (!any)
			mip6_fmt_char(f, ' ');
		any = true;
		mip6_fmt_char(f, flags[i].letter);
	}
}

static void
describe_auth(struct mip6_fmt *f, const char *name,
    const struct mip6_mh_auth *a)
{
	mip6_fmt_str(f, name);
	describe_u64(f, " spi=", a->spi);
}

/* An identifier comes from outside: letters, digits and a few signs alone. */
static void
describe_mn_id(struct mip6_fmt *f, const struct mip6_mhopts *o)
{
	size_t i;
	uint8_t c;

	if (o->mn_id_subtype != MIP6_MN_ID_NAI) {
		mip6_fmt_str(f, " mn-id=0x");
		mip6_fmt_hex(f, o->mn_id, o->mn_id_octets);
		return;
	}
	mip6_fmt_str(f, " mn-id=");
	for (i = 0; i < o->mn_id_octets; i++) {
		c = o->mn_id[i];
		mip6_fmt_char(f, c > 0x20 && c < 0x7f ? (char)c : '?');
	}
}

static void
describe_mhopts(struct mip6_fmt *f, const struct mip6_mhopts *o)
{
	if (o->has_alt_coa)
		describe_addr(f, " alt-coa=", &o->alt_coa);
	if (o->has_refresh_advice)
		describe_seconds(f, " refresh=", o->refresh_advice);
	if (o->has_nonce_indices) {
		describe_u64(f, " nonces=", o->home_nonce_index);
		describe_u64(f, ",", o->coa_nonce_index);
	}
	if (o->has_mn_id)
		describe_mn_id(f, o);
	if (o->has_replay)
		describe_u64(f, " timestamp=", o->replay >> 32);
	if (o->has_mn_ha)
		describe_auth(f, " mn-ha", &o->mn_ha);
	if (o->has_mn_aaa)
		describe_auth(f, " mn-aaa", &o->mn_aaa);
	if (o->has_auth_data)
		mip6_fmt_str(f, " auth");
	if (o->unknown > 0)
		describe_u64(f, " unknown-options=", o->unknown);
}

static void
describe_bu(struct mip6_fmt *f, const struct mip6_mh_bu *bu)
{
	const struct describe_flag flags[] = { { 'A', bu->ack },
		{ 'H', bu->home }, { 'L', bu->link_local }, { 'K', bu->key } };

	describe_u64(f, " seq=", bu->seq);
	describe_flags(f, flags, MIP6_COUNT(flags));
	describe_seconds(f, " lifetime=", bu->lifetime);
}

static void
describe_ba(struct mip6_fmt *f, const struct mip6_mh_ba *ba)
{
	describe_u64(f, " status=", ba->status);
	mip6_fmt_char(f, '(');
	mip6_fmt_str(f, mip6_ba_status_name(ba->status));
	describe_u64(f, ") seq=", ba->seq);
	mip6_fmt_str(f, ba->key ? " K" : "");
	describe_seconds(f, " lifetime=", ba->lifetime);
}

static void
describe_mh(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	enum mip6_parse p;
	struct mip6_mh m;
	size_t at = 0;

	mip6_fmt_str(f,
	    count > MIP6_MH_AT_TYPE ?
		mip6_mh_type_name(octets[MIP6_MH_AT_TYPE]) :
		"MH");
	p = mip6_mh_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		describe_bad(f, p, at);
		return;
	}
	switch (m.type) {
	case MIP6_MH_BRR:
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
		break;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		describe_u64(f, " nonce=", m.u.test.nonce_index);
		break;
	case MIP6_MH_BU:
		describe_bu(f, &m.u.bu);
		break;
	case MIP6_MH_BA:
		describe_ba(f, &m.u.ba);
		break;
	case MIP6_MH_BE:
		describe_u64(f, " status=", m.u.be.status);
		describe_addr(f, " hoa=", &m.u.be.hoa);
		break;
	}
	describe_mhopts(f, &m.opt);
}

static void
describe_prefix(struct mip6_fmt *f, const struct mip6_nd_prefix *p)
{
	const struct describe_flag flags[] = { { 'L', p->on_link },
		{ 'A', p->autonomous }, { 'R', p->router } };

	describe_addr(f, " prefix=", &p->addr);
	describe_u64(f, "/", p->bits);
	describe_flags(f, flags, MIP6_COUNT(flags));
	describe_seconds(f, " valid=", p->valid);
	describe_seconds(f, " preferred=", p->preferred);
}

static void
describe_nd_opts(struct mip6_fmt *f, const struct mip6_nd_opts *o)
{
	size_t i;

	for (i = 0; i < o->prefix_count; i++)
		describe_prefix(f, &o->prefix[i]);
	if (o->has_mtu)
		describe_u64(f, " mtu=", o->mtu);
	if (o->has_adv_interval)
		describe_ms(f, " interval=", o->adv_interval);
	if (o->has_ha_info) {
		describe_u64(f, " ha-preference=", o->ha_preference);
		describe_seconds(f, " ha-lifetime=", o->ha_lifetime);
	}
	if (o->has_slla) {
		mip6_fmt_str(f, " slla=");
		mip6_fmt_lladdr(f, &o->slla);
	}
	if (o->has_tlla) {
		mip6_fmt_str(f, " tlla=");
		mip6_fmt_lladdr(f, &o->tlla);
	}
	if (o->unknown > 0)
		describe_u64(f, " unknown-options=", o->unknown);
}

static void
describe_ra(struct mip6_fmt *f, const struct mip6_nd_ra *ra)
{
	const struct describe_flag flags[] = { { 'M', ra->managed },
		{ 'O', ra->other }, { 'H', ra->home_agent } };

	mip6_fmt_str(f, "RA");
	describe_flags(f, flags, MIP6_COUNT(flags));
	describe_seconds(f, " router-lifetime=", ra->router_lifetime);
}

static void
describe_na(struct mip6_fmt *f, const struct mip6_nd_na *na)
{
	const struct describe_flag flags[] = { { 'R', na->router },
		{ 'S', na->solicited }, { 'O', na->override } };

	describe_addr(f, "NA target=", &na->target);
	describe_flags(f, flags, MIP6_COUNT(flags));
}

static void
describe_nd(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	static const char *const names[] = { "RS", "RA", "NS", "NA" };
	struct mip6_nd n;
	enum mip6_parse p;
	size_t at = 0;

	p = mip6_nd_read(octets, count, &n, &at);
	if (p != MIP6_PARSE_OK) {
		mip6_fmt_str(f, names[octets[0] - MIP6_ND_RS]);
		describe_bad(f, p, at);
		return;
	}
	switch (n.type) {
	case MIP6_ND_RA:
		describe_ra(f, &n.u.ra);
		break;
	case MIP6_ND_NS:
		describe_addr(f, "NS target=", &n.u.ns.target);
		break;
	case MIP6_ND_NA:
		describe_na(f, &n.u.na);
		break;
	default:
		mip6_fmt_str(f, "RS");
		break;
	}
	describe_nd_opts(f, &n.opt);
}

static void
describe_icmp6_error(struct mip6_fmt *f, const struct mip6_icmp6 *m,
    unsigned int depth)
{
	static const char *const names[] = { NULL, "unreachable",
		"packet-too-big", "time-exceeded", "parameter-problem" };

	mip6_fmt_str(f, "ICMPv6 ");
	if (m->type > 0 && m->type < MIP6_COUNT(names))
		mip6_fmt_str(f, names[m->type]);
	else
		describe_u64(f, "error type=", m->type);
	describe_u64(f, " code=", m->code);
	if (m->type == MIP6_ICMP6_TOO_BIG)
		describe_u64(f, " mtu=", m->word);
	if (m->type == MIP6_ICMP6_PARAM_PROBLEM)
		describe_u64(f, " pointer=", m->word);
	mip6_fmt_str(f, " about {");
	describe_ip6(f, m->body, m->body_octets, true, depth);
	mip6_fmt_char(f, '}');
}

static void
describe_dhaad(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	struct mip6_dhaad d;
	enum mip6_parse p;
	size_t at = 0, i;

	mip6_fmt_str(f,
	    octets[0] == MIP6_ICMP6_DHAAD_REQUEST ? "DHAAD-request" :
						    "DHAAD-reply");
	p = mip6_dhaad_read(octets, count, &d, &at);
	if (p != MIP6_PARSE_OK) {
		describe_bad(f, p, at);
		return;
	}
	describe_u64(f, " id=", d.id);
	for (i = 0; i < d.addr_count; i++)
		describe_addr(f, " agent=", &d.addr[i]);
}

static void
describe_mp(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	struct mip6_mp m;
	enum mip6_parse p;
	size_t at = 0;

	mip6_fmt_str(f, octets[0] == MIP6_ICMP6_MPS ? "MPS" : "MPA");
	p = mip6_mp_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		describe_bad(f, p, at);
		return;
	}
	describe_u64(f, " id=", m.id);
	describe_nd_opts(f, &m.opt);
}

static void
describe_echo(struct mip6_fmt *f, const struct mip6_icmp6 *m)
{
	mip6_fmt_str(f,
	    m->type == MIP6_ICMP6_ECHO_REQUEST ? "echo-request" : "echo-reply");
	describe_u64(f, " id=", m->word >> 16);
	describe_u64(f, " seq=", m->word & 0xffff);
}

static void
describe_icmp6(struct mip6_fmt *f, const uint8_t *octets, size_t count,
    unsigned int depth)
{
	struct mip6_icmp6 m;
	enum mip6_parse p;
	size_t at = 0;

	p = mip6_icmp6_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		mip6_fmt_str(f, "ICMPv6");
		describe_bad(f, p, at);
		return;
	}
	if (mip6_icmp6_is_error(m.type))
		describe_icmp6_error(f, &m, depth);
	else if (mip6_nd_is_nd(m.type))
		describe_nd(f, octets, count);
	else if (m.type == MIP6_ICMP6_ECHO_REQUEST ||
	    m.type == MIP6_ICMP6_ECHO_REPLY)
		describe_echo(f, &m);
	else if (m.type == MIP6_ICMP6_DHAAD_REQUEST ||
	    m.type == MIP6_ICMP6_DHAAD_REPLY)
		describe_dhaad(f, octets, count);
	else if (m.type == MIP6_ICMP6_MPS || m.type == MIP6_ICMP6_MPA)
		describe_mp(f, octets, count);
	else
		describe_u64(f, "ICMPv6 type=", m.type);
}

static void
describe_ports(struct mip6_fmt *f, const char *name, const uint8_t *octets,
    size_t count)
{
	struct mip6_rd r = mip6_rd_make(octets, count);
	uint16_t from = mip6_rd_u16(&r);
	uint16_t to = mip6_rd_u16(&r);

	mip6_fmt_str(f, name);
	if (r.failed)
		return;
	describe_u64(f, " ", from);
	describe_u64(f, ">", to);
}

static void
describe_upper(struct mip6_fmt *f, const struct mip6_ip6_view *v,
    const uint8_t *octets, unsigned int depth)
{
	const uint8_t *upper = octets + v->upper_at;

	if (mip6_ip6_is_fragment(v)) {
		describe_u64(f, "fragment of ", v->upper);
		return;
	}
	switch (v->upper) {
	case MIP6_NH_MH:
		describe_mh(f, upper, v->upper_octets);
		break;
	case MIP6_NH_ICMPV6:
		describe_icmp6(f, upper, v->upper_octets, depth);
		break;
	case MIP6_NH_IPV6:
		mip6_fmt_str(f, "tunnel {");
		describe_ip6(f, upper, v->upper_octets, v->cut, depth);
		mip6_fmt_char(f, '}');
		break;
	case MIP6_NH_TCP:
		describe_ports(f, "TCP", upper, v->upper_octets);
		break;
	case MIP6_NH_UDP:
		describe_ports(f, "UDP", upper, v->upper_octets);
		break;
	case MIP6_NH_ESP:
		mip6_fmt_str(f, "ESP");
		break;
	case MIP6_NH_NONE:
		mip6_fmt_str(f, v->cut ? "..." : "nothing");
		break;
	default:
		describe_u64(f, "protocol ", v->upper);
		break;
	}
}

static void
describe_chain(struct mip6_fmt *f, const struct mip6_ip6_view *v)
{
	if (v->has_hao) {
		describe_addr(f, "hao=", &v->hao);
		mip6_fmt_char(f, ' ');
	}
	if (v->has_rh2) {
		describe_addr(f, "rh2=", &v->rh2);
		mip6_fmt_char(f, ' ');
	}
	if (v->has_rh_other) {
		describe_u64(f, "rh-type=", v->rh_other_type);
		mip6_fmt_char(f, ' ');
	}
	if (v->frag.present) {
		describe_u64(f, "frag=", v->frag.id);
		describe_u64(f, "@", v->frag.offset);
		mip6_fmt_str(f, v->frag.more ? "+ " : " ");
	}
	if (v->fault != MIP6_IP6_FAULT_NONE) {
		mip6_fmt_char(f, '[');
		mip6_fmt_str(f, mip6_ip6_fault_name(v->fault));
		describe_u64(f, " at ", v->fault_at);
		mip6_fmt_str(f, "] ");
	}
}

static void
describe_ip6(struct mip6_fmt *f, const uint8_t *octets, size_t count,
    bool quoted, unsigned int depth)
{
	struct mip6_ip6_view v;
	enum mip6_parse p;
	size_t at = 0;

	if (depth == 0) {
		mip6_fmt_str(f, "...");
		return;
	}
	p = quoted ? mip6_ip6_view_quoted(octets, count, &v, &at) :
		     mip6_ip6_view(octets, count, &v, &at);
	if (p != MIP6_PARSE_OK) {
		mip6_fmt_str(f, "IPv6");
		describe_bad(f, p, at);
		return;
	}
	mip6_fmt_addr(f, &v.ip.src);
	mip6_fmt_str(f, " > ");
	mip6_fmt_addr(f, &v.ip.dst);
	mip6_fmt_char(f, ' ');
	describe_chain(f, &v);
	describe_upper(f, &v, octets, depth - 1);
	if (!quoted && !mip6_ip6_is_fragment(&v) &&
	    !mip6_cksum_upper_ok(&v.eff_src, &v.eff_dst, v.upper,
		octets + v.upper_at, v.upper_octets))
		mip6_fmt_str(f, " [bad-checksum]");
}

void
mip6_describe_packet(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	describe_ip6(f, octets, count, false, DESCRIBE_DEPTH_MAX);
}

void
mip6_describe_frame(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	struct mip6_eth e;
	size_t at = 0;

	if (mip6_eth_read(octets, count, &e, &at) != MIP6_PARSE_OK) {
		mip6_fmt_str(f, "frame");
		describe_bad(f, MIP6_PARSE_TRUNCATED, at);
		return;
	}
	if (e.tagged) {
		describe_u64(f, "vlan=", e.vlan);
		mip6_fmt_char(f, ' ');
	}
	if (e.ethertype == MIP6_ETHERTYPE_IPV6) {
		mip6_describe_packet(f, octets + e.payload_at,
		    count - e.payload_at);
		return;
	}
	describe_u64(f, "ethertype=", e.ethertype);
}
