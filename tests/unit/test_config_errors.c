/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every way in which mip6.conf can be wrong: refused by one line that names
 * file, line, key and what was expected.
 *
 * Links: config core crypto base
 */
#include "unit/config_text.h"

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
	    "2: lifetime: no such key here; expected bindings-max, "
	    "lifetime-max, refresh-requests" },
	{ "mn {\nprefix = \"2001:db8::/64\" }\n", 0,
	    "2: prefix: no such key here; expected interface, "
	    "care-of-owner, without-binding, route-optimization, bypass, "
	    "initial-bindack-timeout-first-reg, "
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
	{ MN("care-of-owner = host"), 0,
	    "3: care-of-owner: expected auto, kernel or daemon, found "
	    "\"host\"" },
	{ MN("bypass = \"::/1\""), 0,
	    "3: bypass: expected a prefix of two bits or more, like "
	    "\"2001:db8:5::/48\", or up to 16 of them in braces, found "
	    "\"::/1\"" },
	{ MN("bypass = \"fe80::/64\""), 0,
	    "3: bypass: expected a prefix of two bits or more, like "
	    "\"2001:db8:5::/48\", or up to 16 of them in braces, found "
	    "\"fe80::/64\"" },
	{ MN("bypass = \"ff0e::/16\""), 0,
	    "3: bypass: expected a prefix of two bits or more, like "
	    "\"2001:db8:5::/48\", or up to 16 of them in braces, found "
	    "\"ff0e::/16\"" },
	{ MN("without-binding = drop"), 0,
	    "3: without-binding: expected block or direct, found \"drop\"" },
	{ MN("route-optimization = some"), 0,
	    "3: route-optimization: expected all, none, or prefixes of "
	    "correspondents, at most 16, found \"some\"" },
	{ MN("route-optimization = { \"all\", \"2001:db8::/32\" }"), 0,
	    "3: route-optimization: expected all, none, or prefixes of "
	    "correspondents, at most 16, found \"2001:db8::/32\"" },
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
	{ "mn { home \"2001:db8::/48\" { } }", 0,
	    "1: home: 2001:db8::/48 is the prefix itself, not an address in "
	    "it, which is formed in one of 64 bits only" },
	{ "mn { home \"2001:db8::1/64\" { key-file = k } }", 0,
	    "1: agent: missing in home \"2001:db8::1/64\"" },
	{ "mn { home \"2001:db8::1/64\" { agent = 2001:db8::1 } }", 0,
	    "1: agent: expected the home agent's address, found the home "
	    "address itself" },
	{ "mn { home \"2001:db8::1/64\" { agent = { auto, auto } } }", 0,
	    "1: agent: expected global IPv6 addresses or names of home "
	    "agents, at most 8, or auto, found \"auto\"" },
	{ "mn { home \"2001:db8::1/64\" { agent = 192.0.2.1 } }", 0,
	    "1: agent: expected global IPv6 addresses or names of home "
	    "agents, at most 8, or auto, found \"192.0.2.1\"" },
	{ "mn { home \"2001:db8::1/64\" { agent = \"fe80::1\" } }", 0,
	    "1: agent: expected global IPv6 addresses or names of home "
	    "agents, at most 8, or auto, found \"fe80::1\"" },
	{ "mn { home \"2001:db8::1/64\" { agent = {a,b,c,d,e,f,g,h,i} } }", 0,
	    "1: agent: expected global IPv6 addresses or names of home "
	    "agents, at most 8, or auto, found \"i\"" },
	{ "mn { home \"2001:db8::1/64\" { agent = a\nagent = b } }", 0,
	    "2: agent: given twice" },
	{ "mn { home \"2001:db8::1/64\" { agent = { a, 2001:db8::1 } } }", 0,
	    "1: agent: expected the home agent's address, found the home "
	    "address itself" },
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
	    "3: interface2: no such key here; expected interface, virtual, "
	    "prefix, address, join-groups, multicast, mobiles-dir, mobiles-file, "
	    "master-key-file, lifetime-max, bindings-max, "
	    "bindings-per-mobile-max, home-dad, durability, "
	    "refresh-requests, advertise, min-rtr-adv-interval, "
	    "max-rtr-adv-interval, min-delay-between-ras, router-lifetime, "
	    "home-agent-lifetime, home-agent-preference, "
	    "solicited-only, advertisement-interval-option, managed, other, "
	    "max-mob-pfx-adv-interval, min-mob-pfx-adv-interval, "
	    "send-mob-pfx-advs, home-prefix \"PREFIX\" {}, mobile "
	    "\"ADDRESS\" {}" },
	{ "ha {\nprefix = \"2001:db8:1::/64\"\n}", 0,
	    "1: interface: missing: ha {} needs the interface on the home "
	    "link, or virtual = true" },
	{ "ha {\ninterface = eth0\n}", 0,
	    "1: prefix: missing: ha {} needs the prefix of the home link" },
	{ "ha { interface = \"eth*\" }", 0,
	    "1: interface: expected the name of the interface on the home "
	    "link, found \"eth*\"" },
	{ "ha { prefix = \"2001:db8:1::1/64\" }", 0,
	    "1: prefix: expected the prefix of the home link, like "
	    "\"2001:db8:1::/64\", or up to 8 of them in braces, found "
	    "\"2001:db8:1::1/64\"" },
	{ "ha { prefix = \"::/0\" }", 0,
	    "1: prefix: expected the prefix of the home link, like "
	    "\"2001:db8:1::/64\", or up to 8 of them in braces, found "
	    "\"::/0\"" },
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
	{ HA("virtual = true"), 0,
	    "1: interface: a virtual home link has no interface" },
	{ "ha { virtual = true prefix = \"2001:db8:1::/64\"\n"
	  "address = 2001:db8:1::1\nadvertise = true }",
	    0, "3: advertise: a virtual home link has nobody to tell" },
	{ HA("home-prefix \"2001:db8:1:0:8000::/80\" {}"), 0,
	    "3: prefix: 2001:db8:1:0:8000::/80 overlaps with another one in "
	    "line 2" },
	{ HA("home-prefix \"2001:db8::/32\" {}"), 0,
	    "3: prefix: 2001:db8::/32 overlaps with another one in line 2" },
	{ HA("home-prefix \"2001:db8:2::1/64\" {}"), 0,
	    "3: home-prefix: expected the prefix of the home link, like "
	    "home-prefix \"2001:db8:1::/64\", found \"2001:db8:2::1/64\"" },
	{ HA("home-prefix \"2001:db8:2::/64\" {}\n"
	     "home-prefix \"2001:db8:2::/64\" {}"),
	    0, "4: home-prefix: 2001:db8:2::/64 is given twice" },
	{ HA("home-prefix \"2001:db8:2::/64\" {\naddress = 2001:db8:1::1 }"), 0,
	    "3: address: not in 2001:db8:2::/64" },
	{ HA("home-prefix \"2001:db8:2::/64\" { address = 2001:db8:2::1 }\n"
	     "address = 2001:db8:2::2"),
	    0, "4: address: its home-prefix {} in line 3 has one already" },
	{ HA("home-prefix \"2001:db8:2::/64\" {\nvalid-lifetime = 1d }"), 0,
	    "3: preferred-lifetime: longer than the valid lifetime" },
	{ HA("home-prefix \"2001:db8:2::/64\" {\nvalid-lifetime = 1.5s }"), 0,
	    "4: valid-lifetime: expected whole seconds up to 4294967294 s, "
	    "like 30d, or infinity, found \"1.5s\"" },
	{ "ha { interface = e prefix = {\n\"2001:db8:1::/64\",\n"
	  "\"2001:db8:1::/64\" } }",
	    0,
	    "3: prefix: 2001:db8:1::/64 overlaps with another one in line "
	    "2" },
	{ HA("min-rtr-adv-interval = 29ms"), 0,
	    "3: min-rtr-adv-interval: expected a time from 30ms to 1350s, "
	    "like 200s, found \"29ms\"" },
	{ HA("max-rtr-adv-interval = 69ms"), 0,
	    "3: max-rtr-adv-interval: expected a time from 70ms to 1800s, "
	    "like 600s, found \"69ms\"" },
	{ HA("max-rtr-adv-interval = 4\nmin-rtr-adv-interval = 3001ms"), 0,
	    "4: min-rtr-adv-interval: more than 0.75 x "
	    "max-rtr-adv-interval" },
	{ HA("min-delay-between-ras = 1ms"), 0,
	    "3: min-delay-between-ras: expected a time from 30ms to 1800s, "
	    "like 3s, found \"1ms\"" },
	{ HA("router-lifetime = 599"), 0,
	    "3: router-lifetime: neither 0 nor as long as "
	    "max-rtr-adv-interval" },
	{ HA("router-lifetime = 9001"), 0,
	    "3: router-lifetime: expected whole seconds from 0s to 9000s, "
	    "like 30m, found \"9001\"" },
	{ HA("home-agent-lifetime = 0"), 0,
	    "3: home-agent-lifetime: expected whole seconds from 1s to "
	    "65535s, like 30m, found \"0\"" },
	{ HA("home-agent-preference = 65536"), 0,
	    "3: home-agent-preference: expected a number from 0 to 65535, "
	    "found \"65536\"" },
	{ HA("max-mob-pfx-adv-interval = 31d"), 0,
	    "3: max-mob-pfx-adv-interval: expected a time from 1s to 30d, "
	    "like 1d, found \"31d\"" },
	{ HA("max-mob-pfx-adv-interval = 60\nmin-mob-pfx-adv-interval = 61"), 0,
	    "4: min-mob-pfx-adv-interval: more than "
	    "max-mob-pfx-adv-interval" },
	{ HA("home-dad = on"), 0,
	    "3: home-dad: expected rfc, provisional or off, found \"on\"" },
	{ HA("durability = disk"), 0,
	    "3: durability: expected sync, async or none, found \"disk\"" },
	{ HA("bindings-per-mobile-max = 1000001"), 0,
	    "3: bindings-per-mobile-max: expected a number from 0 (no "
	    "limit) to 1000000, found \"1000001\"" },
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
		(void)snprintf(to, cap, "%s:%s", config_path, said);
	else
		(void)snprintf(to, cap, "%s:%.*s%s%s", config_path,
		    (int)(at - said), said, config_dir, at + 3);
}

static void
test_errors(void **state)
{
	struct mip6_config_error err;
	char expected[1024];
	size_t i, failed = 0;

	(void)state;
	for (i = 0; i < MIP6_COUNT(wrong); i++) {
		if (config_try(wrong[i].text, wrong[i].roles, &err) != NULL)
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
		assert_null(config_try(wrong[i].text, wrong[i].roles, &err));
		mip6_config_free(config_good(MN(""), 0));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_after_error),
	};

	return cmocka_run_group_tests(tests, config_setup, config_teardown);
}
