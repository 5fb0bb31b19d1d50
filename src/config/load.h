/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A configuration while it is being read: shared by what walks the file and
 * what checks the whole.
 */
#ifndef MIP6_CONFIG_LOAD_H
#define MIP6_CONFIG_LOAD_H

#include "config/keys.h"

struct mip6_config_load {
	const char *path;
	struct mip6_config *c;
	struct mip6_config_error *err;
	unsigned int roles;  /* wanted; 0: those of the file */
	unsigned int blocks; /* enum mip6_config_role, found in the file */
	bool failed;         /* err is filled */
	void *root;          /* libconfuse's */
	const void *inside[MIP6_SECTION_COUNT];      /* the block under way */
	unsigned int line[MIP6_SECTION_COUNT];       /* where it opened */
	unsigned int key_line[MIP6_CONFIG_KEYS_MAX]; /* by row; 0: not given */
	struct mip6_config_peer peer; /* the home or mobile under way */
	struct mip6_conf_home_prefix home_prefix;
	unsigned int prefix_line[MIP6_HOME_PREFIXES_MAX];
	uint32_t mobiles_room;
	unsigned int *mobile_line; /* of conf.ha.mobile[i] */
	unsigned int home_line[MIP6_HOMES_MAX];
	unsigned int keyless_line; /* the first block without a key; 0: none */
	enum mip6_config_section keyless;
};

/*
 * Notes the first error as "path:line: key: what"; line 0 and key "" are left
 * out.  Always returns false.
 */
bool mip6_config_fail(struct mip6_config_load *l, unsigned int line,
    const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The line of a key of the block under way; 0: it is not given. */
unsigned int mip6_config_line(const struct mip6_config_load *l,
    enum mip6_config_section section, const char *name);

/*
 * Takes l->peer as the home or mobile node `title`: reads its key and appends
 * it.
 */
bool mip6_config_add_home(struct mip6_config_load *l, const char *title);
bool mip6_config_add_mobile(struct mip6_config_load *l, const char *title);
/* Takes l->home_prefix as the home prefix `title`. */
bool mip6_config_add_prefix(struct mip6_config_load *l, const char *title);

/* Fills in what was left out. */
void mip6_config_defaults(struct mip6_config *c);
void mip6_config_peer_defaults(struct mip6_config_peer *p);

/* What can only be judged when all of it was read; sorts the mobile nodes. */
bool mip6_config_check(struct mip6_config_load *l);

/* A path of mip6.conf: beside that file when it is relative.  false: long. */
bool mip6_config_beside(const struct mip6_config_load *l, const char *file,
    char *path, size_t cap);

/* Mobile nodes without a block: mobiles-dir, mobiles-file, master-key-file. */
bool mip6_config_read_mobiles(struct mip6_config_load *l);
void mip6_config_mobiles_free(struct mip6_config *c);
/* What keeps `hoa` from being a home address here; NULL: nothing. */
const char *mip6_config_mobile_wrong(const struct mip6_conf_ha *ha,
    const struct mip6_addr *hoa);

/* By home address. */
void mip6_config_sort_mobiles(struct mip6_config_load *l);

/* What ha {} says, and the defaults that follow from it. */
bool mip6_config_check_ha(struct mip6_config_load *l);

/* Whether the role is wanted: by a flag, or by its block. */
bool mip6_config_plays(const struct mip6_config_load *l,
    enum mip6_config_role role);

#endif
