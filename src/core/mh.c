/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility Header messages: the checks that every receiver makes, then to the
 * role that the message is for; and writing them.
 *
 * Implements: RFC 6275 sections 6.1.1, 9.2, 9.3.3.
 */
#include "core/node_int.h"
#include "core/rr_int.h"

#include <string.h>

#define MH_PACKET_OCTETS 1280

/* An ICMPv6 Parameter Problem, code 0, directly to the packet's source. */
static void
mh_problem(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, size_t at)
{
	uint8_t buf[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;

	if (!mip6_icmp6_error_allowed(ip, h->octets, false,
		MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_HEADER_FIELD) ||
	    !node_answer_allowed(n, MIP6_ASKED_ANYBODY))
		return;
	memset(&e, 0, sizeof(e));
	e.src = ip->ip.dst;
	e.dst = ip->ip.src;
	e.hop_limit = 64;
	e.type = MIP6_ICMP6_PARAM_PROBLEM;
	e.code = MIP6_ICMP6_HEADER_FIELD;
	e.word = (uint32_t)(ip->upper_at + at);
	e.quoted = h->octets;
	e.quoted_octets = ip->octets;
	mip6_icmp6_error_write(&w, &e);
	if (!w.failed)
		node_send(n, h->ifindex, MIP6_HOP_NONE, &h->ll_src, buf, w.pos);
}

void
mh_send_error(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, uint8_t status)
{
	uint8_t buf[MH_PACKET_OCTETS];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	/* R9.3.3-02: never to what is not unicast. Test: test_mh_core */
	if (!mip6_addr_is_routable(&ip->ip.src) ||
	    mip6_addr_is_multicast(&ip->ip.dst))
		return;
	/* R9.3.3-04: limited in rate. Test: test_mh_core */
	if (!node_answer_allowed(n, MIP6_ASKED_ANYBODY))
		return;
	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	to.src = ip->ip.dst;
	to.dst = ip->ip.src; /* R9.3.3-01 */
	m.type = MIP6_MH_BE;
	m.u.be.status = status;
	/* R9.3.3-03: the address of the option on the wire, or none. */
	m.u.be.hoa = ip->has_hao ? ip->hao : mip6_addr_any;
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	if (count > 0)
		node_send(n, h->ifindex, MIP6_HOP_NONE, &h->ll_src, buf, count);
}

/* Counts what mip6_mh_receive refused and answers as section 9.2 says. */
static void
mh_refuse(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, enum mip6_parse parse, size_t at)
{
	switch ((int)parse) {
	case MIP6_PARSE_BAD_CHECKSUM:
		node_drop(n, MIP6_DROP_BAD_CHECKSUM, &ip->ip.src);
		break;
	case MIP6_PARSE_UNKNOWN_TYPE:
		node_drop(n, MIP6_DROP_MH_TYPE, &ip->ip.src);
		mh_send_error(n, h, ip, MIP6_BE_UNKNOWN_MH_TYPE);
		break;
	case MIP6_PARSE_BAD_PROTO:
		node_drop(n, MIP6_DROP_MH_PROTO, &ip->ip.src);
		mh_problem(n, h, ip, at);
		break;
	case MIP6_PARSE_BAD_LENGTH:
		node_drop(n, MIP6_DROP_MH_LENGTH, &ip->ip.src);
		mh_problem(n, h, ip, at);
		break;
	case MIP6_PARSE_TRUNCATED:
		node_drop(n, MIP6_DROP_TRUNCATED, &ip->ip.src);
		break;
	default: /* an option */
		node_drop(n, MIP6_DROP_MH_OPTION, &ip->ip.src);
		break;
	}
}

/* What the headers before the Mobility Header must be like. */
static bool
mh_headers_ok(struct mip6_node *n, const struct mip6_ip6_view *ip)
{
	/* R6.3-06: one Home Address option, well placed. Test: test_mh_core */
	if (ip->fault != MIP6_IP6_FAULT_NONE) {
		node_drop(n, mip6_ip6_fault_drop(ip->fault), &ip->ip.src);
		return false;
	}
	/* R9.3.1-01: its address is unicast routable. Test: test_mh_core */
	if (ip->has_hao && !mip6_addr_is_routable(&ip->hao)) {
		node_drop(n, MIP6_DROP_HAO_NOT_UNICAST, &ip->ip.src);
		return false;
	}
	/* R6.4-01: a routing header names our home address. Test: test_mh_core */
	if (ip->has_rh2 &&
	    (ip->rh2_segments_left != 1 || !mn_is_home_addr(n, &ip->rh2))) {
		node_drop(n, MIP6_DROP_RH2_NOT_HOME, &ip->ip.src);
		return false;
	}
	return true;
}

static void
mh_input_bu(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	/* R9.5.4-08: from a source not unicast: nothing. Test: test_mh_core */
	if (mip6_addr_is_multicast(&ip->ip.src) ||
	    mip6_addr_is_any(&ip->ip.src) ||
	    mip6_addr_is_loopback(&ip->ip.src)) {
		node_drop(n, MIP6_DROP_BU_SRC_INVALID, NULL);
		return;
	}
	/* An answer would have that as its source. */
	if (mip6_addr_is_multicast(&ip->ip.dst)) {
		node_drop(n, MIP6_DROP_MARTIAN, &ip->ip.src);
		return;
	}
	if (n->cn != NULL && !m->u.bu.home)
		cn_input_bu(n, h, ip, m);
	else if (n->ha != NULL || m->u.bu.home)
		ha_input_bu(n, h, ip, m);
	else
		node_drop(n, MIP6_DROP_MH_WRONG_ROLE, &ip->ip.src);
}

void
mh_input(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	enum mip6_parse parse;
	struct mip6_mh m;
	size_t at = 0;

	if (!mh_headers_ok(n, ip))
		return;
	parse = mip6_mh_receive(h->octets + ip->upper_at, ip->upper_octets,
	    &ip->eff_src, &ip->eff_dst, &m, &at);
	/* R9.2-01: what fails section 9.2 is discarded. Test: test_mh_core */
	if (parse != MIP6_PARSE_OK) {
		mh_refuse(n, h, ip, parse, at);
		return;
	}
	switch (m.type) {
	case MIP6_MH_BU:
		mh_input_bu(n, h, ip, &m);
		return;
	case MIP6_MH_BA:
		if (n->mn == NULL)
			break;
		mn_input_ba(n, h, ip, &m);
		return;
	case MIP6_MH_BE:
		if (n->mn == NULL)
			break;
		mn_input_be(n, ip, &m);
		return;
	case MIP6_MH_BRR:
		if (n->mn == NULL)
			break;
		mn_input_brr(n, ip, &m);
		return;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
		if (n->cn == NULL)
			break;
		cn_input_init(n, h, ip, &m);
		return;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		if (n->mn == NULL)
			break;
		mn_ro_input_test(n, h, ip, &m);
		return;
	}
	node_drop(n, MIP6_DROP_MH_WRONG_ROLE, &ip->ip.src);
}

size_t
mh_build(struct mip6_node *n, uint8_t *buf, size_t cap,
    const struct mip6_mh_to *to, struct mip6_mh *m,
    const struct mip6_conf_sa *sa, const struct mip6_addr *coa,
    const struct mip6_addr *hoa)
{
	struct mip6_wr w = mip6_wr_make(buf, cap);
	struct mip6_mh_marks marks;
	struct mip6_ip6_out ip;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = to->src;
	ip.ip.dst = to->dst;
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_MH;
	if (to->hao != NULL) {
		ip.has_hao = true;
		ip.hao = *to->hao;
	}
	if (to->rh2 != NULL) {
		ip.has_rh2 = true;
		ip.rh2 = *to->rh2;
	}
	if (sa != NULL && sa->present) {
		m->opt.has_mn_ha = true;
		m->opt.mn_ha.spi = sa->spi;
		m->opt.mn_ha.octets = NULL;
		m->opt.mn_ha.count = MIP6_MH_AUTH_OCTETS;
	}
	if (to->kbm != NULL) {
		m->opt.has_auth_data = true;
		m->opt.auth_data.octets = NULL;
		m->opt.auth_data.count = MIP6_MH_AUTH_OCTETS;
	}
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_mh_write(&w, m, &marks);
	mip6_ip6_end(&w, start);
	if (w.failed) {
		MIP6_LOG(n->log, ERROR, "mh.too-long",
		    MIP6_KS("type", mip6_mh_type_name((uint8_t)m->type)));
		return 0;
	}
	if (m->opt.has_mn_ha &&
	    !auth_sign(n, sa, coa, hoa, buf + at, marks.mn_ha_at))
		return 0;
	if (to->kbm != NULL &&
	    !rr_sign(n, to->kbm, buf + at, marks.auth_data_at))
		return 0;
	/* R6.1.1-06: the home address stands in for the care-of address. */
	mip6_mh_finish(buf + at, marks.octets,
	    to->hao != NULL ? to->hao : &to->src,
	    to->rh2 != NULL ? to->rh2 : &to->dst);
	return w.pos;
}
