/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a new configuration changes: named for the operator after a reload,
 * never with a value, so that no key can slip out.
 */
#include "config/config.h"

#include <string.h>

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

static bool
diff_addr(const struct mip6_addr *a, const struct mip6_addr *b)
{
	return !mip6_addr_equal(a, b);
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
	diff_say(d, diff_addr(&a->agent[0].addr, &b->agent[0].addr), p.text,
	    "agent", false);
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
diff_mn(struct diff *d, const struct mip6_conf_mn *a,
    const struct mip6_conf_mn *b)
{
	const struct mip6_conf_home *was;
	uint32_t i;

	diff_say(d,
	    a->interfaces != b->interfaces ||
		memcmp(a->interface, b->interface, sizeof(a->interface)) != 0,
	    "mn", "interface", true);
	diff_say(d, a->without_binding != b->without_binding, "mn",
	    "without-binding", false);
	diff_say(d,
	    a->initial_bindack_timeout_first_reg.us !=
		b->initial_bindack_timeout_first_reg.us,
	    "mn", "initial-bindack-timeout-first-reg", false);
	diff_say(d, a->deregister_at_exit != b->deregister_at_exit, "mn",
	    "deregister-at-exit", false);
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

/* Both lists are sorted by home address: one walk along both. */
static void
diff_mobiles(struct diff *d, const struct mip6_conf_ha *a,
    const struct mip6_conf_ha *b)
{
	uint32_t i = 0, j = 0;
	int order;

	while (i < a->mobiles || j < b->mobiles) {
		if (i == a->mobiles)
			order = 1;
		else if (j == b->mobiles)
			order = -1;
		else
			order = memcmp(a->mobile[i].hoa.b, b->mobile[j].hoa.b,
			    sizeof(a->mobile[i].hoa.b));
		if (order < 0) {
			diff_say(d, true,
			    diff_place("mobile", &a->mobile[i++].hoa).text,
			    "removed", false);
		} else if (order > 0) {
			diff_say(d, true,
			    diff_place("mobile", &b->mobile[j++].hoa).text,
			    "added", false);
		} else {
			diff_mobile(d, &a->mobile[i++], &b->mobile[j++]);
		}
	}
}

static void
diff_ha(struct diff *d, const struct mip6_conf_ha *a,
    const struct mip6_conf_ha *b)
{
	diff_say(d, strcmp(a->interface, b->interface) != 0, "ha", "interface",
	    true);
	diff_say(d,
	    !mip6_prefix_equal(&a->prefix[0].prefix, &b->prefix[0].prefix),
	    "ha", "prefix", true);
	diff_say(d, diff_addr(&a->prefix[0].address, &b->prefix[0].address),
	    "ha", "address", true);
	diff_say(d, a->is_virtual != b->is_virtual, "ha", "virtual", true);
	diff_say(d, a->join_groups != b->join_groups, "ha", "join-groups",
	    false);
	diff_say(d, a->lifetime_max.us != b->lifetime_max.us, "ha",
	    "lifetime-max", false);
	diff_say(d, a->bindings_max != b->bindings_max, "ha", "bindings-max",
	    true);
	diff_mobiles(d, a, b);
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
	diff_say(&d, was->conf.insecure != is->conf.insecure, "", "insecure",
	    false);
	diff_say(&d, strcmp(was->control_socket, is->control_socket) != 0, "",
	    "control-socket", true);
	diff_say(&d, strcmp(was->pid_file, is->pid_file) != 0, "", "pid-file",
	    true);
	diff_say(&d, strcmp(was->state_dir, is->state_dir) != 0, "",
	    "state-dir", true);
	diff_say(&d, was->log_level != is->log_level, "", "log-level", false);
	diff_say(&d, strcmp(was->syslog_facility, is->syslog_facility) != 0, "",
	    "syslog-facility", true);
	diff_mn(&d, &was->conf.mn, &is->conf.mn);
	diff_ha(&d, &was->conf.ha, &is->conf.ha);
	return d.count;
}

void
mip6_config_keep(struct mip6_config *is, const struct mip6_config *was)
{
	memcpy(is->control_socket, was->control_socket,
	    sizeof(is->control_socket));
	memcpy(is->pid_file, was->pid_file, sizeof(is->pid_file));
	memcpy(is->state_dir, was->state_dir, sizeof(is->state_dir));
	is->syslog_facility = was->syslog_facility;
	memcpy(is->conf.mn.interface, was->conf.mn.interface,
	    sizeof(is->conf.mn.interface));
	is->conf.mn.interfaces = was->conf.mn.interfaces;
	memcpy(is->conf.ha.interface, was->conf.ha.interface,
	    sizeof(is->conf.ha.interface));
	is->conf.ha.is_virtual = was->conf.ha.is_virtual;
	memcpy(is->conf.ha.prefix, was->conf.ha.prefix,
	    sizeof(is->conf.ha.prefix));
	is->conf.ha.prefixes = was->conf.ha.prefixes;
	is->conf.ha.bindings_max = was->conf.ha.bindings_max;
}
