/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6.conf: every key takes what its row says, everything else is refused by
 * one line that names file, line, key and what was expected.
 *
 * Links: config core crypto base
 */
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/keys.h"

static char dir[] = "/tmp/mip6-test-config-XXXXXX";
static char conf_path[64];

static const char key_text[] = "# a key\n"
			       "spi = 4660\n"
			       "key = 000102030405060708090a0b0c0d0e0f\n";

static void
write_file(const char *name, const char *text, mode_t mode)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int
setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(conf_path, sizeof(conf_path), "%s/t.conf", dir);
	write_file("k", key_text, 0600);
	write_file("nospi", "key = 000102030405060708090a0b0c0d0e0f\n", 0600);
	write_file("open", key_text, 0644);
	write_file("short", "spi = 256\nkey = 00112233\n", 0600);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "k", "nospi", "open", "short",
		"t.conf" };
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	return rmdir(dir);
}

static struct mip6_config *
parse(const char *text, unsigned int roles, struct mip6_config_error *err)
{
	return mip6_config_parse(conf_path, text, strlen(text), roles, err);
}

static struct mip6_config *
parse_good(const char *text, unsigned int roles)
{
	struct mip6_config_error err;
	struct mip6_config *c = parse(text, roles, &err);

	if (c == NULL)
		fail_msg("%s\nin: %s", err.text, text);
	assert_string_equal(err.text, "");
	return c;
}

#define HOME(lines)                                                            \
	"mn { home \"2001:db8:1::100/64\" { agent = 2001:db8:1::1\n"           \
	"key-file = k\n" lines "} }"
#define MN(lines)                                                              \
	"mn { home \"2001:db8:1::100/64\" { agent = 2001:db8:1::1\n"           \
	"key-file = k }\n" lines "}"
#define HA(lines)                                                              \
	"ha { interface = eth1\nprefix = \"2001:db8:1::/64\"\n" lines "}"
#define MOBILE(lines)                                                          \
	HA("mobile \"2001:db8:1::100\" { key-file = k\n" lines "}")

/* What is wrong, and what is said after "DIR/t.conf:". */
static const struct {
	const char *text;
	unsigned int roles;
	const char *said;
} wrong[] = {
	/* lexical */
	{ "mn {\n  interface = en*\n}", 0,
	    "2: a character that must stand inside double quotes" },
	{ "pid-file = \"/a\nb\"\n", 0,
	    "1: the string in this line has no closing quote" },
	{ "\n\"", 0, "2: the string in this line has no closing quote" },
	{ "cn {}\npid-file = \"/a", 0,
	    "2: the string in this line has no closing quote" },
	{ "pid-file = '/a'", 0, "1: strings stand in double quotes" },
	{ "pid-file = \"/${HOME}\"", 0,
	    "1: a string is taken as it is: no \\ and no ${ in it" },
	{ "pid-file = \"/\\x41\"", 0,
	    "1: a string is taken as it is: no \\ and no ${ in it" },
	{ "cn {}\n/* no\nend", 0,
	    "2: the comment that begins here has no end" },
	{ "cn {}\n}\n", 0, "2: a closing brace without its opening one" },
	{ "cn {\n\n", 0, "1: the brace that opens here is never closed" },
	{ "{{{{{{{{{", 0, "1: braces are nested too deeply" },
	{ "cn {}\n\x01", 0, "2: a control character" },
	{ "cn {} # \x02", 0, "1: a control character in a comment" },
	{ "pid-file = \"/\t\"", 0, "1: a control character in a string" },
	{ "mn|lifetime = 3", 0,
	    "1: a character that must stand inside double quotes" },
	{ "pid-file += /a", 0,
	    "1: a character that must stand inside double quotes" },
	/* syntax */
	{ "cn {}\ninsecure true\n", 0,
	    "2: missing equal sign after option 'insecure'" },
	{ "insecure = {", 0, "1: the brace that opens here is never closed" },
	{ "insecure = { true }", 0, "1: unexpected token '{'" },
	{ "insecure =", 0, "1: premature end of file" },
	{ "mn\n", 0, "2: premature end of file" },
	{ "mn {\nhome { }\n}", 0, "2: missing title for section 'home'" },
	/* unknown */
	{ "\nbindings = 3\n", 0,
	    "2: bindings: no such key here; expected insecure, "
	    "control-socket, pid-file, state-dir, log-level, "
	    "syslog-facility, mn {}, ha {}, cn {}" },
	{ "cn {\nlifetime = 3 }\n", 0,
	    "2: lifetime: no such key here; expected nothing" },
	{ "mn {\nprefix = \"2001:db8::/64\" }\n", 0,
	    "2: prefix: no such key here; expected interface, "
	    "without-binding, initial-bindack-timeout-first-reg, "
	    "deregister-at-exit, home \"ADDRESS/BITS\" {}" },
	{ "home \"2001:db8::1/64\" {}", 0,
	    "1: home: no such key here; expected insecure, control-socket, "
	    "pid-file, state-dir, log-level, syslog-facility, mn {}, ha {}, "
	    "cn {}" },
	/* twice */
	{ "insecure = true\ninsecure = true\n", 0, "2: insecure: given twice" },
	{ "cn {}\ncn {}\n", 0, "2: cn: given twice" },
	{ MN("interface = eth0\ninterface = eth1\n"), 0,
	    "4: interface: given twice" },
	{ HOME("lifetime = 60\nlifetime = 60\n"), 0,
	    "4: lifetime: given twice" },
	{ HA("mobile \"2001:db8:1::2\" { key-file = k }\n"
	     "mobile \"2001:db8:1::2\" { key-file = k }"),
	    0, "4: mobile: 2001:db8:1::2 is given twice" },
	{ HA("mobile \"2001:db8:1::2\" { key-file = k }\n"
	     "mobile \"2001:DB8:1:0::2\" { key-file = k }"),
	    0, "4: mobile: 2001:db8:1::2 is in line 3 already" },
	{ "mn { home \"2001:db8:1::2/64\" { agent = 2001:db8:1::1\n"
	  "key-file = k }\n home \"2001:db8:1:0::2/64\" {\n"
	  "agent = 2001:db8:1::1\nkey-file = k } }",
	    0, "3: home: the same address as in line 1" },
	/* root */
	{ "insecure = maybe\n", 0,
	    "1: insecure: expected true or false, found \"maybe\"" },
	{ "insecure = \"\"\n", 0,
	    "1: insecure: expected true or false, found \"\"" },
	{ "control-socket = mip6.sock\n", 0,
	    "1: control-socket: expected an absolute path of at most 103 "
	    "octets, found \"mip6.sock\"" },
	{ "control-socket = "
	  "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	    0,
	    "1: control-socket: expected an absolute path of at most 103 "
	    "octets, found \"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\"" },
	{ "pid-file = x", 0,
	    "1: pid-file: expected an absolute path, found \"x\"" },
	{ "state-dir = x", 0,
	    "1: state-dir: expected an absolute path, found \"x\"" },
	{ "log-level = loud", 0,
	    "1: log-level: expected error, warning, info or debug, found "
	    "\"loud\"" },
	{ "syslog-facility = kern", 0,
	    "1: syslog-facility: expected daemon, user or local0 to local7, "
	    "found \"kern\"" },
	/* mn */
	{ MN("interface = \"e*h\""), 0,
	    "3: interface: expected names of interfaces like \"eth0\" or { "
	    "\"en*\", \"wlan0\" }, found \"e*h\"" },
	{ MN("interface = averyveryverylongname"), 0,
	    "3: interface: expected names of interfaces like \"eth0\" or { "
	    "\"en*\", \"wlan0\" }, found \"averyveryverylongname\"" },
	{ MN("without-binding = drop"), 0,
	    "3: without-binding: expected block or direct, found \"drop\"" },
	{ MN("initial-bindack-timeout-first-reg = 40"), 0,
	    "3: initial-bindack-timeout-first-reg: expected a time from "
	    "100ms to 32s, like 1.5s, found \"40\"" },
	{ MN("deregister-at-exit = 1"), 0,
	    "3: deregister-at-exit: expected true or false, found \"1\"" },
	{ "mn {\n}\n", 0,
	    "2: home: missing: mn {} needs home \"ADDRESS/BITS\" { }" },
	/* home */
	{ "mn { home \"2001:db8:1::100\" { } }", 0,
	    "1: home: expected a global home address and the length of its "
	    "prefix, like home \"2001:db8:1::100/64\", found "
	    "\"2001:db8:1::100\"" },
	{ "mn { home \"fe80::1/64\" { } }", 0,
	    "1: home: expected a global home address and the length of its "
	    "prefix, like home \"2001:db8:1::100/64\", found "
	    "\"fe80::1/64\"" },
	{ "mn { home \"2001:db8::1/128\" { } }", 0,
	    "1: home: expected a global home address and the length of its "
	    "prefix, like home \"2001:db8:1::100/64\", found "
	    "\"2001:db8::1/128\"" },
	{ "mn { home \"2001:db8::/64\" { } }", 0,
	    "1: home: 2001:db8::/64 is the prefix itself, not an address in "
	    "it" },
	{ "mn { home \"2001:db8::1/64\" { key-file = k } }", 0,
	    "1: agent: missing in home \"2001:db8::1/64\"" },
	{ "mn { home \"2001:db8::1/64\" { agent = 2001:db8::1 } }", 0,
	    "1: agent: expected the home agent's address, found the home "
	    "address itself" },
	{ "mn { home \"2001:db8::1/64\" { agent = auto } }", 0,
	    "1: agent: expected the global IPv6 address of the home agent, "
	    "found \"auto\"" },
	{ HOME("lifetime = 0"), 0,
	    "3: lifetime: expected a multiple of 4 s from 4 s to 262140 s, "
	    "like 600s or 10m, found \"0\"" },
	{ HOME("lifetime = 5s"), 0,
	    "3: lifetime: expected a multiple of 4 s from 4 s to 262140 s, "
	    "like 600s or 10m, found \"5s\"" },
	{ HOME("lifetime = 262144"), 0,
	    "3: lifetime: expected a multiple of 4 s from 4 s to 262140 s, "
	    "like 600s or 10m, found \"262144\"" },
	{ HOME("lifetime = -60"), 0,
	    "3: lifetime: expected a multiple of 4 s from 4 s to 262140 s, "
	    "like 600s or 10m, found \"-60\"" },
	{ HOME("lifetime = 99999999999999999999999999999999999"), 0,
	    "3: lifetime: expected a multiple of 4 s from 4 s to 262140 s, "
	    "like 600s or 10m, found "
	    "\"99999999999999999999999999999999999\"" },
	{ HOME("identifier = \"a b\""), 0,
	    "3: identifier: expected a network access identifier like "
	    "\"alice@example.net\", found \"a b\"" },
	{ HOME("sequence = never"), 0,
	    "3: sequence: expected check or ignore, found \"never\"" },
	{ HOME("spi = 255"), 0,
	    "3: spi: expected a number from 256 to 4294967295, found "
	    "\"255\"" },
	{ HOME("spi = 4294967296"), 0,
	    "3: spi: expected a number from 256 to 4294967295, found "
	    "\"4294967296\"" },
	{ HOME("spi = 300"), 0, "3: spi: 300 here, but 4660 in DIR/k" },
	/* ha */
	{ HA("interface2 = x"), 0,
	    "3: interface2: no such key here; expected interface, prefix, "
	    "address, lifetime-max, bindings-max, mobile \"ADDRESS\" {}" },
	{ "ha {\nprefix = \"2001:db8:1::/64\"\n}", 0,
	    "1: interface: missing: ha {} needs the interface on the home "
	    "link" },
	{ "ha {\ninterface = eth0\n}", 0,
	    "1: prefix: missing: ha {} needs the prefix of the home link" },
	{ "ha { interface = \"eth*\" }", 0,
	    "1: interface: expected the name of the interface on the home "
	    "link, found \"eth*\"" },
	{ "ha { prefix = \"2001:db8:1::1/64\" }", 0,
	    "1: prefix: expected the prefix of the home link, like "
	    "\"2001:db8:1::/64\", found \"2001:db8:1::1/64\"" },
	{ "ha { prefix = \"::/0\" }", 0,
	    "1: prefix: expected the prefix of the home link, like "
	    "\"2001:db8:1::/64\", found \"::/0\"" },
	{ HA("address = ::1"), 0,
	    "3: address: expected the home agent's global IPv6 address on "
	    "the home link, found \"::1\"" },
	{ HA("address = 2001:db8:2::1"), 0,
	    "3: address: not in the prefix of the home link" },
	{ HA("lifetime-max = 1"), 0,
	    "3: lifetime-max: expected a multiple of 4 s from 4 s to 262140 "
	    "s, like 600s or 10m, found \"1\"" },
	{ HA("bindings-max = 0"), 0,
	    "3: bindings-max: expected a number from 1 to 1000000, found "
	    "\"0\"" },
	{ HA("bindings-max = 1000001"), 0,
	    "3: bindings-max: expected a number from 1 to 1000000, found "
	    "\"1000001\"" },
	/* mobile */
	{ HA("mobile \"2001:db8:1::2/64\" { }"), 0,
	    "3: mobile: expected a global home address, like mobile "
	    "\"2001:db8:1::100\", found \"2001:db8:1::2/64\"" },
	{ HA("mobile \"2001:db8:2::2\" { key-file = k }"), 0,
	    "3: mobile: 2001:db8:2::2 is not in the prefix of the home "
	    "link" },
	{ HA("mobile \"2001:db8:1::\" { key-file = k }"), 0,
	    "3: mobile: 2001:db8:1:: is the prefix itself, not an address "
	    "in it" },
	{ HA("address = 2001:db8:1::1\n"
	     "mobile \"2001:db8:1::1\" { key-file = k }"),
	    0, "4: mobile: 2001:db8:1::1 is the home agent's own address" },
	{ MOBILE("clock-slack = 2h"), 0,
	    "4: clock-slack: expected a time from 0s to 1h, like 7s, found "
	    "\"2h\"" },
	{ MOBILE("agent = 2001:db8:1::1"), 0,
	    "4: agent: no such key here; expected key-file, spi, sequence, "
	    "identifier, clock-slack" },
	/* keys */
	{ "mn { home \"2001:db8::1/64\" { agent = 2001:db8::2\n} }", 0,
	    "1: key-file: missing in home {}: make a key with mip6ctl "
	    "genkey, or set insecure = true" },
	{ HA("mobile \"2001:db8:1::2\" { }"), 0,
	    "3: key-file: missing in mobile {}: make a key with mip6ctl "
	    "genkey, or set insecure = true" },
	{ HA("mobile \"2001:db8:1::2\" { spi = 300 }"), 0,
	    "3: spi: of no use without key-file" },
	{ HA("mobile \"2001:db8:1::2\" { key-file = absent }"), 0,
	    "3: key-file: DIR/absent: No such file or directory" },
	{ HA("mobile \"2001:db8:1::2\" { key-file = open }"), 0,
	    "3: key-file: DIR/open: others can reach it (mode 0644): chmod "
	    "600 it" },
	{ HA("mobile \"2001:db8:1::2\" { key-file = short }"), 0,
	    "3: key-file: DIR/short: line 2: key: expected 16 to 64 octets "
	    "as hexadecimal digits" },
	{ HA("mobile \"2001:db8:1::2\" { key-file = nospi }"), 0,
	    "3: spi: neither here nor in DIR/nospi" },
	/* roles */
	{ "", 0, " no role: expected mn {}, ha {} or cn {}" },
	{ "cn {}", MIP6_CONFIG_MN,
	    " mn: --mn was asked for, but there is no mn {}" },
	{ "cn {}", MIP6_CONFIG_HA,
	    " ha: --ha was asked for, but there is no ha {}" },
	{ MN("") HA(""), 0,
	    "3: ha: one daemon is either mobile node or home agent; choose "
	    "with --mn or --ha" },
	{ MN("") HA(""), MIP6_CONFIG_MN | MIP6_CONFIG_HA,
	    "3: ha: one daemon is either mobile node or home agent; choose "
	    "with --mn or --ha" },
};

/* "DIR" in `said` stands for the directory of the test. */
static void
expand(const char *said, char *to, size_t cap)
{
	const char *at = strstr(said, "DIR");

	if (at == NULL)
		(void)snprintf(to, cap, "%s:%s", conf_path, said);
	else
		(void)snprintf(to, cap, "%s:%.*s%s%s", conf_path,
		    (int)(at - said), said, dir, at + 3);
}

static void
test_errors(void **state)
{
	struct mip6_config_error err;
	char expected[1024];
	size_t i, failed = 0;

	(void)state;
	for (i = 0; i < MIP6_COUNT(wrong); i++) {
		if (parse(wrong[i].text, wrong[i].roles, &err) != NULL)
			fail_msg("row %zu was accepted: %s", i, wrong[i].text);
		expand(wrong[i].said, expected, sizeof(expected));
		if (strcmp(err.text, expected) == 0)
			continue;
		print_error("row %zu: %s\n     said: %s\n expected: %s\n", i,
		    wrong[i].text, err.text, expected);
		failed++;
	}
	assert_int_equal(failed, 0);
}

/* An error inside a string must not change how the next file is read. */
static void
test_after_error(void **state)
{
	struct mip6_config_error err;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(wrong); i++) {
		assert_null(parse(wrong[i].text, wrong[i].roles, &err));
		mip6_config_free(parse_good(MN(""), 0));
	}
}

static void
test_defaults(void **state)
{
	struct mip6_config *c;

	(void)state;
	c = parse_good(MN(""), 0);
	assert_true(c->conf.mn.on);
	assert_false(c->conf.ha.on);
	assert_false(c->conf.cn.on);
	assert_false(c->conf.insecure);
	assert_string_equal(c->control_socket, "/var/run/mip6d.sock");
	assert_string_equal(c->pid_file, "/var/run/mip6d.pid");
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

	c = parse_good(HA(""), 0);
	assert_true(c->conf.ha.on);
	assert_int_equal(c->conf.ha.mobiles, 0);
	assert_int_equal(c->conf.ha.lifetime_max.us, 3600000000);
	assert_int_equal(c->conf.ha.bindings_max, 4096);
	assert_true(mip6_addr_is_any(&c->conf.ha.address));
	mip6_config_free(c);
}

static void
test_every_mn_key(void **state)
{
	struct mip6_config *c = parse_good(
	    "/* all */ insecure = true # yes\n"
	    "control-socket = \"/s # no comment\" // a comment\n"
	    "pid-file = /p state-dir = /d\n"
	    "log-level = debug syslog-facility = local7\n"
	    "mn { interface = { \"en*\", wlan0 }\n"
	    "without-binding = direct deregister-at-exit = no\n"
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
	assert_false(mn->deregister_at_exit);
	assert_int_equal(mn->initial_bindack_timeout_first_reg.us, 2500000);
	assert_int_equal(mn->homes, 2);
	assert_int_equal(mn->home[0].bits, 48);
	assert_int_equal(mn->home[0].agent.b[15], 1);
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
	    parse_good(HA("address = 2001:db8:1::1 lifetime-max = 420\n"
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
	assert_int_equal(ha->prefix.bits, 64);
	assert_int_equal(ha->address.b[15], 1);
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
		c = parse_good(both, rows[i].roles);
		assert_int_equal(c->conf.mn.on, rows[i].mn);
		assert_int_equal(c->conf.ha.on, rows[i].ha);
		assert_int_equal(c->conf.cn.on, rows[i].cn);
		mip6_config_free(c);
	}
	/* A correspondent node needs no block. */
	c = parse_good("", MIP6_CONFIG_CN);
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
	c = parse_good(text, 0);
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
	assert_null(parse(text, 0, &err));
	assert_non_null(strstr(err.text, "t.conf:10: home: more than 8"));
}

static void
test_too_many_interfaces(void **state)
{
	struct mip6_config_error err;

	(void)state;
	assert_null(parse(MN("interface = { a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,"
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
	write_file("t.conf", MN(""), 0640);
	c = mip6_config_load(conf_path, 0, &err);
	assert_non_null(c);
	mip6_config_free(c);

	write_file("t.conf", MN(""), 0602);
	assert_null(mip6_config_load(conf_path, 0, &err));
	assert_non_null(strstr(err.text, ": everybody can write it"));
	assert_null(mip6_config_load(dir, 0, &err));
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
	c = mip6_config_parse(conf_path, text, octets, 0, &err);
	assert_non_null(c);
	mip6_config_free(c);
	assert_null(mip6_config_parse(conf_path, text, octets + 1, 0, &err));
	assert_non_null(strstr(err.text, ": larger than 1 MiB"));
	/* One string as long as the file. */
	memset(text, 'x', octets);
	memcpy(text, "pid-file = \"/", 13);
	text[octets - 1] = '"';
	assert_null(mip6_config_parse(conf_path, text, octets, 0, &err));
	assert_non_null(strstr(err.text, ":1: pid-file: expected"));
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
	a = parse_good(MN(""), 0);
	b = parse_good(MN(""), 0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 0);
	assert_string_equal(said.text, "");
	mip6_config_free(b);
	b = parse_good("insecure = true pid-file = /x log-level = debug\n"
		       "mn { interface = e without-binding = direct\n"
		       "home \"2001:db8:1::100/64\" { agent = 2001:db8:1::2\n"
		       "lifetime = 8 } home \"2001:db8:1::2/64\" {\n"
		       "agent = 2001:db8:1::1 } }",
	    0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 10);
	assert_string_equal(said.text,
	    "/insecure\n/pid-file restart\n/log-level\n"
	    "mn/interface restart\nmn/without-binding\n"
	    "home 2001:db8:1::100/agent\nhome 2001:db8:1::100/lifetime\n"
	    "home 2001:db8:1::100/key\nhome 2001:db8:1::100/spi\n"
	    "home 2001:db8:1::2/added\n");
	said.text[0] = '\0';
	assert_int_equal(mip6_config_diff(b, a, NULL, NULL), 10);
	mip6_config_free(a);
	mip6_config_free(b);

	a = parse_good(HA("mobile \"2001:db8:1::2\" { key-file = k }\n"
			  "mobile \"2001:db8:1::3\" { key-file = k }"),
	    0);
	b = parse_good(HA("mobile \"2001:db8:1::3\" { key-file = nospi\n"
			  "spi = 300 sequence = ignore }\n"
			  "mobile \"2001:db8:1::4\" { key-file = k }\n"
			  "lifetime-max = 40"),
	    0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 5);
	assert_string_equal(said.text,
	    "ha/lifetime-max\nmobile 2001:db8:1::2/removed\n"
	    "mobile 2001:db8:1::3/spi\nmobile 2001:db8:1::3/sequence\n"
	    "mobile 2001:db8:1::4/added\n");
	mip6_config_free(a);
	mip6_config_free(b);
}

static void
test_explain(void **state)
{
	struct mip6_config *c = parse_good(MN("interface = { \"en*\", x }"), 0);
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

	c = parse_good("insecure = true\n" HA(
			   "mobile \"2001:db8:1::2\" {}") "cn {}",
	    0);
	out = fmemopen(text, sizeof(text), "w");
	assert_non_null(out);
	mip6_config_explain(c, out);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "HOME AGENT for 2001:db8:1::/64 on eth1"));
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
	assert_true(mip6_config_keys_count <= 32); /* bits of `seen` */
	for (i = 0; i < mip6_config_keys_count; i++) {
		const struct mip6_config_key *k = &mip6_config_keys[i];
		union {
			struct mip6_config root;
			struct mip6_conf_mn mn;
			struct mip6_conf_ha ha;
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
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_after_error),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_mn_key),
		cmocka_unit_test(test_every_ha_key),
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

	return cmocka_run_group_tests(tests, setup, teardown);
}
