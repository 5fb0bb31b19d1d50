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

#define ROOT(field) MIP6_SECTION_ROOT, offsetof(struct mip6_config, field)
#define MN(field)   MIP6_SECTION_MN, offsetof(struct mip6_conf_mn, field)
#define HA(field)   MIP6_SECTION_HA, offsetof(struct mip6_conf_ha, field)
#define HOME(field) MIP6_SECTION_HOME, offsetof(struct mip6_config_peer, field)
#define MOBILE(field)                                                          \
	MIP6_SECTION_MOBILE, offsetof(struct mip6_config_peer, field)
#define AT(name, place, type, min, max, step, expected)                        \
	KEY(name, place, type, min, max, step, expected)
#define KEY(name, section, offset, type, min, max, step, expected)             \
	{                                                                      \
		section, name, MIP6_TYPE_##type, offset, min, max, step,       \
		    expected                                                   \
	}

#define S                 UINT64_C(1000000) /* microseconds */
#define LIFETIME_MAX      (65535 * 4 * S)   /* 16 bits of 4 s (section 6.1.7) */
#define PATH_MAX_OCTETS   (MIP6_CONFIG_PATH_OCTETS - 1)
#define SOCKET_MAX_OCTETS (MIP6_CONFIG_SOCKET_OCTETS - 1)

#define A_LIFETIME "a multiple of 4 s from 4 s to 262140 s, like 600s or 10m"
#define A_KEY_FILE "the path of a file made by mip6ctl genkey"
#define AN_SPI     "a number from 256 to 4294967295"
#define AN_NAI     "a network access identifier like \"alice@example.net\""
#define A_SEQUENCE "check or ignore"

const struct mip6_config_key mip6_config_keys[] = {
	AT("insecure", ROOT(conf.insecure), BOOL, 0, 0, 0, "true or false"),
	AT("control-socket", ROOT(control_socket), PATH, 0, SOCKET_MAX_OCTETS,
	    0, "an absolute path of at most 103 octets"),
	AT("pid-file", ROOT(pid_file), PATH, 0, PATH_MAX_OCTETS, 0,
	    "an absolute path"),
	AT("state-dir", ROOT(state_dir), PATH, 0, PATH_MAX_OCTETS, 0,
	    "an absolute path"),
	AT("log-level", ROOT(log_level), LEVEL, 0, 0, 0,
	    "error, warning, info or debug"),
	AT("syslog-facility", ROOT(syslog_facility), FACILITY, 0, 0, 0,
	    "daemon, user or local0 to local7"),

	AT("interface", MN(interface), PATTERNS, 0, 0, 0,
	    "names of interfaces like \"eth0\" or { \"en*\", \"wlan0\" }"),
	AT("without-binding", MN(without_binding), WITHOUT_BINDING, 0, 0, 0,
	    "block or direct"),
	AT("initial-bindack-timeout-first-reg",
	    MN(initial_bindack_timeout_first_reg), SPAN, S / 10, 32 * S, 1,
	    "a time from 100ms to 32s, like 1.5s"),
	AT("deregister-at-exit", MN(deregister_at_exit), BOOL, 0, 0, 0,
	    "true or false"),

	AT("agent", HOME(agent), ADDR, 0, 0, 0,
	    "the global IPv6 address of the home agent"),
	AT("key-file", HOME(key_file), FILE, 0, PATH_MAX_OCTETS, 0, A_KEY_FILE),
	AT("spi", HOME(spi), U32, 256, UINT32_MAX, 0, AN_SPI),
	AT("lifetime", HOME(lifetime), SPAN, 4 * S, LIFETIME_MAX, 4 * S,
	    A_LIFETIME),
	AT("identifier", HOME(nai), WORD, 0, MIP6_NAI_OCTETS, 0, AN_NAI),
	AT("sequence", HOME(sequence_ignore), SEQUENCE, 0, 0, 0, A_SEQUENCE),

	AT("interface", HA(interface), IFNAME, 0, 0, 0,
	    "the name of the interface on the home link"),
	AT("prefix", HA(prefix[0].prefix), PREFIX, 0, 0, 0,
	    "the prefix of the home link, like \"2001:db8:1::/64\""),
	AT("address", HA(prefix[0].address), ADDR, 0, 0, 0,
	    "the home agent's global IPv6 address on the home link"),
	AT("virtual", HA(is_virtual), BOOL, 0, 0, 0, "true or false"),
	AT("join-groups", HA(join_groups), BOOL, 0, 0, 0, "true or false"),
	AT("lifetime-max", HA(lifetime_max), SPAN, 4 * S, LIFETIME_MAX, 4 * S,
	    A_LIFETIME),
	AT("bindings-max", HA(bindings_max), U32, 1, 1000000, 0,
	    "a number from 1 to 1000000"),

	AT("key-file", MOBILE(key_file), FILE, 0, PATH_MAX_OCTETS, 0,
	    A_KEY_FILE),
	AT("spi", MOBILE(spi), U32, 256, UINT32_MAX, 0, AN_SPI),
	AT("sequence", MOBILE(sequence_ignore), SEQUENCE, 0, 0, 0, A_SEQUENCE),
	AT("identifier", MOBILE(nai), WORD, 0, MIP6_NAI_OCTETS, 0, AN_NAI),
	AT("clock-slack", MOBILE(clock_slack), SPAN, 0, 3600 * S, 1,
	    "a time from 0s to 1h, like 7s"),
};
const size_t mip6_config_keys_count = MIP6_COUNT(mip6_config_keys);

static const char *const keys_levels[] = { "error", "warning", "info",
	"debug" };
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

static bool
keys_set_prefix(void *to, const char *text)
{
	struct mip6_prefix p;

	if (!mip6_prefix_parse(text, &p) || p.bits == 0 || p.bits > 127 ||
	    !mip6_addr_is_routable(&p.addr))
		return false;
	memcpy(to, &p, sizeof(p));
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
keys_set_pattern(struct mip6_conf_mn *mn, const char *text)
{
	if (mn->interfaces == MIP6_INTERFACES_MAX ||
	    !mip6_value_ifname(text, true))
		return false;
	memcpy(mn->interface[mn->interfaces++], text, strlen(text) + 1);
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

static bool
keys_set_without(enum mip6_without_binding *to, const char *text)
{
	bool direct;

	if (!keys_set_either(&direct, text, "block", "direct"))
		return false;
	*to = direct ? MIP6_WITHOUT_BINDING_DIRECT : MIP6_WITHOUT_BINDING_BLOCK;
	return true;
}

bool
mip6_config_key_set(const struct mip6_config_key *key, void *base,
    const char *text)
{
	void *to = (char *)base + key->offset;

	switch (key->type) {
	case MIP6_TYPE_BOOL:
		return mip6_value_bool(text, to);
	case MIP6_TYPE_U32:
		return mip6_value_u32(text, (uint32_t)key->min,
		    (uint32_t)key->max, to);
	case MIP6_TYPE_SPAN:
		return keys_set_span(key, to, text);
	case MIP6_TYPE_ADDR:
		return keys_set_addr(to, text);
	case MIP6_TYPE_PREFIX:
		return keys_set_prefix(to, text);
	case MIP6_TYPE_IFNAME:
		if (!mip6_value_ifname(text, false))
			return false;
		memcpy(to, text, strlen(text) + 1);
		return true;
	case MIP6_TYPE_PATTERNS:
		return keys_set_pattern(base, text);
	case MIP6_TYPE_WORD:
		return keys_set_word(key, to, text);
	case MIP6_TYPE_PATH:
	case MIP6_TYPE_FILE:
		return keys_set_path(key, to, text);
	case MIP6_TYPE_LEVEL:
		return mip6_config_level(text, to);
	case MIP6_TYPE_FACILITY:
		return keys_set_facility(to, text);
	case MIP6_TYPE_WITHOUT_BINDING:
		return keys_set_without(to, text);
	case MIP6_TYPE_SEQUENCE:
		return keys_set_either(to, text, "check", "ignore");
	}
	return false;
}
