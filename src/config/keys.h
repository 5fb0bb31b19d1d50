/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every key of mip6.conf, once: where it stands, what it may be, where its
 * value goes.  The parser, the messages and the test of the manual page read
 * this table; a new key is a row here and a line in mip6.conf(5).
 */
#ifndef MIP6_CONFIG_KEYS_H
#define MIP6_CONFIG_KEYS_H

#include "config/config.h"

enum mip6_config_section {
	MIP6_SECTION_ROOT,
	MIP6_SECTION_MN,
	MIP6_SECTION_HOME, /* inside mn */
	MIP6_SECTION_HA,
	MIP6_SECTION_HOME_PREFIX, /* inside ha */
	MIP6_SECTION_MOBILE,      /* inside ha */
	MIP6_SECTION_CN,
	MIP6_SECTION_COUNT
};

enum mip6_config_type {
	MIP6_TYPE_BOOL,
	MIP6_TYPE_U16,      /* min..max */
	MIP6_TYPE_U32,      /* min..max */
	MIP6_TYPE_SPAN,     /* min..max microseconds, a multiple of `step` */
	MIP6_TYPE_LIFETIME, /* the same, or "infinity" */
	MIP6_TYPE_ADDR,     /* unicast and routable */
	MIP6_TYPE_IFNAME,
	MIP6_TYPE_PREFIXES,    /* a list, of struct mip6_conf_ha */
	MIP6_TYPE_PREFIX_LIST, /* a list, struct mip6_prefix_list */
	MIP6_TYPE_PATTERNS,    /* a list, of struct mip6_conf_mn */
	MIP6_TYPE_AGENTS,      /* a list, of struct mip6_config_peer */
	MIP6_TYPE_OPTIMIZE,    /* all, none, or a list; struct mip6_conf_mn */
	MIP6_TYPE_WORD,        /* at most max octets */
	MIP6_TYPE_PATH,        /* absolute, at most max octets */
	MIP6_TYPE_FILE,        /* also relative, at most max octets */
	MIP6_TYPE_LEVEL,
	MIP6_TYPE_FACILITY,
	MIP6_TYPE_COA_OWNER,
	MIP6_TYPE_WITHOUT_BINDING,
	MIP6_TYPE_SEQUENCE,
	MIP6_TYPE_HOME_DAD,
	MIP6_TYPE_DURABILITY
};

#define MIP6_CONFIG_KEYS_MAX 96 /* rows of the table */

struct mip6_config_key {
	enum mip6_config_section section;
	const char *name;
	enum mip6_config_type type;
	size_t offset; /* in the section's structure, below */
	uint64_t min, max, step;
	const char *expected; /* "expected ..." of the message */
	bool restart;         /* takes effect only at the next start */
};

/*
 * What a home {} or a mobile {} says, until it is complete.  A home-prefix {}
 * is a struct mip6_conf_home_prefix, and all else goes to struct mip6_config.
 */
struct mip6_config_peer {
	struct {
		struct mip6_addr addr;
		char name[MIP6_NAME_OCTETS + 1];
	} agent[MIP6_AGENTS_MAX];
	uint32_t agents;
	bool agent_auto;
	struct mip6_span lifetime;
	char nai[MIP6_NAI_OCTETS + 1];
	char key_file[MIP6_CONFIG_PATH_OCTETS];
	uint32_t spi; /* 0: not given */
	bool sequence_ignore;
	struct mip6_span clock_slack;
};

extern const struct mip6_config_key mip6_config_keys[];
extern const size_t mip6_config_keys_count;

/* "mn", "home" ...; "" for the root. */
const char *mip6_config_section_name(enum mip6_config_section s);

/* The row, or NULL when the section has no such key. */
const struct mip6_config_key *mip6_config_key_find(enum mip6_config_section
						       section,
    const char *name);

/*
 * Stores `text` at the key's place in `base`.  false: it is not what the row
 * says; *base is as it was.
 */
bool mip6_config_key_set(const struct mip6_config_key *key, void *base,
    const char *text);

/* Appends a prefix of the home link with the default lifetimes. */
bool mip6_config_prefix_add(struct mip6_conf_ha *ha, const char *text);
void mip6_config_prefix_defaults(struct mip6_conf_home_prefix *p);

/* Whether the key may be given several values: { a, b }. */
bool mip6_config_key_is_list(const struct mip6_config_key *key);

/* Whether two bases of the key's section have the same value of it. */
bool mip6_config_key_same(const struct mip6_config_key *key, const void *a,
    const void *b);
/* Copies the value of the key from one base to another. */
void mip6_config_key_copy(const struct mip6_config_key *key, void *to,
    const void *from);

/* How `value` of a type that is one of some words is written. */
const char *mip6_config_word(enum mip6_config_type type, unsigned int value);

/* "error", "warning", "info", "debug"; NULL and false when there is none. */
bool mip6_config_level(const char *word, enum mip6_log_level *level);
const char *mip6_config_level_name(enum mip6_log_level level);

#endif
