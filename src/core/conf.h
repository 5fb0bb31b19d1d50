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

#define MIP6_KEY_OCTETS_MAX    64
#define MIP6_KEY_OCTETS_MIN    16 /* RFC 4285 section 5.1 */
#define MIP6_NAI_OCTETS        254
#define MIP6_HOMES_MAX         8
#define MIP6_INTERFACES_MAX    16
#define MIP6_AGENTS_MAX        8
#define MIP6_NAME_OCTETS       253 /* of a host name */
#define MIP6_HOME_PREFIXES_MAX 8
#define MIP6_MASTER_OCTETS     32

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
	/*
	 * Home agents in order of preference: addresses, or names to resolve
	 * (address ::).  None with agent_auto: DHAAD finds them.
	 */
	struct {
		struct mip6_addr addr;
		char name[MIP6_NAME_OCTETS + 1];
	} agent[MIP6_AGENTS_MAX];
	uint32_t agents;
	bool agent_auto; /* RFC 6275 section 11.4.1, after those listed */
	struct mip6_conf_sa sa;
	struct mip6_span lifetime;     /* asked for; a multiple of 4 s, > 0 */
	char nai[MIP6_NAI_OCTETS + 1]; /* "" : no identifier option */
};

enum mip6_without_binding {
	MIP6_WITHOUT_BINDING_BLOCK,
	MIP6_WITHOUT_BINDING_DIRECT
};

#define MIP6_PREFIX_LIST_MAX 16

struct mip6_prefix_list {
	struct mip6_prefix prefix[MIP6_PREFIX_LIST_MAX];
	uint32_t count;
};

enum mip6_optimize {
	MIP6_OPTIMIZE_NONE,
	MIP6_OPTIMIZE_LISTED, /* those in optimize_prefix */
	MIP6_OPTIMIZE_ALL
};

#define MIP6_OPTIMIZE_PREFIXES_MAX 16

/* Who has the care-of addresses that are formed here (RFC 7217). */
enum mip6_coa_owner {
	MIP6_COA_OWNER_AUTO,   /* who suits the system */
	MIP6_COA_OWNER_KERNEL, /* an optimistic address of the host */
	MIP6_COA_OWNER_DAEMON  /* the host never gets it */
};

struct mip6_conf_mn {
	bool on;
	enum mip6_coa_owner coa_owner;
	/* Patterns, the preferred interface first. */
	char interface[MIP6_INTERFACES_MAX][MIP6_IFNAME_OCTETS];
	uint32_t interfaces;
	struct mip6_conf_home home[MIP6_HOMES_MAX];
	uint32_t homes;
	enum mip6_without_binding without_binding;
	/* InitialBindackTimeoutFirstReg, default 1.5 s (R13-02). */
	struct mip6_span initial_bindack_timeout_first_reg;
	bool deregister_at_exit;
	/* Traffic for these leaves with a care-of address, past the tunnel. */
	struct mip6_prefix_list bypass;
	/* Correspondents that route optimization is tried with. */
	enum mip6_optimize optimize;
	struct mip6_prefix optimize_prefix[MIP6_OPTIMIZE_PREFIXES_MAX];
	uint32_t optimize_prefixes;
};

#define MIP6_CLOCK_SLACK MIP6_SPAN_S(7) /* RFC 4285 section 5.1 */

struct mip6_conf_mobile {
	struct mip6_addr hoa;
	struct mip6_conf_sa sa;
	char nai[MIP6_NAI_OCTETS + 1];
};

/* A prefix of the home link (or a virtual one), as we advertise it. */
struct mip6_conf_home_prefix {
	struct mip6_prefix prefix;
	struct mip6_addr address; /* ours; ::: the interface's in the prefix */
	/* INT64_MAX us: for ever. */
	struct mip6_span valid, preferred;
	bool decrement; /* the lifetimes count down from the start */
};

/* Router Advertisements (RFC 4861 section 6.2.1, RFC 6275 section 7). */
struct mip6_conf_adverts {
	bool on; /* false: another daemon sends them, or nobody */
	struct mip6_span min_interval; /* MinRtrAdvInterval, 30 ms at least */
	struct mip6_span max_interval; /* MaxRtrAdvInterval */
	struct mip6_span min_delay;    /* MinDelayBetweenRAs, section 13 */
	struct mip6_span router_lifetime; /* 0: beside another router */
	struct mip6_span agent_lifetime;  /* of a home agent; > 0 */
	uint16_t agent_preference;
	bool solicited_only;  /* none that nobody asked for (section 7.5) */
	bool interval_option; /* Advertisement Interval */
	bool managed, other;  /* M and O */
};

/* Mobile prefix discovery (RFC 6275 sections 10.6 and 12). */
struct mip6_conf_delivery {
	struct mip6_span max_interval; /* MaxMobPfxAdvInterval, 86,400 s */
	struct mip6_span min_interval; /* MinMobPfxAdvInterval, 600 s */
	bool unsolicited;              /* SendMobPfxAdvs */
};

/* Duplicate Address Detection for a home address (section 10.3.1). */
enum mip6_home_dad {
	MIP6_HOME_DAD_RFC,
	MIP6_HOME_DAD_PROVISIONAL, /* forwards meanwhile; our own policy */
	MIP6_HOME_DAD_OFF
};

/* When an acknowledgement may go: what the store must have done. */
enum mip6_durability {
	MIP6_DURABILITY_NONE, /* no store */
	MIP6_DURABILITY_SYNC, /* on the disk */
	MIP6_DURABILITY_ASYNC /* handed to the system */
};

struct mip6_roster;

struct mip6_conf_ha {
	bool on;
	char interface[MIP6_IFNAME_OCTETS]; /* the home link */
	bool is_virtual; /* no home link: the prefixes are routed to us */
	struct mip6_conf_home_prefix prefix[MIP6_HOME_PREFIXES_MAX];
	uint32_t prefixes;
	struct mip6_span lifetime_max; /* granted at the most */
	/* Those of a block each, sorted by hoa, no two alike. */
	struct mip6_conf_mobile *mobile;
	uint32_t mobiles;
	const struct mip6_roster *roster; /* the others; NULL: none */
	/* Keys of those not listed come from it: see crypto/hkdf.h. */
	bool has_master;
	uint8_t master[MIP6_MASTER_OCTETS]; /* what HKDF-Extract gave */
	uint32_t master_spi;
	uint32_t bindings_max;
	uint32_t bindings_per_mobile_max; /* of one identifier; 0: no limit */
	enum mip6_home_dad home_dad;
	enum mip6_durability durability;
	bool refresh_requests; /* Binding Refresh Requests before expiry */
	bool multicast;        /* groups of mobile nodes (section 10.4.3) */
	bool join_groups;      /* false: the home link is taken whole */
	struct mip6_conf_adverts adverts;
	struct mip6_conf_delivery delivery;
};

struct mip6_conf_cn {
	bool on;
	uint32_t bindings_max;         /* 0: the default */
	struct mip6_span lifetime_max; /* granted at the most; <= 420 s */
	bool refresh_requests;         /* Binding Refresh Requests in use */
};

struct mip6_conf {
	bool insecure;
	struct mip6_conf_mn mn;
	struct mip6_conf_ha ha;
	struct mip6_conf_cn cn;
};

/* Copies the listed mobile node of a home address; false: there is none. */
bool mip6_conf_mobile_find(const struct mip6_conf_ha *ha,
    const struct mip6_addr *hoa, struct mip6_conf_mobile *to);
/*
 * Copies the next listed mobile node; *at is 0 at first.  false: that was the
 * last.
 */
bool mip6_conf_mobile_next(const struct mip6_conf_ha *ha, uint64_t *at,
    struct mip6_conf_mobile *to);
/* How many are listed. */
uint32_t mip6_conf_mobiles(const struct mip6_conf_ha *ha);

#define MIP6_INTERFACE_NONE UINT32_MAX

/*
 * The number of the first of the MN's interface patterns ("en*", "eth0") that
 * `name` matches: the smaller, the better.  MIP6_INTERFACE_NONE: none.
 */
uint32_t mip6_conf_interface_preference(const struct mip6_conf_mn *mn,
    const char *name);

static inline bool
mip6_conf_interface_match(const struct mip6_conf_mn *mn, const char *name)
{
	return mip6_conf_interface_preference(mn, name) != MIP6_INTERFACE_NONE;
}

#endif
