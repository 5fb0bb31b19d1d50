/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of a node, checked: what src/config makes of mip6.conf.
 * Plain values; whoever made it keeps it alive until the node was given the
 * next one.
 */
#ifndef MIP6_CORE_CONF_H
#define MIP6_CORE_CONF_H

#include "base/time.h"
#include "core/event.h"

#define MIP6_KEY_OCTETS_MAX 64
#define MIP6_KEY_OCTETS_MIN 16 /* RFC 4285 section 5.1 */
#define MIP6_NAI_OCTETS     254
#define MIP6_HOMES_MAX      8
#define MIP6_INTERFACES_MAX 16

/* The mobility security association of RFC 4285 section 5.1. */
struct mip6_conf_sa {
	bool present; /* false only with `insecure = true` */
	uint32_t spi; /* > 255 */
	uint8_t key[MIP6_KEY_OCTETS_MAX];
	uint8_t key_octets;
	bool sequence_ignore;         /* peer follows RFC 4285 section 6 */
	struct mip6_span clock_slack; /* "close enough", default 7 s */
};

struct mip6_conf_home {
	struct mip6_addr hoa;
	uint8_t bits; /* of the home prefix */
	struct mip6_addr agent;
	struct mip6_conf_sa sa;
	struct mip6_span lifetime;     /* asked for; a multiple of 4 s, > 0 */
	char nai[MIP6_NAI_OCTETS + 1]; /* "" : no identifier option */
};

enum mip6_without_binding {
	MIP6_WITHOUT_BINDING_BLOCK,
	MIP6_WITHOUT_BINDING_DIRECT
};

struct mip6_conf_mn {
	bool on;
	char interface[MIP6_INTERFACES_MAX][MIP6_IFNAME_OCTETS]; /* patterns */
	uint32_t interfaces;
	struct mip6_conf_home home[MIP6_HOMES_MAX];
	uint32_t homes;
	enum mip6_without_binding without_binding;
	/* InitialBindackTimeoutFirstReg, default 1.5 s (R13-02). */
	struct mip6_span initial_bindack_timeout_first_reg;
	bool deregister_at_exit;
};

struct mip6_conf_mobile {
	struct mip6_addr hoa;
	struct mip6_conf_sa sa;
	char nai[MIP6_NAI_OCTETS + 1];
};

struct mip6_conf_ha {
	bool on;
	char interface[MIP6_IFNAME_OCTETS]; /* the home link */
	struct mip6_prefix prefix;
	struct mip6_addr address; /* ours; ::: the interface's in the prefix */
	struct mip6_span lifetime_max;   /* granted at the most */
	struct mip6_conf_mobile *mobile; /* sorted by hoa, no two alike */
	uint32_t mobiles;
	uint32_t bindings_max;
};

struct mip6_conf_cn {
	bool on;
};

struct mip6_conf {
	bool insecure;
	struct mip6_conf_mn mn;
	struct mip6_conf_ha ha;
	struct mip6_conf_cn cn;
};

/* Whether `name` matches one of the MN's interface patterns ("en*", "eth0"). */
bool mip6_conf_interface_match(const struct mip6_conf_mn *mn, const char *name);

#endif
