/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events for people: a name and typed pairs, no prose, no allocation.
 *
 *	MIP6_LOG(lg, INFO, "bul.state", MIP6_KA("hoa", &hoa),
 *	    MIP6_KS("from", "WAIT_BA"), MIP6_KS("to", "BOUND"));
 *
 * The sink (the daemon's, the simulator's, a test's) formats and limits the
 * rate per name.  Never a key, never user traffic.
 */
#ifndef MIP6_BASE_LOG_H
#define MIP6_BASE_LOG_H

#include "base/addr.h"
#include "base/time.h"

enum mip6_log_level {
	MIP6_LOG_ERROR,   /* the node cannot do its work */
	MIP6_LOG_WARNING, /* something an operator should look at */
	MIP6_LOG_INFO,    /* what an operator acts on or wants to see */
	MIP6_LOG_DEBUG    /* each step */
};

enum mip6_kv_kind {
	MIP6_KV_STR,
	MIP6_KV_U64,
	MIP6_KV_I64,
	MIP6_KV_ADDR,
	MIP6_KV_LLADDR,
	MIP6_KV_SPAN /* shown in ms */
};

struct mip6_kv {
	const char *key;
	enum mip6_kv_kind kind;
	union {
		const char *str;
		uint64_t u64;
		int64_t i64;
		const struct mip6_addr *addr;
		const struct mip6_lladdr *lladdr;
		struct mip6_span span;
	} v;
};

struct mip6_log {
	void (*sink)(void *arg, enum mip6_log_level level, const char *event,
	    const struct mip6_kv *kv, size_t count);
	void *arg;
	enum mip6_log_level level; /* what is less important is not passed on */
};

/* Passes one event to the sink; lg or its sink may be NULL (nothing said). */
void mip6_log_event(const struct mip6_log *lg, enum mip6_log_level level,
    const char *event, const struct mip6_kv *kv, size_t count);

/* "ev=NAME k=v k=v": the one text form, of logs and of `watch`. */
struct mip6_fmt;
void mip6_log_format(struct mip6_fmt *f, const char *event,
    const struct mip6_kv *kv, size_t count);

#define MIP6_KS(k, s) ((struct mip6_kv){ (k), MIP6_KV_STR, { .str = (s) } })
#define MIP6_KU(k, n) ((struct mip6_kv){ (k), MIP6_KV_U64, { .u64 = (n) } })
#define MIP6_KI(k, n) ((struct mip6_kv){ (k), MIP6_KV_I64, { .i64 = (n) } })
#define MIP6_KA(k, a) ((struct mip6_kv){ (k), MIP6_KV_ADDR, { .addr = (a) } })
#define MIP6_KL(k, a)                                                          \
	((struct mip6_kv){ (k), MIP6_KV_LLADDR, { .lladdr = (a) } })
#define MIP6_KT(k, s) ((struct mip6_kv){ (k), MIP6_KV_SPAN, { .span = (s) } })

#define MIP6_LOG(lg, lvl, event, ...)                                          \
	mip6_log_event((lg), MIP6_LOG_##lvl, (event),                          \
	    (const struct mip6_kv[]){ __VA_ARGS__ },                           \
	    sizeof((const struct mip6_kv[]){ __VA_ARGS__ }) /                  \
		sizeof(struct mip6_kv))

#endif
