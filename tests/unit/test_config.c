/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6.conf: every key takes what its row says, and what is left out has its
 * default; roles, limits, differences of two configurations.
 *
 * Links: config core crypto base
 */
#include "unit/config_text.h"

#include "config/keys.h"

static void
check_ha_defaults(const struct mip6_conf_ha *ha)
{
	assert_false(ha->is_virtual);
	assert_true(ha->join_groups);
	assert_int_equal(ha->prefixes, 1);
	assert_int_equal(ha->prefix[0].valid.us, 2592000000000);
	assert_int_equal(ha->prefix[0].preferred.us, 604800000000);
	assert_false(ha->prefix[0].decrement);
	assert_int_equal(ha->home_dad, MIP6_HOME_DAD_RFC);
	assert_int_equal(ha->durability, MIP6_DURABILITY_SYNC);
	assert_int_equal(ha->bindings_per_mobile_max, 0);
	assert_true(ha->refresh_requests);
	assert_true(ha->adverts.on);
	assert_int_equal(ha->adverts.max_interval.us, 600000000);
	assert_int_equal(ha->adverts.min_interval.us, 198000000);
	assert_int_equal(ha->adverts.min_delay.us, 3000000);
	assert_int_equal(ha->adverts.router_lifetime.us, 1800000000);
	assert_int_equal(ha->adverts.agent_lifetime.us, 1800000000);
	assert_int_equal(ha->adverts.agent_preference, 0);
	assert_true(ha->adverts.interval_option);
	assert_false(ha->adverts.managed);
	assert_false(ha->adverts.other);
	assert_int_equal(ha->delivery.max_interval.us, 86400000000);
	assert_int_equal(ha->delivery.min_interval.us, 600000000);
	assert_true(ha->delivery.unsolicited);
}

static void
test_defaults(void **state)
{
	struct mip6_config *c;

	(void)state;
	c = config_good(MN(""), 0);
	assert_true(c->conf.mn.on);
	assert_false(c->conf.ha.on);
	assert_false(c->conf.cn.on);
	assert_false(c->conf.insecure);
	assert_string_equal(c->control_socket, MIP6_RUN_DIR "/mip6d.sock");
	assert_string_equal(c->pid_file, MIP6_RUN_DIR "/mip6d.pid");
	assert_int_equal(c->state_dir[0], '/');
	assert_int_equal(c->log_level, MIP6_LOG_INFO);
	assert_string_equal(c->syslog_facility, "daemon");
	assert_int_equal(c->conf.mn.interfaces, 1);
	assert_string_equal(c->conf.mn.interface[0], "*");
	assert_int_equal(c->conf.mn.without_binding,
	    MIP6_WITHOUT_BINDING_BLOCK);
	assert_int_equal(c->conf.mn.initial_bindack_timeout_first_reg.us,
	    1500000);
	assert_true(c->conf.mn.deregister_at_exit);
	assert_int_equal(c->conf.mn.coa_owner, MIP6_COA_OWNER_AUTO);
	assert_int_equal(c->conf.mn.optimize, MIP6_OPTIMIZE_NONE);
	assert_int_equal(c->conf.mn.homes, 1);
	assert_int_equal(c->conf.mn.home[0].bits, 64);
	assert_int_equal(c->conf.mn.home[0].lifetime.us, 600000000);
	assert_true(c->conf.mn.home[0].sa.present);
	assert_int_equal(c->conf.mn.home[0].sa.spi, 4660);
	assert_int_equal(c->conf.mn.home[0].sa.key_octets, 16);
	assert_int_equal(c->conf.mn.home[0].sa.key[15], 15);
	assert_false(c->conf.mn.home[0].sa.sequence_ignore);
	assert_int_equal(c->conf.mn.home[0].sa.clock_slack.us, 7000000);
	mip6_config_free(c);

	c = config_good(HA(""), 0);
	assert_true(c->conf.ha.on);
	assert_int_equal(c->conf.ha.mobiles, 0);
	check_ha_defaults(&c->conf.ha);
	assert_int_equal(c->conf.ha.lifetime_max.us, 3600000000);
	assert_int_equal(c->conf.ha.bindings_max, 4096);
	assert_true(mip6_addr_is_any(&c->conf.ha.prefix[0].address));
	mip6_config_free(c);
}

static void
test_every_mn_key(void **state)
{
	struct mip6_config *c = config_good(
	    "/* all */ insecure = true # yes\n"
	    "control-socket = \"/s # no comment\" // a comment\n"
	    "pid-file = /p state-dir = /d\n"
	    "log-level = debug syslog-facility = local7\n"
	    "mn { interface = { \"en*\", wlan0 }\n"
	    "without-binding = direct deregister-at-exit = no\n"
	    "care-of-owner = daemon\n"
	    "route-optimization = { \"2001:db8:c::/48\", \"::/0\" }\n"
	    "initial-bindack-timeout-first-reg = 2500ms\n"
	    "home \"2001:db8:1::100/48\" { agent = \"2001:db8:1::1\"\n"
	    "key-file = nospi spi = 300 lifetime = 1h identifier = a@b\n"
	    "sequence = ignore } home \"2001:db8:2::1/64\" {\n"
	    "agent = 2001:db8:2::2 } }\r\n",
	    0);
	struct mip6_conf_mn *mn = &c->conf.mn;

	(void)state;
	assert_true(c->conf.insecure);
	assert_string_equal(c->control_socket, "/s # no comment");
	assert_string_equal(c->pid_file, "/p");
	assert_string_equal(c->state_dir, "/d");
	assert_int_equal(c->log_level, MIP6_LOG_DEBUG);
	assert_string_equal(c->syslog_facility, "local7");
	assert_int_equal(mn->interfaces, 2);
	assert_string_equal(mn->interface[0], "en*");
	assert_string_equal(mn->interface[1], "wlan0");
	assert_int_equal(mn->without_binding, MIP6_WITHOUT_BINDING_DIRECT);
	assert_int_equal(mn->coa_owner, MIP6_COA_OWNER_DAEMON);
	assert_int_equal(mn->optimize, MIP6_OPTIMIZE_LISTED);
	assert_int_equal(mn->optimize_prefixes, 2);
	assert_int_equal(mn->optimize_prefix[0].bits, 48);
	assert_int_equal(mn->optimize_prefix[0].addr.b[5], 0x0c);
	assert_int_equal(mn->optimize_prefix[1].bits, 0);
	assert_false(mn->deregister_at_exit);
	assert_int_equal(mn->initial_bindack_timeout_first_reg.us, 2500000);
	assert_int_equal(mn->homes, 2);
	assert_int_equal(mn->home[0].bits, 48);
	assert_int_equal(mn->home[0].agent[0].addr.b[15], 1);
	assert_int_equal(mn->home[0].sa.spi, 300);
	assert_int_equal(mn->home[0].lifetime.us, 3600000000);
	assert_string_equal(mn->home[0].nai, "a@b");
	assert_true(mn->home[0].sa.sequence_ignore);
	/* The second home takes nothing over from the first. */
	assert_false(mn->home[1].sa.present);
	assert_int_equal(mn->home[1].lifetime.us, 600000000);
	assert_string_equal(mn->home[1].nai, "");
	assert_false(mn->home[1].sa.sequence_ignore);
	mip6_config_free(c);
}

static void
test_every_ha_key(void **state)
{
	struct mip6_config *c =
	    config_good(HA("address = 2001:db8:1::1 lifetime-max = 420\n"
			   "bindings-max = 1000000\n"
			   "mobile \"2001:db8:1::3\" { key-file = nospi\n"
			   "spi = 4294967295 sequence = ignore\n"
			   "identifier = bob clock-slack = 0.5s }\n"
			   "mobile \"2001:db8:1::2\" { key-file = k }") "cn {}",
		0);
	struct mip6_conf_ha *ha = &c->conf.ha;

	(void)state;
	assert_true(c->conf.cn.on);
	assert_string_equal(ha->interface, "eth1");
	assert_int_equal(ha->prefix[0].prefix.bits, 64);
	assert_int_equal(ha->prefix[0].address.b[15], 1);
	assert_int_equal(ha->lifetime_max.us, 420000000);
	assert_int_equal(ha->bindings_max, 1000000);
	assert_int_equal(ha->mobiles, 2);
	/* Sorted by home address. */
	assert_int_equal(ha->mobile[0].hoa.b[15], 2);
	assert_int_equal(ha->mobile[0].sa.spi, 4660);
	assert_int_equal(ha->mobile[1].hoa.b[15], 3);
	assert_int_equal(ha->mobile[1].sa.spi, UINT32_MAX);
	assert_true(ha->mobile[1].sa.sequence_ignore);
	assert_string_equal(ha->mobile[1].nai, "bob");
	assert_int_equal(ha->mobile[1].sa.clock_slack.us, 500000);
	mip6_config_free(c);
}

/* What stands beside the interface, and what follows from it. */
static void
test_ha_link(void **state)
{
	struct mip6_config *c =
	    config_good("ha { interface = eth1\n"
			"prefix = { \"2001:db8:1::/64\","
			"\"2001:db8:2::/48\" }\n"
			"home-prefix \"2001:db8:3::/56\" {\n"
			"address = 2001:db8:3::9 valid-lifetime = infinity\n"
			"preferred-lifetime = 100 decrement = true }\n"
			"address = 2001:db8:2::7 join-groups = false\n"
			"bindings-per-mobile-max = 3 home-dad = provisional\n"
			"durability = async refresh-requests = off\n"
			"max-rtr-adv-interval = 70ms router-lifetime = 0\n"
			"home-agent-preference = 65535 managed = yes\n"
			"other = yes advertisement-interval-option = no\n"
			"solicited-only = yes\n"
			"max-mob-pfx-adv-interval = 40\n"
			"send-mob-pfx-advs = off\n"
			"mobile \"2001:db8:3::2\" { key-file = k } }",
		0);
	struct mip6_conf_ha *ha = &c->conf.ha;

	(void)state;
	assert_int_equal(ha->prefixes, 3);
	assert_true(mip6_addr_is_any(&ha->prefix[0].address));
	assert_int_equal(ha->prefix[1].address.b[15], 7);
	assert_int_equal(ha->prefix[1].valid.us, 2592000000000);
	assert_int_equal(ha->prefix[2].prefix.bits, 56);
	assert_int_equal(ha->prefix[2].address.b[15], 9);
	assert_int_equal(ha->prefix[2].valid.us, INT64_MAX);
	assert_int_equal(ha->prefix[2].preferred.us, 100000000);
	assert_true(ha->prefix[2].decrement);
	assert_false(ha->join_groups);
	assert_int_equal(ha->bindings_per_mobile_max, 3);
	assert_int_equal(ha->home_dad, MIP6_HOME_DAD_PROVISIONAL);
	assert_int_equal(ha->durability, MIP6_DURABILITY_ASYNC);
	assert_false(ha->refresh_requests);
	/* RFC 6275 section 7.5: down to 30 ms, lifetimes of a second. */
	assert_int_equal(ha->adverts.min_interval.us, 52500);
	assert_int_equal(ha->adverts.min_delay.us, 52500);
	assert_int_equal(ha->adverts.router_lifetime.us, 0);
	assert_int_equal(ha->adverts.agent_lifetime.us, 1000000);
	assert_int_equal(ha->adverts.agent_preference, 65535);
	assert_true(ha->adverts.managed);
	assert_true(ha->adverts.other);
	assert_false(ha->adverts.interval_option);
	assert_true(ha->adverts.solicited_only);
	assert_int_equal(ha->delivery.max_interval.us, 40000000);
	assert_int_equal(ha->delivery.min_interval.us, 40000000);
	assert_false(ha->delivery.unsolicited);
	mip6_config_free(c);

	c = config_good(HA("advertise = no min-rtr-adv-interval = 30ms\n"
			   "max-rtr-adv-interval = 1.5s\n"
			   "min-delay-between-ras = 100ms\n"
			   "home-agent-lifetime = 9s home-dad = off\n"
			   "durability = none\n"
			   "min-mob-pfx-adv-interval = 1d"),
	    0);
	ha = &c->conf.ha;
	assert_false(ha->adverts.on);
	assert_false(ha->adverts.solicited_only);
	assert_int_equal(ha->adverts.min_interval.us, 30000);
	assert_int_equal(ha->adverts.min_delay.us, 100000);
	assert_int_equal(ha->adverts.router_lifetime.us, 5000000);
	assert_int_equal(ha->adverts.agent_lifetime.us, 9000000);
	assert_int_equal(ha->home_dad, MIP6_HOME_DAD_OFF);
	assert_int_equal(ha->durability, MIP6_DURABILITY_NONE);
	assert_int_equal(ha->delivery.min_interval.us, 86400000000);
	mip6_config_free(c);

	c = config_good("ha { virtual = true prefix = \"2001:db8:1::/64\"\n"
			"address = 2001:db8:1::1 }",
	    0);
	ha = &c->conf.ha;
	assert_true(ha->is_virtual);
	assert_string_equal(ha->interface, "");
	assert_false(ha->adverts.on);
	mip6_config_free(c);
}

static void
test_agents(void **state)
{
	struct mip6_config *c =
	    config_good("insecure = yes mn {\n"
			"home \"2001:db8:1::2/64\" { agent = {\n"
			"\"2001:db8:1::1\", ha.example.net., 2001:db8::9,"
			"auto } }\n"
			"home \"2001:db8:1::3/64\" { agent = auto } }",
		0);
	const struct mip6_conf_home *home = c->conf.mn.home;

	(void)state;
	assert_int_equal(home[0].agents, 3);
	assert_int_equal(home[0].agent[0].addr.b[15], 1);
	assert_string_equal(home[0].agent[0].name, "");
	assert_true(mip6_addr_is_any(&home[0].agent[1].addr));
	assert_string_equal(home[0].agent[1].name, "ha.example.net.");
	assert_int_equal(home[0].agent[2].addr.b[15], 9);
	assert_true(home[0].agent_auto);
	assert_int_equal(home[1].agents, 0);
	assert_true(home[1].agent_auto);
	mip6_config_free(c);
}

static void
test_roles(void **state)
{
	static const char both[] = MN("") HA("") "cn {}";
	static const struct {
		unsigned int roles;
		bool mn, ha, cn;
	} rows[] = { { MIP6_CONFIG_MN, true, false, false },
		{ MIP6_CONFIG_HA, false, true, false },
		{ MIP6_CONFIG_CN, false, false, true },
		{ MIP6_CONFIG_MN | MIP6_CONFIG_CN, true, false, true },
		{ MIP6_CONFIG_HA | MIP6_CONFIG_CN, false, true, true } };
	struct mip6_config *c;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		c = config_good(both, rows[i].roles);
		assert_int_equal(c->conf.mn.on, rows[i].mn);
		assert_int_equal(c->conf.ha.on, rows[i].ha);
		assert_int_equal(c->conf.cn.on, rows[i].cn);
		mip6_config_free(c);
	}
	/* A correspondent node needs no block. */
	c = config_good("", MIP6_CONFIG_CN);
	assert_true(c->conf.cn.on);
	mip6_config_free(c);
}

/* 1,000 mobile nodes in falling and mixed order come out sorted. */
static void
test_many_mobiles(void **state)
{
	enum { MANY = 1000 };
	static char text[MANY * 80];
	struct mip6_config *c;
	size_t used;
	uint32_t i;

	(void)state;
	used = (size_t)snprintf(text, sizeof(text),
	    "insecure = on ha { interface = e prefix = \"2001:db8:1::/64\"\n");
	for (i = 0; i < MANY; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "mobile \"2001:db8:1::%x\" {}\n",
		    (unsigned int)(i * 7919 % MANY + 1));
	(void)snprintf(text + used, sizeof(text) - used, "}");
	c = config_good(text, 0);
	assert_int_equal(c->conf.ha.mobiles, MANY);
	for (i = 0; i < MANY; i++) {
		const uint8_t *b = c->conf.ha.mobile[i].hoa.b;

		assert_int_equal(b[14] << 8 | b[15], i + 1);
	}
	mip6_config_free(c);
}

static void
test_too_many_homes(void **state)
{
	char text[2048];
	struct mip6_config_error err;
	size_t used = 0;
	int i;

	(void)state;
	used += (size_t)snprintf(text, sizeof(text), "insecure = true\nmn {");
	for (i = 1; i <= MIP6_HOMES_MAX + 1; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "home \"2001:db8::%d/64\" { agent = 2001:db8::99 }\n", i);
	(void)snprintf(text + used, sizeof(text) - used, "}");
	assert_null(config_try(text, 0, &err));
	assert_non_null(strstr(err.text, "t.conf:10: home: more than 8"));
}

static void
test_too_many_interfaces(void **state)
{
	struct mip6_config_error err;

	(void)state;
	assert_null(
	    config_try(MN("interface = { a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,"
			  "q }"),
		0, &err));
	assert_non_null(strstr(err.text, "t.conf:3: interface: expected"));
	assert_non_null(strstr(err.text, "found \"q\""));
}

static void
test_file(void **state)
{
	struct mip6_config_error err;
	struct mip6_config *c;

	(void)state;
	config_write("t.conf", MN(""), 0640);
	c = mip6_config_load(config_path, 0, &err);
	assert_non_null(c);
	mip6_config_free(c);

	config_write("t.conf", MN(""), 0602);
	assert_null(mip6_config_load(config_path, 0, &err));
	assert_non_null(strstr(err.text, ": everybody can write it"));
	assert_null(mip6_config_load(config_dir, 0, &err));
	assert_non_null(strstr(err.text, ": not a regular file"));
	assert_null(mip6_config_load("/nonexistent/x", 0, &err));
	assert_string_equal(err.text,
	    "/nonexistent/x: No such file or directory");
}

static void
test_large(void **state)
{
	size_t octets = MIP6_CONFIG_TEXT_OCTETS_MAX;
	char *text = malloc(octets + 1);
	struct mip6_config_error err;
	struct mip6_config *c;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', octets + 1);
	memcpy(text, "cn {}", 5);
	c = mip6_config_parse(config_path, text, octets, 0, &err);
	assert_non_null(c);
	mip6_config_free(c);
	assert_null(mip6_config_parse(config_path, text, octets + 1, 0, &err));
	assert_non_null(strstr(err.text, ": larger than 1 MiB"));
	/* One string, and one word, as long as the file. */
	memset(text, 'x', octets);
	memcpy(text, "pid-file = \"/", 13);
	text[octets - 1] = '"';
	assert_null(mip6_config_parse(config_path, text, octets, 0, &err));
	assert_non_null(
	    strstr(err.text, ":1: a string of more than 1024 octets"));
	text[11] = 'x';
	text[octets - 1] = 'x';
	assert_null(mip6_config_parse(config_path, text, octets, 0, &err));
	assert_non_null(
	    strstr(err.text, ":1: a word of more than 1024 octets"));
	free(text);
}

struct said {
	char text[2048];
};

static void
note(void *arg, const char *place, const char *what, bool needs_restart)
{
	struct said *s = arg;
	size_t used = strlen(s->text);

	(void)snprintf(s->text + used, sizeof(s->text) - used, "%s/%s%s\n",
	    place, what, needs_restart ? " restart" : "");
}

static void
test_diff(void **state)
{
	struct mip6_config *a, *b;
	struct said said = { "" };

	(void)state;
	a = config_good(MN(""), 0);
	b = config_good(MN(""), 0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 0);
	assert_string_equal(said.text, "");
	mip6_config_free(b);
	b = config_good("insecure = true pid-file = /x log-level = debug\n"
			"mn { interface = e without-binding = direct\n"
			"home \"2001:db8:1::100/64\" { agent = 2001:db8:1::2\n"
			"lifetime = 8 } home \"2001:db8:1::2/64\" {\n"
			"agent = 2001:db8:1::1 } }",
	    0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 10);
	assert_string_equal(said.text,
	    "/insecure\n/pid-file restart\n/log-level\n"
	    "mn/interface\nmn/without-binding\n"
	    "home 2001:db8:1::100/agent\nhome 2001:db8:1::100/lifetime\n"
	    "home 2001:db8:1::100/key\nhome 2001:db8:1::100/spi\n"
	    "home 2001:db8:1::2/added\n");
	said.text[0] = '\0';
	assert_int_equal(mip6_config_diff(b, a, NULL, NULL), 10);
	mip6_config_free(a);
	mip6_config_free(b);

	a = config_good(HA("mobile \"2001:db8:1::2\" { key-file = k }\n"
			   "mobile \"2001:db8:1::3\" { key-file = k }"),
	    0);
	b = config_good(HA("mobile \"2001:db8:1::3\" { key-file = nospi\n"
			   "spi = 300 sequence = ignore }\n"
			   "mobile \"2001:db8:1::4\" { key-file = k }\n"
			   "lifetime-max = 40"),
	    0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 5);
	assert_string_equal(said.text,
	    "ha/lifetime-max\nmobile 2001:db8:1::3/spi\n"
	    "mobile 2001:db8:1::3/sequence\nmobile 2001:db8:1::4/added\n"
	    "mobile 2001:db8:1::2/removed\n");
	mip6_config_free(a);
	mip6_config_free(b);
}

static void
test_explain(void **state)
{
	struct mip6_config *c =
	    config_good(MN("interface = { \"en*\", x }"), 0);
	char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(out);
	mip6_config_explain(c, out);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "MOBILE NODE on en*, x\n"));
	assert_non_null(strstr(text,
	    "::/1, 8000::/1, 2001:db8:1::/65, "
	    "2001:db8:1:0:8000::/65\n"));
	assert_non_null(strstr(text, "SPI 4660, a key of 16 octets"));
	assert_null(strstr(text, "0001020304"));
	mip6_config_free(c);

	c = config_good("insecure = true\n" HA(
			    "mobile \"2001:db8:1::2\" {}") "cn {}",
	    0);
	out = fmemopen(text, sizeof(text), "w");
	assert_non_null(out);
	mip6_config_explain(c, out);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "HOME AGENT of the link on eth1\n"));
	assert_non_null(strstr(text, "prefix 2001:db8:1::/64, as the"));
	assert_non_null(strstr(text, "valid 2592000 s, preferred 604800 s\n"));
	assert_non_null(strstr(text,
	    "Router Advertisements on eth1 every "
	    "198 s to 600 s\n"));
	assert_non_null(strstr(text, "NOT AUTHENTICATED"));
	assert_non_null(strstr(text, "CORRESPONDENT NODE"));
	mip6_config_free(c);
}

/* Every row of the table is reachable and refuses at least one value. */
static void
test_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < mip6_config_keys_count; i++) {
		const struct mip6_config_key *k = &mip6_config_keys[i];
		union {
			struct mip6_config root;
			struct mip6_conf_home_prefix home_prefix;
			struct mip6_config_peer peer;
		} base;

		memset(&base, 0, sizeof(base));
		assert_ptr_equal(mip6_config_key_find(k->section, k->name), k);
		assert_false(mip6_config_key_set(k, &base, ""));
	}
	assert_null(mip6_config_key_find(MIP6_SECTION_CN, "interface"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_mn_key),
		cmocka_unit_test(test_every_ha_key),
		cmocka_unit_test(test_ha_link),
		cmocka_unit_test(test_agents),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_many_mobiles),
		cmocka_unit_test(test_too_many_homes),
		cmocka_unit_test(test_too_many_interfaces),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, config_setup, config_teardown);
}
