/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ha {} says: its prefixes and addresses, its advertisements, its mobile
 * nodes; and the defaults that follow from what is given.
 *
 * Implements: RFC 4861 section 6.2.1 with its erratum 3235 and RFC 6275
 * sections 7.4, 7.5 and 13 (which values go together).
 */
#include "config/load.h"

#define CHECK_LONG_INTERVAL                                                    \
	MIP6_SPAN_S(9) /* MinRtrAdvInterval: a third of it */

static unsigned int
check_line(const struct mip6_config_load *l, const char *name)
{
	return mip6_config_line(l, MIP6_SECTION_HA, name);
}

bool
mip6_config_add_prefix(struct mip6_config_load *l, const char *title)
{
	unsigned int line = l->line[MIP6_SECTION_HOME_PREFIX];
	struct mip6_conf_home_prefix *p = &l->home_prefix;
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	uint32_t i = ha->prefixes;

	if (i == MIP6_HOME_PREFIXES_MAX)
		return mip6_config_fail(l, line, "home-prefix", "more than %d",
		    MIP6_HOME_PREFIXES_MAX);
	if (!mip6_config_prefix_add(ha, title))
		return mip6_config_fail(l, line, "home-prefix",
		    "expected the prefix of the home link, like home-prefix "
		    "\"2001:db8:1::/64\", found \"%.60s\"",
		    title);
	if (p->preferred.us > p->valid.us)
		return mip6_config_fail(l, line, "preferred-lifetime",
		    "longer than the valid lifetime");
	p->prefix = ha->prefix[i].prefix;
	ha->prefix[i] = *p;
	l->prefix_line[i] = line;
	return true;
}

/* The number of the home prefix that has `a`; -1: none. */
static int
check_find_prefix(const struct mip6_conf_ha *ha, const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < ha->prefixes; i++)
		if (mip6_prefix_has(&ha->prefix[i].prefix, a))
			return (int)i;
	return -1;
}

/* `address` of ha {} stands for the prefix that has it. */
static bool
check_address(struct mip6_config_load *l)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	const struct mip6_addr *address = &l->c->ha_address;
	int i;

	if (mip6_addr_is_any(address))
		return true;
	i = check_find_prefix(ha, address);
	/* A virtual home link may be served from any address of the host. */
	if (i < 0 && ha->is_virtual)
		i = 0;
	if (i < 0)
		return mip6_config_fail(l, check_line(l, "address"), "address",
		    "not in the prefix of the home link");
	if (!mip6_addr_is_any(&ha->prefix[i].address))
		return mip6_config_fail(l, check_line(l, "address"), "address",
		    "its home-prefix {} in line %u has one already",
		    l->prefix_line[i]);
	ha->prefix[i].address = *address;
	return true;
}

static bool
check_prefix(struct mip6_config_load *l, uint32_t i)
{
	const struct mip6_conf_ha *ha = &l->c->conf.ha;
	const struct mip6_conf_home_prefix *p = &ha->prefix[i];
	int first = check_find_prefix(ha, &p->prefix.addr);
	uint32_t j;

	for (j = 0; j < i && first == (int)i; j++)
		if (mip6_prefix_has(&p->prefix, &ha->prefix[j].prefix.addr))
			first = (int)j;
	if (first != (int)i)
		return mip6_config_fail(l, l->prefix_line[i], "prefix",
		    "%s/%u overlaps with another one in line %u",
		    mip6_addr_text(&p->prefix.addr).s, p->prefix.bits,
		    l->prefix_line[first]);
	if (!ha->is_virtual && !mip6_addr_is_any(&p->address) &&
	    !mip6_prefix_has(&p->prefix, &p->address))
		return mip6_config_fail(l, l->prefix_line[i], "address",
		    "not in %s/%u", mip6_addr_text(&p->prefix.addr).s,
		    p->prefix.bits);
	return true;
}

/* The home link: an interface with prefixes, or prefixes alone. */
static bool
check_place(struct mip6_config_load *l)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	uint32_t i;

	if (!ha->is_virtual && ha->interface[0] == '\0')
		return mip6_config_fail(l, l->line[MIP6_SECTION_HA],
		    "interface",
		    "missing: ha {} needs the interface on the home link, or "
		    "virtual = true");
	if (ha->is_virtual && ha->interface[0] != '\0')
		return mip6_config_fail(l, check_line(l, "interface"),
		    "interface", "a virtual home link has no interface");
	if (ha->prefixes == 0)
		return mip6_config_fail(l, l->line[MIP6_SECTION_HA], "prefix",
		    "missing: ha {} needs the prefix of the home link");
	if (!check_address(l))
		return false;
	for (i = 0; i < ha->prefixes; i++)
		if (!check_prefix(l, i))
			return false;
	return true;
}

/* ceil(us / 1 s) seconds: what the field of an advertisement can say. */
static struct mip6_span
check_whole_seconds(int64_t us)
{
	return MIP6_SPAN_S((us + 999999) / 1000000);
}

/* Router Advertisements: RFC 4861 section 6.2.1, RFC 6275 section 7. */
static bool
check_adverts(struct mip6_config_load *l)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	struct mip6_conf_adverts *a = &ha->adverts;
	int64_t max = a->max_interval.us;
	struct mip6_span thrice = check_whole_seconds(3 * max);

	if (ha->is_virtual && a->on && check_line(l, "advertise") != 0)
		return mip6_config_fail(l, check_line(l, "advertise"),
		    "advertise", "a virtual home link has nobody to tell");
	if (ha->is_virtual)
		a->on = false;
	if (check_line(l, "min-rtr-adv-interval") == 0)
		a->min_interval.us = max >= CHECK_LONG_INTERVAL.us ?
		    max * 33 / 100 :
		    max * 3 / 4;
	if (a->min_interval.us > max * 3 / 4)
		return mip6_config_fail(l,
		    check_line(l, "min-rtr-adv-interval"),
		    "min-rtr-adv-interval",
		    "more than 0.75 x max-rtr-adv-interval");
	/* R13-03: no longer than the smallest interval. Test: test_config */
	if (check_line(l, "min-delay-between-ras") == 0 &&
	    a->min_interval.us < a->min_delay.us)
		a->min_delay = a->min_interval;
	if (check_line(l, "router-lifetime") == 0)
		a->router_lifetime = thrice;
	if (a->router_lifetime.us != 0 && a->router_lifetime.us < max)
		return mip6_config_fail(l, check_line(l, "router-lifetime"),
		    "router-lifetime",
		    "neither 0 nor as long as max-rtr-adv-interval");
	if (check_line(l, "home-agent-lifetime") == 0)
		a->agent_lifetime =
		    a->router_lifetime.us != 0 ? a->router_lifetime : thrice;
	return true;
}

/* Mobile prefix discovery: RFC 6275 section 13. */
static bool
check_delivery(struct mip6_config_load *l)
{
	struct mip6_conf_delivery *d = &l->c->conf.ha.delivery;
	unsigned int line = check_line(l, "min-mob-pfx-adv-interval");

	if (line == 0 && d->min_interval.us > d->max_interval.us)
		d->min_interval = d->max_interval;
	if (d->min_interval.us > d->max_interval.us)
		return mip6_config_fail(l, line, "min-mob-pfx-adv-interval",
		    "more than max-mob-pfx-adv-interval");
	return true;
}

static bool
check_mobiles(struct mip6_config_load *l)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	const char *wrong;
	uint32_t i;

	for (i = 0; i < ha->mobiles; i++) {
		const struct mip6_addr *hoa = &ha->mobile[i].hoa;
		struct mip6_addr_text text = mip6_addr_text(hoa);
		unsigned int line = l->mobile_line[i];

		if (i > 0 && mip6_addr_equal(hoa, &ha->mobile[i - 1].hoa))
			return mip6_config_fail(l, line, "mobile",
			    "%s is in line %u already", text.s,
			    l->mobile_line[i - 1]);
		wrong = mip6_config_mobile_wrong(ha, hoa);
		if (wrong != NULL)
			return mip6_config_fail(l, line, "mobile", "%s is %s",
			    text.s, wrong);
	}
	return true;
}

bool
mip6_config_check_ha(struct mip6_config_load *l)
{
	if (!check_place(l) || !check_adverts(l) || !check_delivery(l))
		return false;
	mip6_config_sort_mobiles(l);
	return check_mobiles(l) && mip6_config_read_mobiles(l);
}
