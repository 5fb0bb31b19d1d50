/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet buffers.  All memory is taken when the pool is made; getting and
 * giving back move a packet between its free list and its owner, so the
 * packet path allocates nothing and cannot grow.
 *
 * Ordinary and big packets have free lists of their own: a flood of ordinary
 * ones leaves the big ones alone, and the other way round.  A packet given
 * back twice, or to another pool, is a bug and ends the program.
 */
#include "mip6/pkt.h"

#define POOL_ORDINARY_OCTETS (MIP6_PKT_HEADROOM + MIP6_PKT_OCTETS)
#define POOL_BIG_OCTETS      (MIP6_PKT_HEADROOM + MIP6_PKT_BIG_OCTETS)

struct pool_item {
	struct mip6_pkt pkt; /* first: a packet is the start of its item */
	bool big;
	bool out;
};

struct pool_class {
	struct pool_item *item; /* [items] */
	uint8_t *mem;
	struct mip6_pkt *free;
	uint32_t items;
	uint32_t octets; /* of one buffer */
};

struct mip6_pool {
	struct mip6_alloc alloc;
	struct pool_class ordinary;
	struct pool_class big;
	uint32_t out;
};

static bool
pool_class_init(struct pool_class *c, const struct mip6_alloc *a,
    uint32_t items, uint32_t octets)
{
	uint32_t i;

	c->octets = octets;
	if (items == 0)
		return true;
	if ((uint64_t)items * octets > SIZE_MAX / 2)
		return false;
	c->item = a->alloc(a->arg, items * sizeof(*c->item));
	c->mem = a->alloc(a->arg, (size_t)items * octets);
	c->items = items;
	if (c->item == NULL || c->mem == NULL)
		return false;
	for (i = items; i > 0; i--) {
		struct mip6_pkt *pkt = &c->item[i - 1].pkt;

		pkt->mem = c->mem + (size_t)(i - 1) * octets;
		pkt->cap = octets;
		c->item[i - 1].big = octets == POOL_BIG_OCTETS;
		pkt->next = c->free;
		c->free = pkt;
	}
	return true;
}

static void
pool_class_fini(struct pool_class *c, const struct mip6_alloc *a)
{
	a->release(a->arg, c->item, c->items * sizeof(*c->item));
	a->release(a->arg, c->mem, (size_t)c->items * c->octets);
}

struct mip6_pool *
mip6_pool_new(const struct mip6_alloc *a, uint32_t ordinary, uint32_t big)
{
	struct mip6_pool *p;

	p = a->alloc(a->arg, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->alloc = *a;
	if (!pool_class_init(&p->ordinary, a, ordinary, POOL_ORDINARY_OCTETS) ||
	    !pool_class_init(&p->big, a, big, POOL_BIG_OCTETS)) {
		mip6_pool_free(p);
		return NULL;
	}
	return p;
}

void
mip6_pool_free(struct mip6_pool *p)
{
	struct mip6_alloc a;

	if (p == NULL)
		return;
	a = p->alloc;
	pool_class_fini(&p->ordinary, &a);
	pool_class_fini(&p->big, &a);
	a.release(a.arg, p, sizeof(*p));
}

struct mip6_pkt *
mip6_pool_get(struct mip6_pool *p, size_t octets)
{
	struct pool_class *c;
	struct mip6_pkt *pkt;

	if (octets > MIP6_PKT_BIG_OCTETS)
		return NULL;
	c = octets <= MIP6_PKT_OCTETS ? &p->ordinary : &p->big;
	pkt = c->free;
	if (pkt == NULL)
		return NULL;
	c->free = pkt->next;
	((struct pool_item *)pkt)->out = true;
	p->out++;
	pkt->off = MIP6_PKT_HEADROOM;
	pkt->count = 0;
	pkt->ifindex = 0;
	pkt->ll_src = (struct mip6_lladdr){ { 0 } };
	pkt->ll_multicast = false;
	pkt->next = NULL;
	return pkt;
}

void
mip6_pool_put(struct mip6_pool *p, struct mip6_pkt *pkt)
{
	struct pool_item *item = (struct pool_item *)pkt;
	struct pool_class *c;

	c = item->big ? &p->big : &p->ordinary;
	MIP6_ASSERT(item >= c->item && item < c->item + c->items);
	MIP6_ASSERT(item->out);
	item->out = false;
	p->out--;
	pkt->next = c->free;
	c->free = pkt;
}

uint32_t
mip6_pool_out(const struct mip6_pool *p)
{
	return p->out;
}
