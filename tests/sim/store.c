/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records by table, higher tables first, as the daemon's store gives them.
 */
#include "sim/store.h"

#include <errno.h>
#include <string.h>

struct sim_store_record *
sim_store_find(struct sim_store *s, enum mip6_store_table table,
    const struct mip6_addr *key)
{
	size_t i;

	for (i = 0; i < s->records; i++)
		if (s->record[i].table == table &&
		    mip6_addr_equal(&s->record[i].key, key))
			return &s->record[i];
	return NULL;
}

int
sim_store_apply(struct sim_store *s, const struct mip6_act_store *a)
{
	struct sim_store_record *r = sim_store_find(s, a->table, &a->key);
	size_t i;

	s->written++;
	if (a->count == 0) {
		if (r != NULL) {
			i = (size_t)(r - s->record);
			memmove(r, r + 1,
			    (--s->records - i) * sizeof(*s->record));
		}
		return 0;
	}
	if (r == NULL) {
		if (s->records == SIM_STORE_MAX)
			return ENOSPC;
		for (i = 0; i < s->records && s->record[i].table >= a->table;
		     i++)
			;
		r = &s->record[i];
		memmove(r + 1, r, (s->records++ - i) * sizeof(*r));
		r->table = a->table;
		r->key = a->key;
	}
	memcpy(r->octets, a->octets, a->count);
	r->count = a->count;
	return 0;
}
