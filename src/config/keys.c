/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of keys, and how the text of each type becomes its value.
 *
 * Implements: the configuration variables of RFC 6275 section 13 that exist
 * here, and those of RFC 4285 section 5.1.
 */
#include "config/keys.h"

#include <string.h>

#include "config/value.h"

#define ROOT(field)   MIP6_SECTION_ROOT, offsetof(struct mip6_config, field)
#define MN(field)     MIP6_SECTION_MN, offsetof(struct mip6_config, conf.mn.field)
#define HA(field)     MIP6_SECTION_HA, offsetof(struct mip6_config, conf.ha.field)
#define HA_OWN(field) MIP6_SECTION_HA, offsetof(struct mip6_config, field)
#define CN(field)     MIP6_SECTION_CN, offsetof(struct mip6_config, conf.cn.field)
#define HOME(field)   MIP6_SECTION_HOME, offsetof(struct mip6_config_peer, field)
#define HOME_PREFIX(field)                                                     \
	MIP6_SECTION_HOME_PREFIX, offsetof(struct mip6_conf_home_prefix, field)
#define MOBILE(field)                                                          \
	MIP6_SECTION_MOBILE, offsetof(struct mip6_config_peer, field)
/* A row whose key takes effect at a reload; and one at the next start only. */
#define AT(name, place, type, min, max, step, expected)                        \
	KEY(name, place, type, min, max, step, expected, false)
#define AT_START(name, place, type, min, max, step, expected)                  \
	KEY(name, place, type, min, max, step, expected, true)
#define KEY(name, section, offset, type, min, max, step, expected, restart)    \
	{                                                                      \
		section, name, MIP6_TYPE_##type, offset, min, max, step,       \
		    expected, restart                                          \
	}

#define MS                UINT64_C(1000) /* microseconds */
#define S                 UINT64_C(1000000)
#define LIFETIME_MAX      (65535 * 4 * S)  /* 16 bits of 4 s (section 6.1.7) */
#define ND_LIFETIME_MAX   (0xfffffffe * S) /* RFC 4861 section 4.6.2 */
#define PATH_MAX_OCTETS   (MIP6_CONFIG_PATH_OCTETS - 1)
#define SOCKET_MAX_OCTETS (MIP6_CONFIG_SOCKET_OCTETS - 1)

#define A_BOOL     "true or false"
#define A_LIFETIME "a multiple of 4 s from 4 s to 262140 s, like 600s or 10m"
#define A_KEY_FILE "the path of a file made by mip6ctl genkey"
#define AN_SPI     "a number from 256 to 4294967295"
#define AN_NAI     "a network access identifier like \"alice@example.net\""
#define A_SEQUENCE "check or ignore"
#define AN_ADDRESS "the home agent's global IPv6 address in that prefix"
#define A_PREFIX_LIFETIME                                                      \
	"whole seconds up to 4294967294 s, like 30d, or infinity"
#define A_MOB_PFX "a time from 1s to 30d, like 1d"

const struct mip6_config_key mip6_config_keys[] = {
	AT("insecure", ROOT(conf.insecure), BOOL, 0, 0, 0, A_BOOL),
	AT_START("control-socket", ROOT(control_socket), PATH, 0,
	    SOCKET_MAX_OCTETS, 0, "an absolute path of at most 103 octets"),
	AT_START("pid-file", ROOT(pid_file), PATH, 0, PATH_MAX_OCTETS, 0,
	    "an absolute path"),
	AT_START("state-dir", ROOT(state_dir), PATH, 0, PATH_MAX_OCTETS, 0,
	    "an absolute path"),
	AT("log-level", ROOT(log_level), LEVEL, 0, 0, 0,
	    "error, warning, info or debug"),
	AT_START("syslog-facility", ROOT(syslog_facility), FACILITY, 0, 0, 0,
	    "daemon, user or local0 to local7"),

	AT("interface", MN(interface), PATTERNS, 0, 0, 0,
	    "names of interfaces like \"eth0\" or { \"en*\", \"wlan0\" }"),
	AT("care-of-owner", MN(coa_owner), COA_OWNER, 0, 0, 0,
	    "auto, kernel or daemon"),
	AT("without-binding", MN(without_binding), WITHOUT_BINDING, 0, 0, 0,
	    "block or direct"),
	AT("route-optimization", MN(optimize), OPTIMIZE, 0, 0, 0,
	    "all, none, or prefixes of correspondents, at most 16"),
	AT("bypass", MN(bypass), PREFIX_LIST, 0, 0, 0,
	    "a prefix of two bits or more, like \"2001:db8:5::/48\", or up to "
	    "16 of them in braces"),
	AT("initial-bindack-timeout-first-reg",
	    MN(initial_bindack_timeout_first_reg), SPAN, S / 10, 32 * S, 1,
	    "a time from 100ms to 32s, like 1.5s"),
	AT("deregister-at-exit", MN(deregister_at_exit), BOOL, 0, 0, 0, A_BOOL),

	AT("agent", HOME(agent), AGENTS, 0, 0, 0,
	    "global IPv6 addresses or names of home agents, at most 8, or "
	    "auto"),
	AT("key-file", HOME(key_file), FILE, 0, PATH_MAX_OCTETS, 0, A_KEY_FILE),
	AT("spi", HOME(spi), U32, 256, UINT32_MAX, 0, AN_SPI),
	AT("lifetime", HOME(lifetime), SPAN, 4 * S, LIFETIME_MAX, 4 * S,
	    A_LIFETIME),
	AT("identifier", HOME(nai), WORD, 0, MIP6_NAI_OCTETS, 0, AN_NAI),
	AT("sequence", HOME(sequence_ignore), SEQUENCE, 0, 0, 0, A_SEQUENCE),

	AT_START("interface", HA(interface), IFNAME, 0, 0, 0,
	    "the name of the interface on the home link"),
	AT_START("virtual", HA(is_virtual), BOOL, 0, 0, 0, A_BOOL),
	AT("prefix", HA(prefix), PREFIXES, 0, 0, 0,
	    "the prefix of the home link, like \"2001:db8:1::/64\", or up to "
	    "8 of them in braces"),
	AT("address", HA_OWN(ha_address), ADDR, 0, 0, 0,
	    "the home agent's global IPv6 address on the home link"),
	AT("join-groups", HA(join_groups), BOOL, 0, 0, 0, A_BOOL),
	AT("multicast", HA(multicast), BOOL, 0, 0, 0, A_BOOL),
	AT("mobiles-dir", HA_OWN(mobiles_dir), FILE, 0, PATH_MAX_OCTETS, 0,
	    "the path of a directory of key files"),
	AT("mobiles-file", HA_OWN(mobiles_file), FILE, 0, PATH_MAX_OCTETS, 0,
	    "the path of a table of mobile nodes"),
	AT("master-key-file", HA_OWN(master_key_file), FILE, 0, PATH_MAX_OCTETS,
	    0, "the path of a file made by mip6ctl genkey --master"),
	AT("lifetime-max", HA(lifetime_max), SPAN, 4 * S, LIFETIME_MAX, 4 * S,
	    A_LIFETIME),
	AT_START("bindings-max", HA(bindings_max), U32, 1, 1000000, 0,
	    "a number from 1 to 1000000"),
	AT("bindings-per-mobile-max", HA(bindings_per_mobile_max), U32, 0,
	    1000000, 0, "a number from 0 (no limit) to 1000000"),
	AT("home-dad", HA(home_dad), HOME_DAD, 0, 0, 0,
	    "rfc, provisional or off"),
	AT_START("durability", HA(durability), DURABILITY, 0, 0, 0,
	    "sync, async or none"),
	AT("refresh-requests", HA(refresh_requests), BOOL, 0, 0, 0, A_BOOL),
	AT("advertise", HA(adverts.on), BOOL, 0, 0, 0, A_BOOL),
	AT("min-rtr-adv-interval", HA(adverts.min_interval), SPAN, 30 * MS,
	    1350 * S, 1, "a time from 30ms to 1350s, like 200s"),
	AT("max-rtr-adv-interval", HA(adverts.max_interval), SPAN, 70 * MS,
	    1800 * S, 1, "a time from 70ms to 1800s, like 600s"),
	AT("min-delay-between-ras", HA(adverts.min_delay), SPAN, 30 * MS,
	    1800 * S, 1, "a time from 30ms to 1800s, like 3s"),
	AT("router-lifetime", HA(adverts.router_lifetime), SPAN, 0, 9000 * S, S,
	    "whole seconds from 0s to 9000s, like 30m"),
	AT("home-agent-lifetime", HA(adverts.agent_lifetime), SPAN, S,
	    65535 * S, S, "whole seconds from 1s to 65535s, like 30m"),
	AT("home-agent-preference", HA(adverts.agent_preference), U16, 0,
	    UINT16_MAX, 0, "a number from 0 to 65535"),
	AT("solicited-only", HA(adverts.solicited_only), BOOL, 0, 0, 0, A_BOOL),
	AT("advertisement-interval-option", HA(adverts.interval_option), BOOL,
	    0, 0, 0, A_BOOL),
	AT("managed", HA(adverts.managed), BOOL, 0, 0, 0, A_BOOL),
	AT("other", HA(adverts.other), BOOL, 0, 0, 0, A_BOOL),
	AT("max-mob-pfx-adv-interval", HA(delivery.max_interval), SPAN, S,
	    30 * 86400 * S, 1, A_MOB_PFX),
	AT("min-mob-pfx-adv-interval", HA(delivery.min_interval), SPAN, S,
	    30 * 86400 * S, 1, A_MOB_PFX),
	AT("send-mob-pfx-advs", HA(delivery.unsolicited), BOOL, 0, 0, 0,
	    A_BOOL),

	AT("address", HOME_PREFIX(address), ADDR, 0, 0, 0, AN_ADDRESS),
	AT("valid-lifetime", HOME_PREFIX(valid), LIFETIME, 0, ND_LIFETIME_MAX,
	    S, A_PREFIX_LIFETIME),
	AT("preferred-lifetime", HOME_PREFIX(preferred), LIFETIME, 0,
	    ND_LIFETIME_MAX, S, A_PREFIX_LIFETIME),
	AT("decrement", HOME_PREFIX(decrement), BOOL, 0, 0, 0, A_BOOL),

	AT("key-file", MOBILE(key_file), FILE, 0, PATH_MAX_OCTETS, 0,
	    A_KEY_FILE),
	AT("spi", MOBILE(spi), U32, 256, UINT32_MAX, 0, AN_SPI),
	AT("sequence", MOBILE(sequence_ignore), SEQUENCE, 0, 0, 0, A_SEQUENCE),
	AT("identifier", MOBILE(nai), WORD, 0, MIP6_NAI_OCTETS, 0, AN_NAI),
	AT("clock-slack", MOBILE(clock_slack), SPAN, 0, 3600 * S, 1,
	    "a time from 0s to 1h, like 7s"),

	AT_START("bindings-max", CN(bindings_max), U32, 8, 65536, 0,
	    "a number from 8 to 65536"),
	AT("lifetime-max", CN(lifetime_max), SPAN, 4 * S, 420 * S, 4 * S,
	    "a multiple of 4 s from 4 s to 420 s, like 420s or 5m"),
	AT("refresh-requests", CN(refresh_requests), BOOL, 0, 0, 0, A_BOOL),
};
_Static_assert(MIP6_COUNT(mip6_config_keys) <= MIP6_CONFIG_KEYS_MAX,
    "as many rows as others have room for");
const size_t mip6_config_keys_count = MIP6_COUNT(mip6_config_keys);

/* The words of a type, in the order of its enumeration. */
static const char *const keys_levels[] = { "error", "warning", "info",
	"debug" };
static const char *const keys_coa_owner[] = { "auto", "kernel", "daemon" };
static const char *const keys_without[] = { "block", "direct" };
static const char *const keys_home_dad[] = { "rfc", "provisional", "off" };
static const char *const keys_durability[] = { "none", "sync", "async" };
static const char *const keys_facilities[] = { "daemon", "user", "local0",
	"local1", "local2", "local3", "local4", "local5", "local6", "local7" };

const char *
mip6_config_section_name(enum mip6_config_section s)
{
	switch (s) {
	case MIP6_SECTION_ROOT:
		return "";
	case MIP6_SECTION_MN:
		return "mn";
	case MIP6_SECTION_HOME:
		return "home";
	case MIP6_SECTION_HA:
		return "ha";
	case MIP6_SECTION_HOME_PREFIX:
		return "home-prefix";
	case MIP6_SECTION_MOBILE:
		return "mobile";
	case MIP6_SECTION_CN:
		return "cn";
	case MIP6_SECTION_COUNT:
		break;
	}
	mip6_base_abort("section", __FILE__, __LINE__);
}

const struct mip6_config_key *
mip6_config_key_find(enum mip6_config_section section, const char *name)
{
	size_t i;

	for (i = 0; i < mip6_config_keys_count; i++)
		if (mip6_config_keys[i].section == section &&
		    strcmp(mip6_config_keys[i].name, name) == 0)
			return &mip6_config_keys[i];
	return NULL;
}

/* The place of `text` among n words; -1: none of them. */
static int
keys_word(const char *text, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return (int)i;
	return -1;
}

bool
mip6_config_level(const char *word, enum mip6_log_level *level)
{
	int i = keys_word(word, keys_levels, MIP6_COUNT(keys_levels));

	if (i >= 0)
		*level = (enum mip6_log_level)i;
	return i >= 0;
}

const char *
mip6_config_level_name(enum mip6_log_level level)
{
	return keys_levels[level];
}

static bool
keys_set_addr(void *to, const char *text)
{
	struct mip6_addr a;

	if (!mip6_addr_parse(text, &a) || !mip6_addr_is_routable(&a))
		return false;
	memcpy(to, &a, sizeof(a));
	return true;
}

bool
mip6_config_prefix_add(struct mip6_conf_ha *ha, const char *text)
{
	struct mip6_conf_home_prefix *to = &ha->prefix[ha->prefixes];
	struct mip6_prefix p;

	if (ha->prefixes == MIP6_HOME_PREFIXES_MAX ||
	    !mip6_prefix_parse(text, &p) || p.bits == 0 || p.bits > 127 ||
	    !mip6_addr_is_routable(&p.addr))
		return false;
	mip6_config_prefix_defaults(to);
	to->prefix = p;
	ha->prefixes++;
	return true;
}

static bool
keys_set_prefix(struct mip6_prefix_list *to, const char *text)
{
	struct mip6_prefix p;

	/* Less than two bits would be as much as our own halves of all. */
	if (to->count == MIP6_PREFIX_LIST_MAX || !mip6_prefix_parse(text, &p) ||
	    p.bits < 2 || mip6_addr_is_multicast(&p.addr) ||
	    mip6_addr_is_linklocal(&p.addr))
		return false;
	to->prefix[to->count++] = p;
	return true;
}

static bool
keys_set_agent(struct mip6_config_peer *peer, const char *text)
{
	struct mip6_addr a = { { 0 } };

	if (strcmp(text, "auto") == 0 && !peer->agent_auto) {
		peer->agent_auto = true;
		return true;
	}
	if (peer->agents == MIP6_AGENTS_MAX || strcmp(text, "auto") == 0)
		return false;
	if (mip6_addr_parse(text, &a)) {
		if (!mip6_addr_is_routable(&a))
			return false;
		peer->agent[peer->agents++].addr = a;
		return true;
	}
	if (!mip6_value_host(text, MIP6_NAME_OCTETS))
		return false;
	memcpy(peer->agent[peer->agents++].name, text, strlen(text) + 1);
	return true;
}

static bool
keys_set_span(const struct mip6_config_key *key, void *to, const char *text)
{
	struct mip6_span span;
	uint64_t us;

	if (!mip6_value_span(text, &span))
		return false;
	us = (uint64_t)span.us;
	if (us < key->min || us > key->max || us % key->step != 0)
		return false;
	memcpy(to, &span, sizeof(span));
	return true;
}

static bool
keys_set_lifetime(const struct mip6_config_key *key, void *to, const char *text)
{
	struct mip6_span forever = MIP6_SPAN_US(INT64_MAX);

	if (strcmp(text, "infinity") != 0)
		return keys_set_span(key, to, text);
	memcpy(to, &forever, sizeof(forever));
	return true;
}

static bool
keys_set_u16(const struct mip6_config_key *key, uint16_t *to, const char *text)
{
	uint32_t value;

	if (!mip6_value_u32(text, (uint32_t)key->min, (uint32_t)key->max,
		&value))
		return false;
	*to = (uint16_t)value;
	return true;
}

static bool
keys_set_pattern(struct mip6_conf_mn *mn, const char *text)
{
	if (mn->interfaces == MIP6_INTERFACES_MAX ||
	    !mip6_value_ifname(text, true))
		return false;
	memcpy(mn->interface[mn->interfaces++], text, strlen(text) + 1);
	return true;
}

/* One of two words, or the next prefix of a list. */
static bool
keys_set_optimize(struct mip6_conf_mn *mn, const char *text)
{
	bool all = strcmp(text, "all") == 0;
	struct mip6_prefix p;

	if (all || strcmp(text, "none") == 0) {
		if (mn->optimize != MIP6_OPTIMIZE_NONE)
			return false;
		mn->optimize = all ? MIP6_OPTIMIZE_ALL : MIP6_OPTIMIZE_NONE;
		return true;
	}
	if (mn->optimize == MIP6_OPTIMIZE_ALL ||
	    mn->optimize_prefixes == MIP6_OPTIMIZE_PREFIXES_MAX ||
	    !mip6_prefix_parse(text, &p))
		return false;
	mn->optimize = MIP6_OPTIMIZE_LISTED;
	mn->optimize_prefix[mn->optimize_prefixes++] = p;
	return true;
}

static bool
keys_set_path(const struct mip6_config_key *key, char *to, const char *text)
{
	size_t octets = strlen(text);

	if (octets == 0 || octets > key->max)
		return false;
	if (key->type == MIP6_TYPE_PATH && text[0] != '/')
		return false;
	memcpy(to, text, octets + 1);
	return true;
}

static bool
keys_set_word(const struct mip6_config_key *key, char *to, const char *text)
{
	if (!mip6_value_word(text, key->max))
		return false;
	memcpy(to, text, strlen(text) + 1);
	return true;
}

/* One of two words; the second means true. */
static bool
keys_set_either(bool *to, const char *text, const char *no, const char *yes)
{
	if (strcmp(text, no) != 0 && strcmp(text, yes) != 0)
		return false;
	*to = strcmp(text, yes) == 0;
	return true;
}

static bool
keys_set_facility(const char **to, const char *text)
{
	int i = keys_word(text, keys_facilities, MIP6_COUNT(keys_facilities));

	if (i >= 0)
		*to = keys_facilities[i];
	return i >= 0;
}

/* The words of `type`, and how many; NULL: it is not one of words. */
static const char *const *
keys_words(enum mip6_config_type type, size_t *n)
{
	if (type == MIP6_TYPE_LEVEL) {
		*n = MIP6_COUNT(keys_levels);
		return keys_levels;
	}
	if (type == MIP6_TYPE_WITHOUT_BINDING) {
		*n = MIP6_COUNT(keys_without);
		return keys_without;
	}
	if (type == MIP6_TYPE_COA_OWNER) {
		*n = MIP6_COUNT(keys_coa_owner);
		return keys_coa_owner;
	}
	if (type == MIP6_TYPE_HOME_DAD) {
		*n = MIP6_COUNT(keys_home_dad);
		return keys_home_dad;
	}
	MIP6_ASSERT(type == MIP6_TYPE_DURABILITY);
	*n = MIP6_COUNT(keys_durability);
	return keys_durability;
}

const char *
mip6_config_word(enum mip6_config_type type, unsigned int value)
{
	size_t n;
	const char *const *words = keys_words(type, &n);

	return words[value];
}

/* Enumerations are as large as an int here, whichever they are. */
_Static_assert(sizeof(enum mip6_log_level) == sizeof(unsigned int) &&
	sizeof(enum mip6_without_binding) == sizeof(unsigned int) &&
	sizeof(enum mip6_coa_owner) == sizeof(unsigned int) &&
	sizeof(enum mip6_home_dad) == sizeof(unsigned int) &&
	sizeof(enum mip6_durability) == sizeof(unsigned int),
    "enumerations");

static bool
keys_set_enum(enum mip6_config_type type, void *to, const char *text)
{
	size_t n;
	const char *const *words = keys_words(type, &n);
	int i = keys_word(text, words, n);
	unsigned int value = (unsigned int)i;

	if (i >= 0)
		memcpy(to, &value, sizeof(value));
	return i >= 0;
}

bool
mip6_config_key_set(const struct mip6_config_key *key, void *base,
    const char *text)
{
	void *to = (char *)base + key->offset;

	switch (key->type) {
	case MIP6_TYPE_BOOL:
		return mip6_value_bool(text, to);
	case MIP6_TYPE_U16:
		return keys_set_u16(key, to, text);
	case MIP6_TYPE_U32:
		return mip6_value_u32(text, (uint32_t)key->min,
		    (uint32_t)key->max, to);
	case MIP6_TYPE_SPAN:
		return keys_set_span(key, to, text);
	case MIP6_TYPE_LIFETIME:
		return keys_set_lifetime(key, to, text);
	case MIP6_TYPE_ADDR:
		return keys_set_addr(to, text);
	case MIP6_TYPE_PREFIXES:
		return mip6_config_prefix_add(&((struct mip6_config *)base)
						   ->conf.ha,
		    text);
	case MIP6_TYPE_PREFIX_LIST:
		return keys_set_prefix(to, text);
	case MIP6_TYPE_AGENTS:
		return keys_set_agent(base, text);
	case MIP6_TYPE_IFNAME:
		if (!mip6_value_ifname(text, false))
			return false;
		memcpy(to, text, strlen(text) + 1);
		return true;
	case MIP6_TYPE_PATTERNS:
		return keys_set_pattern(&((struct mip6_config *)base)->conf.mn,
		    text);
	case MIP6_TYPE_OPTIMIZE:
		return keys_set_optimize(&((struct mip6_config *)base)->conf.mn,
		    text);
	case MIP6_TYPE_WORD:
		return keys_set_word(key, to, text);
	case MIP6_TYPE_PATH:
	case MIP6_TYPE_FILE:
		return keys_set_path(key, to, text);
	case MIP6_TYPE_FACILITY:
		return keys_set_facility(to, text);
	case MIP6_TYPE_LEVEL:
	case MIP6_TYPE_COA_OWNER:
	case MIP6_TYPE_WITHOUT_BINDING:
	case MIP6_TYPE_HOME_DAD:
	case MIP6_TYPE_DURABILITY:
		return keys_set_enum(key->type, to, text);
	case MIP6_TYPE_SEQUENCE:
		return keys_set_either(to, text, "check", "ignore");
	}
	return false;
}

/* ---- two configurations ---- */

bool
mip6_config_key_is_list(const struct mip6_config_key *key)
{
	return key->type == MIP6_TYPE_PATTERNS ||
	    key->type == MIP6_TYPE_OPTIMIZE ||
	    key->type == MIP6_TYPE_PREFIX_LIST ||
	    key->type == MIP6_TYPE_PREFIXES || key->type == MIP6_TYPE_AGENTS;
}

/* What route-optimization says: three members, without a gap. */
#define KEYS_OPTIMIZE_OCTETS                                                   \
	(offsetof(struct mip6_conf_mn, optimize_prefixes) + sizeof(uint32_t) - \
	    offsetof(struct mip6_conf_mn, optimize))
_Static_assert(KEYS_OPTIMIZE_OCTETS ==
	sizeof(enum mip6_optimize) + sizeof(uint32_t) +
	    sizeof(((struct mip6_conf_mn *)0)->optimize_prefix),
    "no gap");

/* Octets of a value; of a list, those of its whole array. */
static size_t
keys_octets(const struct mip6_config_key *key)
{
	switch (key->type) {
	case MIP6_TYPE_BOOL:
	case MIP6_TYPE_SEQUENCE:
		return sizeof(bool);
	case MIP6_TYPE_U16:
		return sizeof(uint16_t);
	case MIP6_TYPE_U32:
	case MIP6_TYPE_LEVEL:
	case MIP6_TYPE_COA_OWNER:
	case MIP6_TYPE_WITHOUT_BINDING:
	case MIP6_TYPE_HOME_DAD:
	case MIP6_TYPE_DURABILITY:
		return sizeof(uint32_t);
	case MIP6_TYPE_SPAN:
	case MIP6_TYPE_LIFETIME:
		return sizeof(struct mip6_span);
	case MIP6_TYPE_ADDR:
		return sizeof(struct mip6_addr);
	case MIP6_TYPE_IFNAME:
		return MIP6_IFNAME_OCTETS;
	case MIP6_TYPE_PREFIXES:
		return sizeof(((struct mip6_conf_ha *)0)->prefix);
	case MIP6_TYPE_PREFIX_LIST:
		return sizeof(struct mip6_prefix_list);
	case MIP6_TYPE_PATTERNS:
		return sizeof(((struct mip6_conf_mn *)0)->interface);
	case MIP6_TYPE_AGENTS:
		return sizeof(((struct mip6_config_peer *)0)->agent);
	case MIP6_TYPE_OPTIMIZE:
		return KEYS_OPTIMIZE_OCTETS;
	case MIP6_TYPE_WORD:
	case MIP6_TYPE_PATH:
	case MIP6_TYPE_FILE:
		return key->max + 1;
	case MIP6_TYPE_FACILITY:
		return sizeof(const char *);
	}
	mip6_base_abort("type", __FILE__, __LINE__);
}

static bool
keys_same_prefixes(const struct mip6_conf_ha *a, const struct mip6_conf_ha *b)
{
	const struct mip6_conf_home_prefix *p, *q;
	uint32_t i;

	for (i = 0; i < a->prefixes && i < b->prefixes; i++) {
		p = &a->prefix[i];
		q = &b->prefix[i];
		if (!mip6_prefix_equal(&p->prefix, &q->prefix) ||
		    !mip6_addr_equal(&p->address, &q->address) ||
		    p->valid.us != q->valid.us ||
		    p->preferred.us != q->preferred.us ||
		    p->decrement != q->decrement)
			return false;
	}
	return a->prefixes == b->prefixes;
}

static bool
keys_is_text(enum mip6_config_type type)
{
	return type == MIP6_TYPE_IFNAME || type == MIP6_TYPE_WORD ||
	    type == MIP6_TYPE_PATH || type == MIP6_TYPE_FILE;
}

bool
mip6_config_key_same(const struct mip6_config_key *key, const void *a,
    const void *b)
{
	const char *from = (const char *)a + key->offset;
	const char *to = (const char *)b + key->offset;

	if (key->type == MIP6_TYPE_PREFIXES)
		return keys_same_prefixes(&((const struct mip6_config *)a)
					       ->conf.ha,
		    &((const struct mip6_config *)b)->conf.ha);
	if (keys_is_text(key->type))
		return strcmp(from, to) == 0;
	return memcmp(from, to, keys_octets(key)) == 0;
}

void
mip6_config_key_copy(const struct mip6_config_key *key, void *to,
    const void *from)
{
	memcpy((char *)to + key->offset, (const char *)from + key->offset,
	    keys_octets(key));
	if (key->type == MIP6_TYPE_PREFIXES)
		((struct mip6_config *)to)->conf.ha.prefixes =
		    ((const struct mip6_config *)from)->conf.ha.prefixes;
	if (key->type == MIP6_TYPE_PATTERNS)
		((struct mip6_config *)to)->conf.mn.interfaces =
		    ((const struct mip6_config *)from)->conf.mn.interfaces;
}
