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
	MIP6_SECTION_MOBILE, /* inside ha */
	MIP6_SECTION_CN,
	MIP6_SECTION_COUNT
};

enum mip6_config_type {
	MIP6_TYPE_BOOL,
	MIP6_TYPE_U32,  /* min..max */
	MIP6_TYPE_SPAN, /* min..max microseconds, a multiple of `step` */
	MIP6_TYPE_ADDR, /* unicast and routable */
	MIP6_TYPE_PREFIX,
	MIP6_TYPE_IFNAME,
	MIP6_TYPE_PATTERNS, /* a list, of struct mip6_conf_mn */
	MIP6_TYPE_WORD,     /* at most max octets */
	MIP6_TYPE_PATH,     /* absolute, at most max octets */
	MIP6_TYPE_FILE,     /* also relative, at most max octets */
	MIP6_TYPE_LEVEL,
	MIP6_TYPE_FACILITY,
	MIP6_TYPE_WITHOUT_BINDING,
	MIP6_TYPE_SEQUENCE
};

struct mip6_config_key {
	enum mip6_config_section section;
	const char *name;
	enum mip6_config_type type;
	size_t offset; /* in the section's structure, below */
	uint64_t min, max, step;
	const char *expected; /* "expected ..." of the message */
};

/*
 * What a home {} or a mobile {} says, until it is complete.  The other
 * sections' values go to struct mip6_config, mip6_conf_mn and mip6_conf_ha.
 */
struct mip6_config_peer {
	struct mip6_addr agent;
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

/* "error", "warning", "info", "debug"; NULL and false when there is none. */
bool mip6_config_level(const char *word, enum mip6_log_level *level);
const char *mip6_config_level_name(enum mip6_log_level level);

#endif
