/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one key cannot show: blocks that lack something, values that do not go
 * together, roles that exclude each other, keys that must be there.
 *
 * Implements: RFC 4285 section 5.1 (an SPI above 255), RFC 4291 section 2.6.1
 * (the subnet-router anycast address is nobody's home address).
 */
#include "config/load.h"

#include <stdlib.h>
#include <string.h>

#include "config/keyfile.h"
#include "config/value.h"
#include "crypto/crypto.h"

#define CHECK_SPI_MIN 256

void
mip6_config_defaults(struct mip6_config *c)
{
	memcpy(c->control_socket, MIP6_CONTROL_SOCKET,
	    sizeof(MIP6_CONTROL_SOCKET));
	memcpy(c->pid_file, MIP6_PID_FILE, sizeof(MIP6_PID_FILE));
	memcpy(c->state_dir, MIP6_STATE_DIR, sizeof(MIP6_STATE_DIR));
	c->log_level = MIP6_LOG_INFO;
	c->syslog_facility = "daemon";
	c->conf.mn.without_binding = MIP6_WITHOUT_BINDING_BLOCK;
	c->conf.mn.initial_bindack_timeout_first_reg = MIP6_SPAN_MS(1500);
	c->conf.mn.deregister_at_exit = true;
	c->conf.ha.lifetime_max = MIP6_SPAN_S(3600);
	c->conf.ha.bindings_max = 4096;
	c->conf.ha.home_dad = MIP6_HOME_DAD_RFC;
	c->conf.ha.durability = MIP6_DURABILITY_SYNC;
	c->conf.ha.join_groups = true;
	c->conf.ha.multicast = true;
	c->conf.ha.refresh_requests = true;
	c->conf.cn.bindings_max = 4096;
	c->conf.cn.lifetime_max = MIP6_SPAN_S(420);
	c->conf.cn.refresh_requests = true;
	c->conf.ha.adverts.on = true;
	c->conf.ha.adverts.max_interval = MIP6_SPAN_S(600);
	c->conf.ha.adverts.min_delay = MIP6_SPAN_S(3);
	c->conf.ha.adverts.interval_option = true;
	c->conf.ha.delivery.max_interval = MIP6_SPAN_S(86400);
	c->conf.ha.delivery.min_interval = MIP6_SPAN_S(600);
	c->conf.ha.delivery.unsolicited = true;
}

/* AdvValidLifetime and AdvPreferredLifetime (RFC 4861 section 6.2.1). */
void
mip6_config_prefix_defaults(struct mip6_conf_home_prefix *p)
{
	memset(p, 0, sizeof(*p));
	p->valid = MIP6_SPAN_S(INT64_C(30) * 86400);
	p->preferred = MIP6_SPAN_S(INT64_C(7) * 86400);
}

void
mip6_config_peer_defaults(struct mip6_config_peer *p)
{
	memset(p, 0, sizeof(*p));
	p->lifetime = MIP6_SPAN_S(600);
	p->clock_slack = MIP6_CLOCK_SLACK;
}

bool
mip6_config_plays(const struct mip6_config_load *l, enum mip6_config_role role)
{
	return ((l->roles != 0 ? l->roles : l->blocks) & role) != 0;
}

bool
mip6_config_beside(const struct mip6_config_load *l, const char *file,
    char *path, size_t cap)
{
	const char *slash = strrchr(l->path, '/');
	size_t folder = 0;

	if (file[0] != '/' && slash != NULL)
		folder = (size_t)(slash - l->path) + 1;
	if (folder + strlen(file) >= cap)
		return false;
	memcpy(path, l->path, folder);
	memcpy(path + folder, file, strlen(file) + 1);
	return true;
}

/* Reads the key of l->peer into *sa. */
static bool
check_sa(struct mip6_config_load *l, enum mip6_config_section section,
    struct mip6_conf_sa *sa)
{
	const struct mip6_config_peer *p = &l->peer;
	char path[2 * MIP6_CONFIG_PATH_OCTETS], text[512];
	struct mip6_fmt why = mip6_fmt_make(text, sizeof(text));
	struct mip6_keyfile key;
	bool good;

	sa->sequence_ignore = p->sequence_ignore;
	sa->clock_slack = p->clock_slack;
	if (p->key_file[0] == '\0') {
		if (p->spi != 0)
			return mip6_config_fail(l,
			    mip6_config_line(l, section, "spi"), "spi",
			    "of no use without key-file");
		if (l->keyless_line == 0) {
			l->keyless_line = l->line[section];
			l->keyless = section;
		}
		return true;
	}
	if (!mip6_config_beside(l, p->key_file, path, sizeof(path)))
		return mip6_config_fail(l,
		    mip6_config_line(l, section, "key-file"), "key-file",
		    "path too long");
	if (!mip6_keyfile_read(path, &key, &why))
		return mip6_config_fail(l,
		    mip6_config_line(l, section, "key-file"), "key-file",
		    "%s: %s", path, text);
	sa->present = true;
	sa->spi = key.spi != 0 ? key.spi : p->spi;
	sa->key_octets = key.key_octets;
	memcpy(sa->key, key.key, sizeof(key.key));
	good = p->spi == 0 || p->spi == sa->spi;
	mip6_crypto_wipe(&key, sizeof(key));
	if (!good)
		return mip6_config_fail(l, mip6_config_line(l, section, "spi"),
		    "spi", "%u here, but %u in %s", p->spi, sa->spi, path);
	if (sa->spi < CHECK_SPI_MIN)
		return mip6_config_fail(l,
		    mip6_config_line(l, section, "key-file"), "spi",
		    "neither here nor in %s", path);
	return true;
}

static bool
check_is_prefix_itself(const struct mip6_addr *a, uint8_t bits)
{
	struct mip6_prefix p = mip6_prefix_make(a, bits);

	return mip6_addr_equal(&p.addr, a);
}

bool
mip6_config_add_home(struct mip6_config_load *l, const char *title)
{
	static const char expected[] =
	    "expected a global home address and the length of its prefix, "
	    "like home \"2001:db8:1::100/64\"";
	struct mip6_conf_mn *mn = &l->c->conf.mn;
	const struct mip6_config_peer *p = &l->peer;
	unsigned int line = l->line[MIP6_SECTION_HOME];
	struct mip6_conf_home *home;
	uint32_t i;

	if (mn->homes == MIP6_HOMES_MAX)
		return mip6_config_fail(l, line, "home", "more than %d",
		    MIP6_HOMES_MAX);
	home = &mn->home[mn->homes];
	if (!mip6_value_addr_bits(title, &home->hoa, &home->bits) ||
	    !mip6_addr_is_routable(&home->hoa) || home->bits == 0 ||
	    home->bits > 127)
		return mip6_config_fail(l, line, "home", "%s, found \"%.60s\"",
		    expected, title);
	/* Of 64 bits, it stands for an address that is formed in it. */
	if (home->bits != 64 && check_is_prefix_itself(&home->hoa, home->bits))
		return mip6_config_fail(l, line, "home",
		    "%s is the prefix itself, not an address in it, which is "
		    "formed in one of 64 bits only",
		    title);
	if (p->agents == 0 && !p->agent_auto)
		return mip6_config_fail(l, line, "agent",
		    "missing in home \"%s\"", title);
	for (i = 0; i < p->agents; i++)
		if (mip6_addr_equal(&p->agent[i].addr, &home->hoa))
			return mip6_config_fail(l,
			    mip6_config_line(l, MIP6_SECTION_HOME, "agent"),
			    "agent",
			    "expected the home agent's address, found the "
			    "home address itself");
	_Static_assert(sizeof(home->agent) == sizeof(p->agent), "agents");
	memcpy(home->agent, p->agent, sizeof(home->agent));
	home->agents = p->agents;
	home->agent_auto = p->agent_auto;
	home->lifetime = p->lifetime;
	memcpy(home->nai, p->nai, sizeof(home->nai));
	l->home_line[mn->homes++] = line;
	return check_sa(l, MIP6_SECTION_HOME, &home->sa);
}

/* Room for one more mobile node, without leaving keys in freed memory. */
static bool
check_mobile_room(struct mip6_config_load *l)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	struct mip6_conf_mobile *more;
	unsigned int *lines;
	uint32_t room;

	if (ha->mobiles < l->mobiles_room)
		return true;
	room = l->mobiles_room == 0 ? 16 : l->mobiles_room * 2;
	lines = realloc(l->mobile_line, room * sizeof(*lines));
	if (lines == NULL)
		return false;
	l->mobile_line = lines;
	more = calloc(room, sizeof(*more));
	if (more == NULL)
		return false;
	if (ha->mobile != NULL) {
		memcpy(more, ha->mobile, ha->mobiles * sizeof(*more));
		mip6_crypto_wipe(ha->mobile, ha->mobiles * sizeof(*more));
		free(ha->mobile);
	}
	ha->mobile = more;
	l->mobiles_room = room;
	return true;
}

bool
mip6_config_add_mobile(struct mip6_config_load *l, const char *title)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	unsigned int line = l->line[MIP6_SECTION_MOBILE];
	struct mip6_conf_mobile *mobile;

	if (!check_mobile_room(l))
		return mip6_config_fail(l, line, "mobile", "out of memory");
	mobile = &ha->mobile[ha->mobiles];
	if (!mip6_addr_parse(title, &mobile->hoa) ||
	    !mip6_addr_is_routable(&mobile->hoa))
		return mip6_config_fail(l, line, "mobile",
		    "expected a global home address, like mobile "
		    "\"2001:db8:1::100\", found \"%.60s\"",
		    title);
	memcpy(mobile->nai, l->peer.nai, sizeof(mobile->nai));
	l->mobile_line[ha->mobiles++] = line;
	return check_sa(l, MIP6_SECTION_MOBILE, &mobile->sa);
}

static void
check_swap(struct mip6_config_load *l, uint32_t i, uint32_t j)
{
	struct mip6_conf_mobile *m = l->c->conf.ha.mobile;
	struct mip6_conf_mobile mobile = m[i];
	unsigned int line = l->mobile_line[i];

	m[i] = m[j];
	m[j] = mobile;
	l->mobile_line[i] = l->mobile_line[j];
	l->mobile_line[j] = line;
	mip6_crypto_wipe(&mobile, sizeof(mobile));
}

static int
check_compare(const struct mip6_config_load *l, uint32_t i, uint32_t j)
{
	const struct mip6_conf_mobile *m = l->c->conf.ha.mobile;
	int order = memcmp(m[i].hoa.b, m[j].hoa.b, sizeof(m[i].hoa.b));

	if (order != 0)
		return order;
	return l->mobile_line[i] < l->mobile_line[j] ? -1 : 1;
}

/* Lets element `at` sink in the heap of the first `n`. */
static void
check_sink(struct mip6_config_load *l, uint32_t at, uint32_t n)
{
	uint32_t child;

	while ((child = 2 * at + 1) < n) {
		if (child + 1 < n && check_compare(l, child, child + 1) < 0)
			child++;
		if (check_compare(l, at, child) >= 0)
			return;
		check_swap(l, at, child);
		at = child;
	}
}

/* Heap sort: in place, since qsort(3) may leave copies of keys behind. */
void
mip6_config_sort_mobiles(struct mip6_config_load *l)
{
	uint32_t n = l->c->conf.ha.mobiles;
	uint32_t i;

	for (i = n / 2; i > 0; i--)
		check_sink(l, i - 1, n);
	for (i = n; i > 1; i--) {
		check_swap(l, 0, i - 1);
		check_sink(l, 0, i - 1);
	}
}

static bool
check_mn(struct mip6_config_load *l)
{
	struct mip6_conf_mn *mn = &l->c->conf.mn;
	uint32_t i, j;

	if (mn->homes == 0)
		return mip6_config_fail(l, l->line[MIP6_SECTION_MN], "home",
		    "missing: mn {} needs home \"ADDRESS/BITS\" { }");
	for (i = 1; i < mn->homes; i++)
		for (j = 0; j < i; j++)
			if (mip6_addr_equal(&mn->home[i].hoa, &mn->home[j].hoa))
				return mip6_config_fail(l, l->home_line[i],
				    "home", "the same address as in line %u",
				    l->home_line[j]);
	if (mn->interfaces == 0) {
		memcpy(mn->interface[0], "*", 2);
		mn->interfaces = 1;
	}
	return true;
}

/* Which roles are played, and whether they can be. */
static bool
check_roles(struct mip6_config_load *l)
{
	bool mn = mip6_config_plays(l, MIP6_CONFIG_MN);
	bool ha = mip6_config_plays(l, MIP6_CONFIG_HA);
	bool cn = mip6_config_plays(l, MIP6_CONFIG_CN);

	if (!mn && !ha && !cn)
		return mip6_config_fail(l, 0, "",
		    "no role: expected mn {}, ha {} or cn {}");
	if (mn && (l->blocks & MIP6_CONFIG_MN) == 0)
		return mip6_config_fail(l, 0, "mn",
		    "--mn was asked for, but there is no mn {}");
	if (ha && (l->blocks & MIP6_CONFIG_HA) == 0)
		return mip6_config_fail(l, 0, "ha",
		    "--ha was asked for, but there is no ha {}");
	if (mn && ha)
		return mip6_config_fail(l, l->line[MIP6_SECTION_HA], "ha",
		    "one daemon is either mobile node or home agent; choose "
		    "with --mn or --ha");
	l->c->conf.mn.on = mn;
	l->c->conf.ha.on = ha;
	l->c->conf.cn.on = cn;
	return true;
}

bool
mip6_config_check(struct mip6_config_load *l)
{
	/* A block is checked also when another role is played. */
	if ((l->blocks & MIP6_CONFIG_MN) != 0 && !check_mn(l))
		return false;
	if ((l->blocks & MIP6_CONFIG_HA) != 0 && !mip6_config_check_ha(l))
		return false;
	if (l->keyless_line != 0 && !l->c->conf.insecure)
		return mip6_config_fail(l, l->keyless_line, "key-file",
		    "missing in %s {}: make a key with mip6ctl genkey, or "
		    "set insecure = true",
		    mip6_config_section_name(l->keyless));
	return check_roles(l);
}
