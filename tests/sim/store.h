/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The disk of a simulated daemon: records that live on when the daemon dies.
 *
 * A record is there from the moment at which its action takes effect; what a
 * crash finds before that moment is lost, or, `ahead`, was on the disk already
 * and the daemon had not heard of it.
 */
#ifndef MIP6_SIM_STORE_H
#define MIP6_SIM_STORE_H

#include "core/action.h"

#define SIM_STORE_MAX 64

struct sim_store_record {
	enum mip6_store_table table;
	struct mip6_addr key;
	uint8_t octets[MIP6_STORE_OCTETS_MAX];
	size_t count;
};

struct sim_store {
	struct sim_store_record record[SIM_STORE_MAX];
	size_t records;
	bool ahead;
	bool damaged; /* the next start finds it so, and empty */
	uint64_t written;
};

/* 0, or ENOSPC. */
int sim_store_apply(struct sim_store *s, const struct mip6_act_store *a);
/* The record of a key, or NULL. */
struct sim_store_record *sim_store_find(struct sim_store *s,
    enum mip6_store_table table, const struct mip6_addr *key);

#endif
