/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is an address of a mobile node another node's?
 *
 * A new registration is acknowledged after Duplicate Address Detection: one
 * solicitation from the unspecified address for the home address, with L one
 * more for its link-local address; who answers within a second, or asks in the
 * same way, has it.  On a link that is down nobody can, and nobody is asked:
 * the second passes all the same, and the question is made up for later.
 *
 * Bindings that were kept while their home link could not be heard (restored
 * after a restart, or the link was down) are unsure: they forward and defend
 * at once, and one by one, limited in rate, the same question is asked.  An
 * answer then ends the binding.
 *
 * Implements: RFC 6275 section 10.3.1, RFC 4862 section 5.4 as the home agent
 * performs it for another node.
 */
#include "core/ha_int.h"

#include <string.h>

#define DAD_RETRANS_TIMER  MIP6_SPAN_S(1) /* RetransTimer, one transmission */
#define DAD_PROBE_INTERVAL MIP6_SPAN_MS(100)
#define DAD_PROBE_LOOK     8192 /* bindings looked at for one probe interval */
#define DAD_PROBE_INDEX    MIP6_PENDING_MAX /* of the timer of probes */

static void
dad_solicit(struct mip6_node *n, const struct mip6_addr *hoa, bool link_local)
{
	struct mip6_link *l = ha_home_link(n);
	struct mip6_addr ll;

	if (l == NULL)
		return;
	nd_send_ns(n, l, hoa, &mip6_addr_any, NULL);
	if (link_local && ha_link_local(n, hoa, &ll))
		nd_send_ns(n, l, &ll, &mip6_addr_any, NULL);
}

bool
ha_dad_is_wanted(const struct mip6_node *n, const struct mip6_binding *b)
{
	const struct mip6_conf_ha *c = n->ha->c;

	/* R10.3.1-11: unless there is a binding already. Test: test_ha_dad */
	if (b->state == MIP6_BINDING_REGISTERED)
		return false;
	return !c->is_virtual && c->home_dad != MIP6_HOME_DAD_OFF;
}

void
ha_dad_start(struct mip6_node *n, struct ha_pending *p)
{
	p->dad_runs = true;
	node_timer_init(&p->dad_timer, MIP6_TIMER_HA_DAD,
	    (uint32_t)(p - n->ha->pending));
	node_timer_in(n, &p->dad_timer, DAD_RETRANS_TIMER);
	dad_solicit(n, &p->bu.hoa, (p->bu.flags & MIP6_BINDING_L) != 0);
}

void
ha_dad_stop(struct mip6_node *n, struct ha_pending *p)
{
	if (p->dad_runs)
		node_timer_stop(n, &p->dad_timer);
	p->dad_runs = false;
	p->waits &= (uint8_t)~HA_WAIT_DAD;
}

/* ---- probes ---- */

void
ha_probe_wake(struct mip6_node *n, bool all)
{
	struct mip6_ha *ha = n->ha;

	ha->probe_all = ha->probe_all || all;
	ha->probe_next = 0;
	if (!mip6_timer_is_armed(&ha->probe_timer.t))
		node_timer_arm(n, &ha->probe_timer, n->now.boot);
}

/* The probe of this use of the binding; NULL: none is under way. */
static const struct ha_probe *
dad_probe_of(const struct mip6_ha *ha, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	uint32_t k;

	for (k = 0; k < ha->probes; k++)
		if (ha->probe[k].binding == i && ha->probe[k].gen == b->gen)
			return &ha->probe[k];
	return NULL;
}

/* Nobody answered for a second: it is announced as after a registration. */
static void
dad_probes_end(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b;
	struct ha_probe *p;
	uint32_t k = 0;

	while (k < ha->probes &&
	    mip6_actions_room(n->out, MIP6_STEP_ACTIONS, MIP6_STEP_OCTETS)) {
		p = &ha->probe[k];
		if (!mip6_time_reached(mip6_time_add(p->at, DAD_RETRANS_TIMER),
			n->now.boot)) {
			k++;
			continue;
		}
		b = mip6_bcache_get(&ha->bcache, p->binding);
		if (b->state == MIP6_BINDING_REGISTERED && b->gen == p->gen) {
			b->flags &= (uint8_t)~MIP6_BINDING_UNSURE;
			ha_announce(n, b);
		}
		*p = ha->probe[--ha->probes];
	}
}

static void
dad_probes_begin(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	uint32_t look = DAD_PROBE_LOOK, i;
	struct mip6_binding *b;

	while (ha->probe_next < ha->bcache.top && look-- > 0 &&
	    ha->probes < HA_PROBES_MAX &&
	    mip6_actions_room(n->out, MIP6_STEP_ACTIONS, MIP6_STEP_OCTETS)) {
		i = ha->probe_next++;
		b = mip6_bcache_get(&ha->bcache, i);
		if (b->state != MIP6_BINDING_REGISTERED)
			continue;
		if (ha->probe_all)
			b->flags |= MIP6_BINDING_UNSURE;
		if ((b->flags & MIP6_BINDING_UNSURE) == 0 ||
		    dad_probe_of(ha, i) != NULL)
			continue;
		ha->probe[ha->probes++] =
		    (struct ha_probe){ n->now.boot, i, b->gen };
		dad_solicit(n, &b->hoa, (b->flags & MIP6_BINDING_L) != 0);
	}
	if (ha->probe_next >= ha->bcache.top)
		ha->probe_all = false;
}

static void
dad_probe_timer(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;

	/* The link's coming back wakes us again. */
	if (ha_home_link(n) == NULL || ha->c->home_dad == MIP6_HOME_DAD_OFF) {
		ha->probes = 0;
		return;
	}
	dad_probes_end(n);
	dad_probes_begin(n);
	if (ha->probes > 0 || ha->probe_next < ha->bcache.top)
		node_timer_in(n, &ha->probe_timer, DAD_PROBE_INTERVAL);
}

void
ha_dad_init(struct mip6_node *n)
{
	node_timer_init(&n->ha->probe_timer, MIP6_TIMER_HA_DAD,
	    DAD_PROBE_INDEX);
}

void
ha_dad_timer(struct mip6_node *n, uint32_t index)
{
	struct ha_pending *p;

	if (index == DAD_PROBE_INDEX) {
		dad_probe_timer(n);
		return;
	}
	p = &n->ha->pending[index];
	ha_dad_stop(n, p);
	p->dad_done = true;
	ha_pending_step(n, p->binding);
}

/* ---- what others say ---- */

void
ha_dad_heard(struct mip6_node *n, uint32_t i, const struct mip6_lladdr *who)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct mip6_addr hoa = b->hoa;

	MIP6_LOG(n->log, WARNING, "binding.conflict", MIP6_KA("hoa", &hoa),
	    MIP6_KL("with", who));
	if (b->state != MIP6_BINDING_REGISTERED) {
		ha_refuse_pending(n, i, MIP6_DROP_BU_DAD, MIP6_BA_DAD_FAILED);
		return;
	}
	ha_end(n, i, HA_MAX_DELETE_BCE_TIMEOUT);
	ha_store_del(n, &hoa);
}

/* Does a detection that runs ask about this address? */
bool
ha_dad_asks(const struct mip6_node *n, uint32_t i,
    const struct mip6_addr *target)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	const struct ha_pending *p = ha_pending_of(n->ha, b);

	return p != NULL && p->dad_runs &&
	    (mip6_addr_equal(target, &b->hoa) ||
		(p->bu.flags & MIP6_BINDING_L) != 0);
}

/* A claim of a defended address: answered, at a limited rate. */
static void
dad_claimed(struct mip6_node *n, const struct mip6_binding *b,
    const struct mip6_ip6_view *ip)
{
	struct mip6_ha *ha = n->ha;

	node_drop(n, MIP6_DROP_ND_CLAIM, &ip->ip.src);
	if (mip6_time_sub(n->now.boot, ha->claims_at).us >= 1000000) {
		ha->claims_at = n->now.boot;
		ha->claims = 0;
	}
	/* P-CLAIM: answered ten times a second. Test: test_ha_defend */
	if (ha->claims >= HA_CLAIMS_PER_S)
		return;
	ha->claims++;
	ha_announce(n, b);
}

bool
ha_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct mip6_link *l = ha_home_link(n);
	const struct mip6_binding *b;
	uint32_t i;

	/* P-OWN: what we said ourselves is nobody else's. Test: test_ha_dad */
	if (l == NULL || h->ifindex != n->ha->ifindex ||
	    memcmp(&h->ll_src, &l->ev.lladdr, sizeof(h->ll_src)) == 0)
		return false;
	i = ha_target(n, &m->u.na.target);
	if (i == MIP6_BCACHE_NONE)
		return false;
	b = mip6_bcache_get(&n->ha->bcache, i);
	/* R10.3.1-12: somebody has it: 134. Test: test_ha_dad */
	if (ha_dad_asks(n, i, &m->u.na.target)) {
		ha_dad_heard(n, i, &h->ll_src);
		return true;
	}
	if (b->state != MIP6_BINDING_REGISTERED)
		return false;
	/* P-PROBE: taken while we could not hear. Test: test_ha_restore */
	if ((b->flags & MIP6_BINDING_UNSURE) != 0 &&
	    dad_probe_of(n->ha, i) != NULL)
		ha_dad_heard(n, i, &h->ll_src);
	else
		dad_claimed(n, b, ip);
	return true;
}
