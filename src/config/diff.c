/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a new configuration changes: named for the operator after a reload,
 * never with a value, so that no key can slip out.
 */
#include "config/keys.h"

#include <string.h>

#include "crypto/crypto.h"

struct diff {
	mip6_config_diff_row row;
	void *arg;
	size_t count;
};

static void
diff_say(struct diff *d, bool differs, const char *place, const char *what,
    bool needs_restart)
{
	if (!differs)
		return;
	d->count++;
	if (d->row != NULL)
		d->row(d->arg, place, what, needs_restart);
}

/* The keys of a section that both configurations hold in the same place. */
static void
diff_section(struct diff *d, enum mip6_config_section section,
    const struct mip6_config *a, const struct mip6_config *b)
{
	const struct mip6_config_key *key;
	size_t i;

	for (i = 0; i < mip6_config_keys_count; i++) {
		key = &mip6_config_keys[i];
		if (key->section == section)
			diff_say(d, !mip6_config_key_same(key, a, b),
			    mip6_config_section_name(section), key->name,
			    key->restart);
	}
}

static bool
diff_agents(const struct mip6_conf_home *a, const struct mip6_conf_home *b)
{
	return a->agents != b->agents || a->agent_auto != b->agent_auto ||
	    memcmp(a->agent, b->agent, sizeof(a->agent)) != 0;
}

static void
diff_sa(struct diff *d, const char *place, const struct mip6_conf_sa *a,
    const struct mip6_conf_sa *b)
{
	diff_say(d,
	    a->present != b->present || a->key_octets != b->key_octets ||
		memcmp(a->key, b->key, sizeof(a->key)) != 0,
	    place, "key", false);
	diff_say(d, a->spi != b->spi, place, "spi", false);
	diff_say(d, a->sequence_ignore != b->sequence_ignore, place, "sequence",
	    false);
	diff_say(d, a->clock_slack.us != b->clock_slack.us, place,
	    "clock-slack", false);
}

struct diff_place {
	char text[64];
};

static struct diff_place
diff_place(const char *kind, const struct mip6_addr *hoa)
{
	struct diff_place p;

	(void)snprintf(p.text, sizeof(p.text), "%s %s", kind,
	    mip6_addr_text(hoa).s);
	return p;
}

static void
diff_home(struct diff *d, const struct mip6_conf_home *a,
    const struct mip6_conf_home *b)
{
	struct diff_place p = diff_place("home", &b->hoa);

	diff_say(d, a->bits != b->bits, p.text, "prefix length", false);
	diff_say(d, diff_agents(a, b), p.text, "agent", false);
	diff_say(d, a->lifetime.us != b->lifetime.us, p.text, "lifetime",
	    false);
	diff_say(d, strcmp(a->nai, b->nai) != 0, p.text, "identifier", false);
	diff_sa(d, p.text, &a->sa, &b->sa);
}

static const struct mip6_conf_home *
diff_find_home(const struct mip6_conf_mn *mn, const struct mip6_addr *hoa)
{
	uint32_t i;

	for (i = 0; i < mn->homes; i++)
		if (mip6_addr_equal(&mn->home[i].hoa, hoa))
			return &mn->home[i];
	return NULL;
}

static void
diff_homes(struct diff *d, const struct mip6_conf_mn *a,
    const struct mip6_conf_mn *b)
{
	const struct mip6_conf_home *was;
	uint32_t i;

	for (i = 0; i < b->homes; i++) {
		was = diff_find_home(a, &b->home[i].hoa);
		if (was != NULL)
			diff_home(d, was, &b->home[i]);
		else
			diff_say(d, true,
			    diff_place("home", &b->home[i].hoa).text, "added",
			    false);
	}
	for (i = 0; i < a->homes; i++)
		diff_say(d, diff_find_home(b, &a->home[i].hoa) == NULL,
		    diff_place("home", &a->home[i].hoa).text, "removed", false);
}

static void
diff_mobile(struct diff *d, const struct mip6_conf_mobile *a,
    const struct mip6_conf_mobile *b)
{
	struct diff_place p = diff_place("mobile", &b->hoa);

	diff_say(d, strcmp(a->nai, b->nai) != 0, p.text, "identifier", false);
	diff_sa(d, p.text, &a->sa, &b->sa);
}

/* Of so many of one kind, each is named; the others are counted. */
#define DIFF_NAMED 20

static void
diff_more(struct diff *d, uint64_t count, const char *what)
{
	char text[64];

	if (count <= DIFF_NAMED)
		return;
	(void)snprintf(text, sizeof(text), "%llu more %s",
	    (unsigned long long)(count - DIFF_NAMED), what);
	diff_say(d, true, "mobiles", text, false);
}

/* Those of `b` that are new or changed, wherever they stand in `a`. */
static void
diff_mobiles(struct diff *d, const struct mip6_conf_ha *a,
    const struct mip6_conf_ha *b)
{
	uint64_t at = 0, added = 0, changed = 0, removed = 0;
	struct mip6_conf_mobile was, is;
	struct diff quiet = { 0 }, *to;

	while (mip6_conf_mobile_next(b, &at, &is)) {
		if (!mip6_conf_mobile_find(a, &is.hoa, &was)) {
			if (added++ < DIFF_NAMED)
				diff_say(d, true,
				    diff_place("mobile", &is.hoa).text, "added",
				    false);
			continue;
		}
		quiet.count = 0;
		diff_mobile(&quiet, &was, &is);
		to = changed < DIFF_NAMED ? d : &quiet;
		if (quiet.count == 0)
			continue;
		changed++;
		diff_mobile(to, &was, &is);
	}
	for (at = 0; mip6_conf_mobile_next(a, &at, &was);)
		if (!mip6_conf_mobile_find(b, &was.hoa, &is) &&
		    removed++ < DIFF_NAMED)
			diff_say(d, true, diff_place("mobile", &was.hoa).text,
			    "removed", false);
	diff_more(d, added, "added");
	diff_more(d, changed, "changed");
	diff_more(d, removed, "removed");
	diff_say(d,
	    a->has_master != b->has_master || a->master_spi != b->master_spi ||
		memcmp(a->master, b->master, sizeof(a->master)) != 0,
	    "ha", "master key", false);
	mip6_crypto_wipe(&was, sizeof(was));
	mip6_crypto_wipe(&is, sizeof(is));
}

size_t
mip6_config_diff(const struct mip6_config *was, const struct mip6_config *is,
    mip6_config_diff_row row, void *arg)
{
	struct diff d = { .row = row, .arg = arg };

	diff_say(&d,
	    was->conf.mn.on != is->conf.mn.on ||
		was->conf.ha.on != is->conf.ha.on ||
		was->conf.cn.on != is->conf.cn.on,
	    "", "roles", true);
	diff_section(&d, MIP6_SECTION_ROOT, was, is);
	diff_section(&d, MIP6_SECTION_MN, was, is);
	diff_homes(&d, &was->conf.mn, &is->conf.mn);
	diff_section(&d, MIP6_SECTION_HA, was, is);
	diff_mobiles(&d, &was->conf.ha, &is->conf.ha);
	diff_section(&d, MIP6_SECTION_CN, was, is);
	return d.count;
}

void
mip6_config_keep(struct mip6_config *is, const struct mip6_config *was)
{
	const struct mip6_config_key *key;
	size_t i;

	for (i = 0; i < mip6_config_keys_count; i++) {
		key = &mip6_config_keys[i];
		if (key->restart)
			mip6_config_key_copy(key, is, was);
	}
}
