/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors about what the mobile node has sent: updates, and packets in
 * the tunnel to its home agent.
 *
 * Anybody may send such an error, so it is a hint at the most.  What it quotes
 * must be what we send now: from our care-of address to our home agent, with
 * our home address inside.  About an update it says in `status` why nobody
 * answers.  About the tunnel it lowers the limit of the row, or says that a
 * network takes updates and lets no traffic pass: then another link is tried,
 * where there is one, and the binding stays until that one's stands.
 *
 * Implements: RFC 6275 section 11.3.5, RFC 2473 section 8.
 */
#include "core/mn_int.h"

/* So many errors about the tunnel, each soon after the other, are believed. */
#define MN_BARRED_COUNT 3
#define MN_BARRED_SOON  MIP6_SPAN_S(5)

/* The home whose tunnel `outer`, which `m` quotes, has gone through, or NULL. */
static struct mn_home *
mn_quotes_tunnel(struct mip6_node *n, const struct mip6_icmp6 *m,
    const struct mip6_ip6_view *outer)
{
	struct mip6_ip6_view inner;
	struct mn_home *h;

	if (outer->upper != MIP6_NH_IPV6 ||
	    mip6_ip6_view_quoted(m->body + outer->upper_at, outer->upper_octets,
		&inner, NULL) != MIP6_PARSE_OK)
		return NULL;
	h = mn_home_of(n, &inner.ip.src);
	/* RFC2473-8b: quoting the tunnel that we use. Test: test_mn_told */
	if (h == NULL || h->bound == NULL ||
	    !mip6_addr_equal(&outer->ip.src, &h->bound->bul.coa) ||
	    !mip6_addr_equal(&outer->ip.dst, &h->bound->addr))
		return NULL;
	return h;
}

/* A Packet Too Big about our tunnel: the row's limit follows. */
static void
mn_too_big(struct mip6_node *n, struct mn_home *h, const struct mip6_icmp6 *m)
{
	if (m->word >= h->row.mtu)
		return; /* it is no larger already */
	h->path_mtu_at = n->now.boot;
	h->path_mtu = m->word < MIP6_IP6_MTU_MIN ? MIP6_IP6_MTU_MIN :
	    m->word > UINT16_MAX                 ? UINT16_MAX :
						   (uint16_t)m->word;
	MIP6_LOG(n->log, INFO, "mn.path-mtu", MIP6_KA("hoa", &h->hoa),
	    MIP6_KU("mtu", h->path_mtu));
	mn_host_row(n, h);
}

bool
mn_is_barred(const struct mn_home *h, struct mip6_time now)
{
	return h->bound != NULL && h->barred.count >= MN_BARRED_COUNT &&
	    mip6_time_before(now, mip6_time_add(h->barred.at, MN_BARRED_SOON));
}

/* Whoever said so stands between us and the home agent. */
static void
mn_unreachable(struct mip6_node *n, struct mn_home *h,
    const struct mip6_icmp6 *m, const struct mip6_addr *from)
{
	struct mn_barred *b = &h->barred;

	if (b->count > 0 &&
	    !mip6_time_before(n->now.boot,
		mip6_time_add(b->at, MN_BARRED_SOON)))
		b->count = 0;
	b->at = n->now.boot;
	b->from = *from;
	b->code = m->code;
	if (b->count < MN_BARRED_COUNT)
		b->count++;
	/* P-BARRED: one is nothing yet. Test: test_mn_told */
	if (b->count < MN_BARRED_COUNT || h->state != MN_REGISTERED ||
	    h->at.ifindex != h->tunnel_ifindex)
		return;
	/* P-BARRED: its own host is no router on the way. Test: test_mn_told */
	if (mip6_addr_equal(from, &h->bound->addr))
		return;
	link_bar(n, link_find(n, h->tunnel_ifindex));
}

/* Whether the quoted Mobility Header is an update that we wait for. */
static bool
mn_quotes_update(const struct mn_agent *a, const struct mip6_icmp6 *m,
    const struct mip6_ip6_view *quoted)
{
	struct mip6_rd rd =
	    mip6_rd_make(m->body + quoted->upper_at, quoted->upper_octets);
	uint16_t seq;
	uint8_t type;

	mip6_rd_skip(&rd, 2);
	type = mip6_rd_u8(&rd);
	mip6_rd_skip(&rd, 3);
	seq = mip6_rd_u16(&rd);
	return !rd.failed && type == MIP6_MH_BU && a->bul.unanswered > 0 &&
	    mip6_bul_match(&a->bul, seq) != NULL;
}

/*
 * An error about an update of ours: it says in `status` why nobody answers,
 * and where there is another home agent, that one is tried.
 */
void
mn_icmp_error(struct mip6_node *n, const struct mip6_hint *hint)
{
	struct mip6_ip6_view ip, quoted;
	struct mip6_icmp6 m;
	struct mn_home *h;

	if (mn_ro_icmp_error(n, hint))
		return;
	if (mip6_ip6_view(hint->octets, hint->count, &ip, NULL) !=
		MIP6_PARSE_OK ||
	    ip.upper != MIP6_NH_ICMPV6 ||
	    mip6_icmp6_receive(hint->octets + ip.upper_at, ip.upper_octets,
		&ip.eff_src, &ip.eff_dst, &m, NULL) != MIP6_PARSE_OK ||
	    !mip6_icmp6_is_error(m.type) ||
	    mip6_ip6_view_quoted(m.body, m.body_octets, &quoted, NULL) !=
		MIP6_PARSE_OK) {
		node_drop(n, MIP6_DROP_ICMP_QUOTE, NULL);
		return;
	}
	h = mn_quotes_tunnel(n, &m, &quoted);
	if (h != NULL && m.type == MIP6_ICMP6_TOO_BIG) {
		mn_too_big(n, h, &m);
		return;
	}
	if (h != NULL && m.type == MIP6_ICMP6_UNREACHABLE) {
		mn_unreachable(n, h, &m, &ip.ip.src);
		return;
	}
	h = quoted.has_hao ? mn_home_of(n, &quoted.hao) : NULL;
	/* R11.3.5-01: only about what we may have sent. Test: test_mn_told */
	if (h == NULL || quoted.upper != MIP6_NH_MH ||
	    !mip6_addr_equal(&quoted.ip.dst, &h->ha->addr)) {
		node_drop(n, MIP6_DROP_ICMP_IGNORED, &ip.ip.src);
		return;
	}
	h->icmp_seen = true;
	h->icmp_from = ip.ip.src;
	h->icmp_type = m.type;
	h->icmp_code = m.code;
	MIP6_LOG(n->log, WARNING, "mn.icmp-error", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("from", &ip.ip.src), MIP6_KU("type", m.type),
	    MIP6_KU("code", m.code));
	/* R11.3.5-03: of the Home Address option it is logged, no more.
	 * Test: test_mn_agent */
	if (m.type != MIP6_ICMP6_UNREACHABLE &&
	    (m.type != MIP6_ICMP6_PARAM_PROBLEM ||
		m.code != MIP6_ICMP6_NEXT_HEADER))
		return;
	/* P-ICMP: who quotes our update has seen it. Test: test_mn_agent */
	if (mn_quotes_update(h->ha, &m, &quoted))
		(void)mn_agent_failed(n, h, MN_LEFT_ERROR, false);
}
