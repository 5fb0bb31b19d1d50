/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the text to values, by libconfuse.
 *
 * libconfuse is told the sections and the names of keys, all of them strings;
 * what each may be is in the table of keys.c.  A value is checked in the
 * callback for it, when the line is known.  Its own messages come through
 * load_said, so that every error has one form.
 *
 * libconfuse hands its callbacks no argument and is not reentrant: `load_now`
 * is set for the time of one call to it, and nothing else is kept.
 */
#include "config/load.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <confuse.h>

#include "base/fmt.h"
#include "config/scan.h"
#include "crypto/crypto.h"

#define LOAD_FOUND_OCTETS 40 /* of a wrong value, in a message */

static struct mip6_config_load *load_now;

bool
mip6_config_fail(struct mip6_config_load *l, unsigned int line, const char *key,
    const char *format, ...)
{
	size_t cap = sizeof(l->err->text);
	char *text = l->err->text;
	int used;
	va_list ap;

	if (l->failed)
		return false;
	l->failed = true;
	if (line > 0)
		used = snprintf(text, cap, "%s:%u: ", l->path, line);
	else
		used = snprintf(text, cap, "%s: ", l->path);
	if (used >= 0 && (size_t)used < cap && key[0] != '\0')
		used += snprintf(text + used, cap - (size_t)used, "%s: ", key);
	if (used >= 0 && (size_t)used < cap) {
		va_start(ap, format);
		(void)vsnprintf(text + used, cap - (size_t)used, format, ap);
		va_end(ap);
	}
	return false;
}

/* The section that a block of libconfuse is. */
static enum mip6_config_section
load_section(cfg_t *cfg)
{
	static const enum mip6_config_section sections[] = { MIP6_SECTION_MN,
		MIP6_SECTION_HOME, MIP6_SECTION_HA, MIP6_SECTION_HOME_PREFIX,
		MIP6_SECTION_MOBILE, MIP6_SECTION_CN };
	size_t i;

	for (i = 0; i < MIP6_COUNT(sections); i++)
		if (strcmp(cfg_name(cfg),
			mip6_config_section_name(sections[i])) == 0)
			return sections[i];
	return MIP6_SECTION_ROOT;
}

/* Begins the block `cfg`, which opened in `line`, unless it is under way. */
static void
load_begin(struct mip6_config_load *l, enum mip6_config_section s,
    const cfg_t *cfg, int line)
{
	size_t i;

	if (l->inside[s] == cfg)
		return;
	l->inside[s] = cfg;
	l->line[s] = (unsigned int)line;
	for (i = 0; i < mip6_config_keys_count; i++)
		if (mip6_config_keys[i].section == s)
			l->key_line[i] = 0;
	if (s == MIP6_SECTION_HOME || s == MIP6_SECTION_MOBILE)
		mip6_config_peer_defaults(&l->peer);
	if (s == MIP6_SECTION_HOME_PREFIX)
		mip6_config_prefix_defaults(&l->home_prefix);
}

/* Whether the block stands inside another one, and which that is. */
static bool
load_is_inner(enum mip6_config_section s, enum mip6_config_section *outer)
{
	*outer = s == MIP6_SECTION_HOME ? MIP6_SECTION_MN : MIP6_SECTION_HA;
	return s == MIP6_SECTION_HOME || s == MIP6_SECTION_MOBILE ||
	    s == MIP6_SECTION_HOME_PREFIX;
}

/*
 * Finds out in which block libconfuse is.  The line of a block around another
 * stays where that one opened.
 */
static enum mip6_config_section
load_enter(struct mip6_config_load *l, cfg_t *cfg)
{
	enum mip6_config_section s = load_section(cfg), outer;
	cfg_t *root = l->root, *around = root;

	if (load_is_inner(s, &outer)) {
		around = cfg_getnsec(root, mip6_config_section_name(outer),
		    cfg_size(root, mip6_config_section_name(outer)) - 1);
		load_begin(l, outer, around, root->line);
	}
	load_begin(l, s, cfg, around->line);
	return s;
}

unsigned int
mip6_config_line(const struct mip6_config_load *l,
    enum mip6_config_section section, const char *name)
{
	const struct mip6_config_key *key = mip6_config_key_find(section, name);

	MIP6_ASSERT(key != NULL);
	return l->key_line[key - mip6_config_keys];
}

static void *
load_base(struct mip6_config_load *l, enum mip6_config_section s)
{
	switch (s) {
	case MIP6_SECTION_ROOT:
	case MIP6_SECTION_MN:
	case MIP6_SECTION_HA:
		return l->c;
	case MIP6_SECTION_HOME_PREFIX:
		return &l->home_prefix;
	case MIP6_SECTION_HOME:
	case MIP6_SECTION_MOBILE:
		return &l->peer;
	case MIP6_SECTION_CN:
	case MIP6_SECTION_COUNT:
		break;
	}
	return NULL; /* without keys, so never used */
}

/* "initial... (40 octets)" of a value, printable, for a message. */
static const char *
load_found(const char *value, char found[LOAD_FOUND_OCTETS + 4])
{
	size_t i;

	for (i = 0; value[i] != '\0' && i < LOAD_FOUND_OCTETS; i++)
		found[i] = value[i] >= ' ' && value[i] <= '~' ? value[i] : '?';
	memcpy(found + i, value[i] != '\0' ? "..." : "",
	    value[i] != '\0' ? 4 : 1);
	return found;
}

/* libconfuse read `value` for `opt`. */
static int
load_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct mip6_config_load *l = load_now;
	enum mip6_config_section s = load_enter(l, cfg);
	const struct mip6_config_key *key =
	    mip6_config_key_find(s, cfg_opt_name(opt));
	char found[LOAD_FOUND_OCTETS + 4];
	unsigned int line = (unsigned int)cfg->line;
	unsigned int *at;

	*(const char **)result = value;
	if (key == NULL) {
		(void)mip6_config_fail(l, line, cfg_opt_name(opt),
		    "not a key of this block");
		return -1;
	}
	at = &l->key_line[key - mip6_config_keys];
	/* The later values of one list come one by one, too. */
	if (*at != 0 &&
	    (!mip6_config_key_is_list(key) || cfg_opt_size(opt) <= 1)) {
		(void)mip6_config_fail(l, line, key->name, "given twice");
		return -1;
	}
	*at = line;
	if (mip6_config_key_set(key, load_base(l, s), value)) {
		if (key->type == MIP6_TYPE_PREFIXES)
			l->prefix_line[l->c->conf.ha.prefixes - 1] = line;
		return 0;
	}
	(void)mip6_config_fail(l, line, key->name, "expected %s, found \"%s\"",
	    key->expected, load_found(value, found));
	return -1;
}

/* A role's block ended. */
static int
load_role(cfg_opt_t *opt, enum mip6_config_section s,
    enum mip6_config_role role)
{
	struct mip6_config_load *l = load_now;

	if (cfg_opt_size(opt) > 1) {
		(void)mip6_config_fail(l, l->line[s], cfg_opt_name(opt),
		    "given twice");
		return -1;
	}
	l->blocks |= role;
	return 0;
}

/* libconfuse read a block to its end. */
static int
load_block(cfg_t *parent, cfg_opt_t *opt)
{
	struct mip6_config_load *l = load_now;
	cfg_t *cfg = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	enum mip6_config_section s = load_enter(l, cfg);
	bool good = true;

	(void)parent;
	switch (s) {
	case MIP6_SECTION_MN:
		return load_role(opt, s, MIP6_CONFIG_MN);
	case MIP6_SECTION_HA:
		return load_role(opt, s, MIP6_CONFIG_HA);
	case MIP6_SECTION_CN:
		return load_role(opt, s, MIP6_CONFIG_CN);
	case MIP6_SECTION_HOME:
		good = mip6_config_add_home(l, cfg_title(cfg));
		break;
	case MIP6_SECTION_HOME_PREFIX:
		good = mip6_config_add_prefix(l, cfg_title(cfg));
		break;
	case MIP6_SECTION_MOBILE:
		good = mip6_config_add_mobile(l, cfg_title(cfg));
		break;
	case MIP6_SECTION_ROOT:
	case MIP6_SECTION_COUNT:
		break;
	}
	return good ? 0 : -1;
}

/* "agent, key-file, spi": what block `s` may hold. */
static void
load_names(enum mip6_config_section s, char *text, size_t cap)
{
	struct mip6_fmt f = mip6_fmt_make(text, cap);
	const char *blocks = "";
	size_t i;

	for (i = 0; i < mip6_config_keys_count; i++) {
		if (mip6_config_keys[i].section != s)
			continue;
		if (f.count > 0)
			mip6_fmt_str(&f, ", ");
		mip6_fmt_str(&f, mip6_config_keys[i].name);
	}
	if (s == MIP6_SECTION_ROOT)
		blocks = ", mn {}, ha {}, cn {}";
	else if (s == MIP6_SECTION_MN)
		blocks = ", home \"ADDRESS/BITS\" {}";
	else if (s == MIP6_SECTION_HA)
		blocks = ", home-prefix \"PREFIX\" {}, "
			 "mobile \"ADDRESS\" {}";
	mip6_fmt_str(&f, blocks);
}

/* What libconfuse has to say. */
static void load_said(cfg_t *cfg, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
load_said(cfg_t *cfg, const char *format, va_list ap)
{
	struct mip6_config_load *l = load_now;
	unsigned int line = (unsigned int)cfg->line;
	enum mip6_config_section outer;
	const char *title;
	char said[256], names[896], found[LOAD_FOUND_OCTETS + 4];

	if (l->failed)
		return;
	if (strncmp(format, "no such option '%s'", 19) == 0) {
		load_names(load_section(cfg), names, sizeof(names));
		(void)mip6_config_fail(l, line,
		    load_found(va_arg(ap, const char *), found),
		    "no such key here; expected %s", names);
		return;
	}
	if (strncmp(format, "found duplicate title '%s'", 26) == 0) {
		title = load_found(va_arg(ap, const char *), found);
		outer = load_section(cfg);
		(void)mip6_config_fail(l, line,
		    outer == MIP6_SECTION_MN       ? "home" :
			strchr(title, '/') != NULL ? "home-prefix" :
						     "mobile",
		    "%s is given twice", title);
		return;
	}
	(void)vsnprintf(said, sizeof(said), format, ap);
	(void)mip6_config_fail(l, line, "", "%s", said);
}

/* The options of libconfuse: each section's end with an empty one. */
struct load_options {
	cfg_opt_t opt[MIP6_CONFIG_KEYS_MAX + 2 * MIP6_SECTION_COUNT];
	size_t used;
};

/* Begins the options of section `s` with its keys. */
static cfg_opt_t *
load_options(struct load_options *o, enum mip6_config_section s)
{
	cfg_opt_t *first = &o->opt[o->used];
	size_t i;

	for (i = 0; i < mip6_config_keys_count; i++) {
		const struct mip6_config_key *key = &mip6_config_keys[i];
		cfg_flag_t flags = CFGF_NODEFAULT;

		if (key->section != s)
			continue;
		if (mip6_config_key_is_list(key))
			flags |= CFGF_LIST;
		o->opt[o->used++] = (cfg_opt_t){ .name = key->name,
			.type = CFGT_STR,
			.flags = flags,
			.parsecb = load_value };
	}
	return first;
}

/* The block `s` inside the section under way, with the options `inner`. */
static void
load_inner(struct load_options *o, enum mip6_config_section s, cfg_opt_t *inner,
    bool title)
{
	cfg_flag_t flags = CFGF_MULTI;

	if (title)
		flags |= CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	o->opt[o->used++] = (cfg_opt_t){ .name = mip6_config_section_name(s),
		.type = CFGT_SEC,
		.flags = flags,
		.subopts = inner,
		.validcb = load_block };
}

static cfg_opt_t *
load_end(struct load_options *o, cfg_opt_t *first)
{
	o->used++; /* it is all zero */
	MIP6_ASSERT(o->used <= MIP6_COUNT(o->opt));
	return first;
}

/* What libconfuse is to know: all sections, from the inner ones out. */
static cfg_opt_t *
load_grammar(struct load_options *o)
{
	cfg_opt_t *home, *home_prefix, *mobile, *mn, *ha, *cn, *root;

	memset(o, 0, sizeof(*o));
	home = load_end(o, load_options(o, MIP6_SECTION_HOME));
	home_prefix = load_end(o, load_options(o, MIP6_SECTION_HOME_PREFIX));
	mobile = load_end(o, load_options(o, MIP6_SECTION_MOBILE));
	cn = load_end(o, load_options(o, MIP6_SECTION_CN));
	mn = load_options(o, MIP6_SECTION_MN);
	load_inner(o, MIP6_SECTION_HOME, home, true);
	mn = load_end(o, mn);
	ha = load_options(o, MIP6_SECTION_HA);
	load_inner(o, MIP6_SECTION_HOME_PREFIX, home_prefix, true);
	load_inner(o, MIP6_SECTION_MOBILE, mobile, true);
	ha = load_end(o, ha);
	root = load_options(o, MIP6_SECTION_ROOT);
	load_inner(o, MIP6_SECTION_MN, mn, false);
	load_inner(o, MIP6_SECTION_HA, ha, false);
	load_inner(o, MIP6_SECTION_CN, cn, false);
	return load_end(o, root);
}

/* Hands the scanned text to libconfuse; *l holds what came of it. */
static bool
load_parse(struct mip6_config_load *l, const char *text)
{
	struct load_options o;
	cfg_t *cfg;
	int code;

	cfg = cfg_init(load_grammar(&o), CFGF_NONE);
	if (cfg == NULL)
		return mip6_config_fail(l, 0, "", "out of memory");
	(void)cfg_set_error_function(cfg, load_said);
	load_now = l;
	l->root = cfg;
	code = cfg_parse_buf(cfg, text);
	load_now = NULL;
	l->root = NULL;
	(void)cfg_free(cfg);
	if (code != CFG_SUCCESS)
		return mip6_config_fail(l, 0, "", "cannot be parsed");
	return !l->failed;
}

/* Fills *l->c from text that ends in a NUL and may be changed. */
static bool
load_text(struct mip6_config_load *l, char *text, size_t octets)
{
	struct mip6_config_scan wrong;

	if (!mip6_config_scan(text, octets, &wrong))
		return mip6_config_fail(l, wrong.line, "", "%s", wrong.what);
	mip6_config_defaults(l->c);
	return load_parse(l, text) && mip6_config_check(l);
}

struct mip6_config *
mip6_config_parse(const char *path, const char *text, size_t octets,
    unsigned int roles, struct mip6_config_error *err)
{
	struct mip6_config_load l = { .path = path,
		.err = err,
		.roles = roles };
	char *copy;

	err->text[0] = '\0';
	if (octets > MIP6_CONFIG_TEXT_OCTETS_MAX) {
		(void)mip6_config_fail(&l, 0, "", "larger than 1 MiB");
		return NULL;
	}
	l.c = calloc(1, sizeof(*l.c));
	copy = malloc(octets + 1);
	if (l.c == NULL || copy == NULL) {
		(void)mip6_config_fail(&l, 0, "", "out of memory");
	} else {
		memcpy(copy, text, octets);
		copy[octets] = '\0';
		(void)load_text(&l, copy, octets);
	}
	free(copy);
	free(l.mobile_line);
	if (l.failed) {
		mip6_config_free(l.c);
		return NULL;
	}
	return l.c;
}

/* The whole file, malloc'ed; NULL with the reason in *err. */
static char *
load_read(const char *path, size_t *octets, struct mip6_config_error *err)
{
	struct mip6_config_load l = { .path = path, .err = err };
	char *text = NULL;
	struct stat st;
	ssize_t n = 0;
	int fd;

	*octets = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		(void)mip6_config_fail(&l, 0, "", "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		(void)mip6_config_fail(&l, 0, "", "not a regular file");
	else if ((st.st_mode & S_IWOTH) != 0)
		(void)mip6_config_fail(&l, 0, "",
		    "everybody can write it: chmod o-w it");
	else if (st.st_size > MIP6_CONFIG_TEXT_OCTETS_MAX)
		(void)mip6_config_fail(&l, 0, "", "larger than 1 MiB");
	else if ((text = malloc(MIP6_CONFIG_TEXT_OCTETS_MAX + 1)) == NULL)
		(void)mip6_config_fail(&l, 0, "", "out of memory");
	while (text != NULL && *octets < MIP6_CONFIG_TEXT_OCTETS_MAX + 1) {
		n = read(fd, text + *octets,
		    MIP6_CONFIG_TEXT_OCTETS_MAX + 1 - *octets);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		*octets += (size_t)n;
	}
	if (n < 0) {
		(void)mip6_config_fail(&l, 0, "", "%s", strerror(errno));
		free(text);
		text = NULL;
	}
	if (fd >= 0)
		(void)close(fd);
	return text;
}

struct mip6_config *
mip6_config_load(const char *path, unsigned int roles,
    struct mip6_config_error *err)
{
	struct mip6_config *c;
	size_t octets;
	char *text;

	err->text[0] = '\0';
	text = load_read(path, &octets, err);
	if (text == NULL)
		return NULL;
	c = mip6_config_parse(path, text, octets, roles, err);
	free(text);
	return c;
}

void
mip6_config_free(struct mip6_config *c)
{
	struct mip6_conf_ha *ha;

	if (c == NULL)
		return;
	ha = &c->conf.ha;
	if (ha->mobile != NULL) {
		mip6_crypto_wipe(ha->mobile, sizeof(*ha->mobile) * ha->mobiles);
		free(ha->mobile);
	}
	mip6_config_mobiles_free(c);
	mip6_crypto_wipe(c, sizeof(*c));
	free(c);
}
