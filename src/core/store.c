/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records that outlive the process: sealed when they are written, believed
 * only when the seal fits when they come back.
 *
 * The seal is a keyed hash over table, key and octets.  Its key comes from the
 * host's own secret, so that neither a turned bit, nor a record under another
 * key, nor the store of another host is taken for what we wrote.
 *
 * The wall clock may have been set back between two lives.  Then time goes on
 * from what the records have seen: a lifetime does not begin again, and what
 * was too old to be accepted stays so.
 */
#include "core/node_int.h"

#include <string.h>

#define STORE_SEAL_OCTETS 8
#define STORE_KEY_OCTETS  17 /* table and key, in front of what is sealed */

bool
store_init(struct mip6_node *n)
{
	static const char label[] = "mip6d store 1";
	const struct mip6_iovec v = { label, sizeof(label) };
	uint8_t out[MIP6_SHA1_OCTETS];

	if (!mip6_crypto_hmac_sha1(n->crypto, n->env.stable_secret,
		sizeof(n->env.stable_secret), &v, 1, out))
		return false;
	memcpy(n->store.key.k, out, 2 * sizeof(n->store.key.k[0]));
	mip6_crypto_wipe(out, sizeof(out));
	return true;
}

static uint64_t
store_seal(const struct mip6_node *n, enum mip6_store_table table,
    const struct mip6_addr *key, const uint8_t *octets, size_t count)
{
	uint8_t buf[STORE_KEY_OCTETS + MIP6_STORE_OCTETS_MAX];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));

	mip6_wr_u8(&w, (uint8_t)table);
	mip6_wr_addr(&w, key);
	mip6_wr_octets(&w, octets, count);
	MIP6_ASSERT(!w.failed);
	return mip6_hash_octets(&n->store.key, buf, w.pos);
}

void
node_store_put(struct mip6_node *n, enum mip6_store_table table,
    const struct mip6_addr *key, const uint8_t *octets, size_t count,
    uint64_t id)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_STORE);
	uint8_t *to = mip6_actions_octets(n->out, count + STORE_SEAL_OCTETS);
	struct mip6_wr w = mip6_wr_make(to, count + STORE_SEAL_OCTETS);

	MIP6_ASSERT(count > 0 && count <= NODE_STORE_OCTETS_MAX);
	mip6_wr_octets(&w, octets, count);
	mip6_wr_u64(&w, store_seal(n, table, key, octets, count));
	a->id = id;
	a->u.store.table = table;
	a->u.store.key = *key;
	a->u.store.octets = to;
	a->u.store.count = w.pos;
}

void
node_store_del(struct mip6_node *n, enum mip6_store_table table,
    const struct mip6_addr *key)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_STORE);

	/* Should it fail, the next start finds that it is of no use. */
	a->id = 0;
	a->u.store.table = table;
	a->u.store.key = *key;
}

uint64_t
node_wall_us(const struct mip6_node *n)
{
	uint64_t floor = n->store.seen_us +
	    (uint64_t)mip6_time_sub(n->now.boot, n->store.seen_at).us;

	return n->store.seen_us != 0 && floor > n->now.wall_us ? floor :
								 n->now.wall_us;
}

void
node_wall_seen(struct mip6_node *n, uint64_t wall_us)
{
	uint64_t now = node_wall_us(n);

	if (wall_us <= now)
		return;
	if (n->store.seen_us == 0)
		MIP6_LOG(n->log, WARNING, "store.clock-set-back",
		    MIP6_KU("s", (wall_us - now) / 1000000));
	n->store.seen_us = wall_us;
	n->store.seen_at = n->now.boot;
	if (n->started_wall_us < wall_us)
		n->started_wall_us = wall_us;
}

static void
store_end(struct mip6_node *n, bool damaged)
{
	if (damaged || n->store.refused > 0)
		MIP6_LOG(n->log, ERROR, "store.damaged",
		    MIP6_KU("records", n->store.refused),
		    MIP6_KS("set-aside", damaged ? "yes" : "no"));
	MIP6_LOG(n->log, INFO, "store.restored",
	    MIP6_KU("records", n->store.restored));
}

void
node_restore(struct mip6_node *n, const struct mip6_ev_restore *r)
{
	struct mip6_ev_restore sealed = *r;
	struct mip6_rd rd;
	uint64_t seal;

	if (r->end) {
		store_end(n, r->damaged);
	} else {
		sealed.count = r->count <= STORE_SEAL_OCTETS ?
		    0 :
		    r->count - STORE_SEAL_OCTETS;
		rd = mip6_rd_make(r->octets, r->count);
		mip6_rd_skip(&rd, sealed.count);
		seal = mip6_rd_u64(&rd);
		/* P-STORE: what we wrote, or nothing. Test: test_ha_store */
		if (sealed.count == 0 || sealed.count > NODE_STORE_OCTETS_MAX ||
		    store_seal(n, r->table, &r->key, r->octets, sealed.count) !=
			seal) {
			n->store.refused++;
			node_store_del(n, r->table, &r->key);
			return;
		}
		n->store.restored++;
	}
	if (n->ha != NULL)
		ha_restore(n, &sealed);
	if (n->mn != NULL)
		mn_restore(n, &sealed);
}
