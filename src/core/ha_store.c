/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bindings that outlive the process.
 *
 * One record for each home address says what a binding is once its update is
 * acknowledged, or, de-registered, which numbers are remembered.  Points in
 * time are of the wall clock, since the boot clock begins anew.  The record of
 * the node says which wall clock had been seen when a record was deleted, so
 * that what its seal and numbers refused is not accepted later by a clock that
 * was set back.
 *
 * Implements: RFC 6275 section 10.3.1 (non-volatile storage), RFC 4285
 * section 6 (timestamps greater than all accepted before).
 */
#include "core/ha_int.h"

#include <string.h>

#define HA_STORE_VERSION     1
#define HA_STORE_OCTETS      57
#define HA_STORE_NODE_OCTETS 9
#define HA_STORE_NODE_AGE_US (UINT64_C(60) * 1000000)
#define HA_STORE_FLAGS       (MIP6_BINDING_L | MIP6_BINDING_K | MIP6_BINDING_R)
/* Whole units of 4 s of 16 bits, as in the messages. */
#define HA_STORE_SPAN_MAX_S (4 * UINT32_C(0xffff))

size_t
ha_store_encode(const struct ha_stored *s, uint8_t *octets, size_t cap)
{
	struct mip6_wr w = mip6_wr_make(octets, cap);

	mip6_wr_u8(&w, HA_STORE_VERSION);
	mip6_wr_u8(&w, s->held ? 1 : 0);
	mip6_wr_u8(&w, s->flags);
	mip6_wr_u16(&w, s->seq);
	mip6_wr_addr(&w, &s->coa);
	mip6_wr_addr(&w, &s->local);
	mip6_wr_u64(&w, s->stamp);
	mip6_wr_u64(&w, s->at_us);
	mip6_wr_u32(&w, s->span_s);
	return w.failed ? 0 : w.pos;
}

bool
ha_store_decode(struct ha_stored *s, const uint8_t *octets, size_t count)
{
	struct mip6_rd r = mip6_rd_make(octets, count);
	uint8_t version = mip6_rd_u8(&r), held = mip6_rd_u8(&r);

	memset(s, 0, sizeof(*s));
	s->held = held == 1;
	s->flags = mip6_rd_u8(&r);
	s->seq = mip6_rd_u16(&r);
	s->coa = mip6_rd_addr(&r);
	s->local = mip6_rd_addr(&r);
	s->stamp = mip6_rd_u64(&r);
	s->at_us = mip6_rd_u64(&r);
	s->span_s = mip6_rd_u32(&r);
	/* P-STORE: of this version, whole, sensible. Test: test_ha_store */
	return !r.failed && mip6_rd_left(&r) == 0 &&
	    version == HA_STORE_VERSION && held <= 1 &&
	    (s->flags & ~HA_STORE_FLAGS) == 0 && s->span_s > 0 &&
	    s->span_s <= HA_STORE_SPAN_MAX_S && s->at_us <= INT64_MAX &&
	    (s->held || mip6_addr_is_routable(&s->coa)) &&
	    mip6_addr_is_routable(&s->local);
}

/* Says that this moment was seen, when that is not written down yet. */
static void
ha_store_seen(struct mip6_node *n, uint64_t age_us)
{
	uint8_t buf[HA_STORE_NODE_OCTETS];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	uint64_t wall = node_wall_us(n);

	if (n->ha->stored_wall_us != 0 &&
	    wall <= n->ha->stored_wall_us + age_us)
		return;
	n->ha->stored_wall_us = wall;
	mip6_wr_u8(&w, HA_STORE_VERSION);
	mip6_wr_u64(&w, wall);
	node_store_put(n, MIP6_STORE_NODE, &mip6_addr_any, buf, w.pos, 0);
}

static bool
ha_store_is_on(const struct mip6_node *n)
{
	return n->ha->c->durability != MIP6_DURABILITY_NONE;
}

bool
ha_store_put(struct mip6_node *n, uint32_t i, const struct ha_update *bu)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	uint8_t buf[HA_STORE_OCTETS];
	struct ha_stored s;
	size_t count;

	if (!ha_store_is_on(n))
		return false;
	memset(&s, 0, sizeof(s));
	s.held = bu->lifetime.us == 0;
	s.flags = bu->flags;
	s.seq = bu->seq;
	s.coa = bu->coa;
	s.local = bu->dst;
	s.stamp = bu->has_stamp ? bu->stamp : 0;
	s.at_us = node_wall_us(n);
	s.span_s = (uint32_t)((s.held ? HA_MAX_DELETE_BCE_TIMEOUT.us :
					bu->lifetime.us) /
	    1000000);
	count = ha_store_encode(&s, buf, sizeof(buf));
	MIP6_ASSERT(count == sizeof(buf));
	node_store_put(n, MIP6_STORE_BINDING, &b->hoa, buf, count,
	    node_action_id(MIP6_WAIT_BINDING_STORE, i, ha_store_gen(n, i)));
	ha_store_seen(n, HA_STORE_NODE_AGE_US);
	return true;
}

void
ha_store_del(struct mip6_node *n, const struct mip6_addr *hoa)
{
	if (!ha_store_is_on(n))
		return;
	ha_store_seen(n, 0); /* first: one does not go without the other */
	node_store_del(n, MIP6_STORE_BINDING, hoa);
}

static void
ha_restore_node(struct mip6_node *n, const struct mip6_ev_restore *r)
{
	struct mip6_rd rd = mip6_rd_make(r->octets, r->count);
	uint8_t version = mip6_rd_u8(&rd);
	uint64_t wall = mip6_rd_u64(&rd);

	if (rd.failed || version != HA_STORE_VERSION || wall > INT64_MAX)
		return;
	n->ha->stored_wall_us = wall;
	node_wall_seen(n, wall);
}

static bool
ha_restore_serves(struct mip6_node *n, const struct mip6_addr *hoa,
    const struct ha_stored *s, struct ha_restored *to)
{
	int local = ha_prefix_index(n, &s->local);

	if (!mip6_addr_is_routable(hoa) || ha_prefix_index(n, hoa) < 0 ||
	    local < 0 || (!n->conf->insecure && ha_mobile_find(n, hoa) == NULL))
		return false;
	to->local = (uint8_t)local;
	return true;
}

static void
ha_restore_binding(struct mip6_node *n, const struct mip6_ev_restore *r)
{
	struct ha_restored to;
	struct ha_stored s;
	uint64_t wall, end;

	memset(&to, 0, sizeof(to));
	if (!ha_store_decode(&s, r->octets, r->count)) {
		n->store.refused++;
		node_store_del(n, r->table, &r->key);
		return;
	}
	node_wall_seen(n, s.at_us);
	wall = node_wall_us(n);
	end = s.at_us + (uint64_t)s.span_s * 1000000;
	/* R10.3.1-18: it has expired meanwhile. Test: test_ha_store */
	if (end <= wall || !ha_restore_serves(n, &r->key, &s, &to)) {
		n->ha->restored_gone++;
		ha_store_del(n, &r->key);
		return;
	}
	to.held = s.held;
	to.hoa = r->key;
	to.coa = s.coa;
	to.left = MIP6_SPAN_US(end - wall);
	to.granted = MIP6_SPAN_S(s.span_s);
	to.stamp = s.stamp;
	to.seq = s.seq;
	to.flags = s.flags;
	n->ha->restored++;
	ha_reg_restore(n, &to);
}

void
ha_restore(struct mip6_node *n, const struct mip6_ev_restore *r)
{
	/* A store that is not asked for any more is not believed later. */
	if (!ha_store_is_on(n))
		return;
	if (r->end) {
		MIP6_LOG(n->log, INFO, "ha.restored",
		    MIP6_KU("bindings", n->ha->restored),
		    MIP6_KU("gone", n->ha->restored_gone));
		return;
	}
	switch (r->table) {
	case MIP6_STORE_BINDING:
		ha_restore_binding(n, r);
		break;
	case MIP6_STORE_NODE:
		ha_restore_node(n, r);
		break;
	case MIP6_STORE_HOME:
		break;
	}
}
