/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent on its home link: how it answers for mobile nodes that are
 * away.
 *
 * Implements: RFC 6275 section 10.4.1, RFC 2473 section 8 (what the core has
 * to know of ICMPv6 errors).
 */
#include "core/ha_int.h"

#include <string.h>

#define HA_ANNOUNCEMENTS 3 /* MAX_NEIGHBOR_ADVERTISEMENT */

/* ---- the address and its relatives ---- */

bool
ha_link_local(const struct mip6_node *n, const struct mip6_addr *hoa,
    struct mip6_addr *ll)
{
	int i = ha_prefix_index(n, hoa);
	struct mip6_prefix p = { { { 0xfe, 0x80 } }, 64 };

	if (i < 0)
		return false;
	/* R10.3.1-13: the subnet prefix alone is another one. */
	p.bits = n->ha->c->prefix[i].prefix.bits;
	if (p.bits < 10)
		p.bits = 10;
	*ll = mip6_prefix_join(&p, hoa);
	return true;
}

/* Is the link-local address of binding `i` ours to defend, or will it be? */
static bool
host_has_link_local(const struct mip6_ha *ha, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	const struct ha_pending *p = ha_pending_of(ha, b);

	return (b->flags & MIP6_BINDING_L) != 0 ||
	    (p != NULL && (p->bu.flags & MIP6_BINDING_L) != 0);
}

uint32_t
ha_target(const struct mip6_node *n, const struct mip6_addr *target)
{
	const struct mip6_ha *ha = n->ha;
	struct mip6_addr hoa;
	uint32_t i, k;

	if (!mip6_addr_is_linklocal(target))
		return mip6_bcache_find(&ha->bcache, target);
	for (k = 0; k < ha->c->prefixes; k++) {
		hoa = mip6_prefix_join(&ha->c->prefix[k].prefix, target);
		i = mip6_bcache_find(&ha->bcache, &hoa);
		if (i != MIP6_BCACHE_NONE && host_has_link_local(ha, i))
			return i;
	}
	return MIP6_BCACHE_NONE;
}

/* ---- what the host does for a binding ---- */

bool
ha_group_shared(struct mip6_node *n, const struct mip6_addr *addr, bool on)
{
	uint64_t key = (uint64_t)addr->b[13] << 16 |
	    (uint64_t)addr->b[14] << 8 | addr->b[15];
	struct mip6_tally *t = &n->ha->groups;

	/* Without memory it is not counted, and left too early at worst. */
	if (on)
		return mip6_tally_add(t, key);
	return mip6_tally_count(t, key) > 0 && mip6_tally_del(t, key) > 0;
}

uint32_t
ha_host(struct mip6_node *n, uint32_t i, bool on)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	bool shared;

	if (((b->flags & MIP6_BINDING_HOSTED) != 0) == on)
		return 0;
	b->flags ^= MIP6_BINDING_HOSTED;
	/* The ends of what was asked before do not count any more. */
	b->gen = ++n->ha->bcache.gen;
	shared = ha_group_shared(n, &b->hoa, on);
	return ha_place_host(n, &b->hoa, on, !on && shared,
	    node_action_id(MIP6_WAIT_BINDING, i, b->gen));
}

/* ---- what the link is told ---- */

void
ha_announce(struct mip6_node *n, const struct mip6_binding *b)
{
	struct mip6_link *l = ha_home_link(n);
	struct mip6_na_how how;
	struct mip6_addr ll;

	if (l == NULL)
		return;
	/* R10.4.1-04: R=0, S=0, O=1, from our address, to all nodes. */
	memset(&how, 0, sizeof(how));
	how.override = true;
	how.src = ha_local(n, b);
	nd_send_na(n, l, &b->hoa, &how);
	/* R10.4.1-03: and its link-local address. Test: test_ha_defend */
	if ((b->flags & MIP6_BINDING_L) != 0 && ha_link_local(n, &b->hoa, &ll))
		nd_send_na(n, l, &ll, &how);
}

void
ha_defend(struct mip6_node *n, uint32_t i)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	struct ha_announce *a;

	ha_announce(n, b); /* R10.4.1-02 */
	if (ha->announcing == HA_ANNOUNCE_MAX)
		return; /* repeating is a MAY (R10.4.1-05) */
	a = &ha->announce[ha->announcing++];
	a->binding = i;
	a->gen = b->gen;
	a->left = HA_ANNOUNCEMENTS - 1;
	if (!mip6_timer_is_armed(&ha->announce_timer.t))
		node_timer_in(n, &ha->announce_timer, MIP6_SPAN_S(1));
}

void
ha_announce_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_ha *ha = n->ha;
	const struct mip6_binding *b;
	struct ha_announce *a;
	uint32_t i = 0;

	(void)index;
	while (i < ha->announcing) {
		a = &ha->announce[i];
		b = mip6_bcache_get(&ha->bcache, a->binding);
		if (b->state != MIP6_BINDING_REGISTERED || b->gen != a->gen ||
		    a->left == 0 ||
		    !mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			*a = ha->announce[--ha->announcing];
			continue;
		}
		ha_announce(n, b);
		a->left--;
		i++;
	}
	if (ha->announcing > 0)
		node_timer_in(n, &ha->announce_timer, MIP6_SPAN_S(1));
}

bool
ha_input_ns(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct mip6_link *l = ha_home_link(n);
	bool dad = mip6_addr_is_any(&ip->ip.src);
	const struct mip6_binding *b;
	struct mip6_na_how how;
	uint32_t i;

	if (ha_anycast_ns(n, hint, ip, m))
		return true;
	if (l == NULL || hint->ifindex != n->ha->ifindex ||
	    memcmp(&hint->ll_src, &l->ev.lladdr, sizeof(hint->ll_src)) == 0)
		return false;
	i = ha_target(n, &m->u.ns.target);
	if (i == MIP6_BCACHE_NONE)
		return false;
	/* RFC4862-5.4.3: two ask for one address: 134. Test: test_ha_dad */
	if (dad && ha_dad_asks(n, i, &m->u.ns.target)) {
		ha_dad_heard(n, i, &hint->ll_src);
		return true;
	}
	b = mip6_bcache_get(&n->ha->bcache, i);
	/* R10.4.1-06: for registered mobile nodes alone. Test: test_ha_host */
	if (b->state != MIP6_BINDING_REGISTERED)
		return false;
	memset(&how, 0, sizeof(how));
	how.src = ha_local(n, b);
	how.override = true;
	/* R10.4.1-07: a DAD probe is answered to all nodes. */
	if (!dad) {
		how.solicited = true;
		how.dst = &ip->ip.src;
		how.dst_lladdr = m->opt.has_slla ? &m->opt.slla : &hint->ll_src;
	}
	nd_send_na(n, l, &m->u.ns.target, &how);
	return true;
}

/* A Packet Too Big about a tunnelled packet: the way to that mobile node. */
void
ha_icmp_error(struct mip6_node *n, const struct mip6_hint *hint)
{
	struct mip6_ip6_view ip, outer, inner;
	struct mip6_binding *b;
	struct mip6_icmp6 m;
	uint32_t i;

	if (mip6_ip6_view(hint->octets, hint->count, &ip, NULL) !=
		MIP6_PARSE_OK ||
	    ip.upper != MIP6_NH_ICMPV6 ||
	    mip6_icmp6_receive(hint->octets + ip.upper_at, ip.upper_octets,
		&ip.eff_src, &ip.eff_dst, &m, NULL) != MIP6_PARSE_OK ||
	    m.type != MIP6_ICMP6_TOO_BIG ||
	    mip6_ip6_view_quoted(m.body, m.body_octets, &outer, NULL) !=
		MIP6_PARSE_OK ||
	    outer.upper != MIP6_NH_IPV6 ||
	    mip6_ip6_view_quoted(m.body + outer.upper_at, outer.upper_octets,
		&inner, NULL) != MIP6_PARSE_OK)
		return;
	i = mip6_bcache_find(&n->ha->bcache, &inner.ip.dst);
	if (i == MIP6_BCACHE_NONE)
		return;
	b = mip6_bcache_get(&n->ha->bcache, i);
	/* RFC2473-8a: what we sent to that mobile node. Test: test_ha_host */
	if (b->state != MIP6_BINDING_REGISTERED ||
	    !mip6_addr_equal(&outer.ip.dst, &b->coa) ||
	    !mip6_addr_equal(&outer.ip.src, ha_local(n, b)) || m.word >= b->mtu)
		return;
	b->mtu =
	    m.word < MIP6_IP6_MTU_MIN ? MIP6_IP6_MTU_MIN : (uint16_t)m.word;
	b->mtu_minute = ha_minute(n);
	MIP6_LOG(n->log, INFO, "ha.path-mtu", MIP6_KA("hoa", &b->hoa),
	    MIP6_KU("mtu", b->mtu));
	ha_row(n, b);
}
