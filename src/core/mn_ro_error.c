/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors about what was sent to a correspondent: the way in which nodes
 * without Mobile IPv6 say that they are such.  Nothing is believed that does
 * not quote a message that we wait for an answer to, down to its cookie or its
 * sequence number.
 *
 * Implements: RFC 6275 sections 11.3.5, 11.6.2.
 */
#include "core/mn_ro_int.h"

#include <string.h>

/* Where the cookie of HoTI and CoTI and the number of a BU are. */
#define RO_COOKIE_AT 8
#define RO_SEQ_AT    6

/* The quoted question, or NULL when it is none that is open. */
static struct ro_peer *
ro_quoted_test(struct mip6_node *n, const struct mip6_ip6_view *quoted,
    const uint8_t *mh, bool care_of)
{
	const struct ro_test *t;
	struct ro_peer *p;
	uint32_t i;

	for (i = 0; i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		t = care_of ? &p->care_of : &p->home;
		/* R11.3.5-01: what we sent, and no other. Test: test_mn_ro_error */
		if (p->used && t->waiting &&
		    mip6_addr_equal(&p->peer, &quoted->ip.dst) &&
		    mip6_addr_equal(&t->src, &quoted->ip.src) &&
		    mip6_crypto_equal(t->cookie, mh + RO_COOKIE_AT,
			sizeof(t->cookie)))
			return p;
	}
	return NULL;
}

static struct ro_peer *
ro_quoted_update(struct mip6_node *n, const struct mip6_ip6_view *quoted,
    const uint8_t *mh)
{
	uint16_t seq = (uint16_t)(mh[RO_SEQ_AT] << 8 | mh[RO_SEQ_AT + 1]);
	struct ro_peer *p;

	if (!quoted->has_hao)
		return NULL;
	p = ro_find(n, &quoted->hao, &quoted->ip.dst);
	/* R11.3.5-01: the same of an update. Test: test_mn_ro_error */
	if (p == NULL || p->bul.unanswered == 0 ||
	    mip6_bul_match(&p->bul, seq) == NULL)
		return NULL;
	return p;
}

/* A message of ours: whose? */
static struct ro_peer *
ro_quoted(struct mip6_node *n, const struct mip6_icmp6 *m,
    const struct mip6_ip6_view *quoted)
{
	const uint8_t *mh = m->body + quoted->upper_at;

	if (quoted->upper != MIP6_NH_MH ||
	    quoted->upper_octets < RO_COOKIE_AT + MIP6_MH_COOKIE_OCTETS)
		return NULL;
	switch (mh[MIP6_MH_AT_TYPE]) {
	case MIP6_MH_HOTI:
		return ro_quoted_test(n, quoted, mh, false);
	case MIP6_MH_COTI:
		return ro_quoted_test(n, quoted, mh, true);
	case MIP6_MH_BU:
		return ro_quoted_update(n, quoted, mh);
	default:
		return NULL;
	}
}

/*
 * An optimized packet came back because of its Home Address option.
 * R11.3.5-03 has it logged; besides, packets that are thrown away are better
 * off in the tunnel until the correspondent has answered once more.
 */
static bool
ro_hao_refused(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_icmp6 *m, const struct mip6_ip6_view *quoted)
{
	struct ro_peer *p;

	if (m->type != MIP6_ICMP6_PARAM_PROBLEM ||
	    m->code != MIP6_ICMP6_OPTION || !quoted->has_hao ||
	    m->word != quoted->hao_at)
		return false;
	p = ro_find(n, &quoted->hao, &quoted->ip.dst);
	/* P-RO-HAO: said by it, of the binding's address.
	 * Test: test_mn_ro_error */
	if (p == NULL || !p->usable ||
	    !mip6_addr_equal(&ip->ip.src, &p->peer) ||
	    !mip6_addr_equal(&quoted->ip.src, &p->bul.coa))
		return false;
	MIP6_LOG(n->log, WARNING, "ro.hao-refused", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer));
	ro_unknown(n, p);
	return true;
}

bool
mn_ro_icmp_error(struct mip6_node *n, const struct mip6_hint *hint)
{
	struct mip6_ip6_view ip, quoted;
	struct mip6_icmp6 m;
	struct ro_peer *p;

	if (n->mn->ro == NULL ||
	    mip6_ip6_view(hint->octets, hint->count, &ip, NULL) !=
		MIP6_PARSE_OK ||
	    ip.upper != MIP6_NH_ICMPV6 ||
	    mip6_icmp6_receive(hint->octets + ip.upper_at, ip.upper_octets,
		&ip.eff_src, &ip.eff_dst, &m, NULL) != MIP6_PARSE_OK ||
	    !mip6_icmp6_is_error(m.type) ||
	    mip6_ip6_view_quoted(m.body, m.body_octets, &quoted, NULL) !=
		MIP6_PARSE_OK)
		return false;
	p = ro_quoted(n, &m, &quoted);
	if (p == NULL)
		return ro_hao_refused(n, &ip, &m, &quoted);
	MIP6_LOG(n->log, INFO, "ro.icmp-error", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer), MIP6_KA("from", &ip.ip.src),
	    MIP6_KU("type", m.type), MIP6_KU("code", m.code));
	/* R11.6.2-05, R11.3.5-01: it knows no such header, or option. */
	if (m.type == MIP6_ICMP6_PARAM_PROBLEM &&
	    mip6_addr_equal(&ip.ip.src, &p->peer))
		ro_deny(n, p, RO_DENIAL_UNSUPPORTED);
	/* Who may have a binding is asked again in its time. */
	else if (m.type == MIP6_ICMP6_UNREACHABLE && !ro_maybe_bound(n, p))
		ro_deny(n, p, RO_DENIAL_UNREACHABLE);
	return true;
}
