/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of mip6.conf share: a directory with key files, and short
 * texts around the line that is tested.
 */
#ifndef UNIT_CONFIG_TEXT_H
#define UNIT_CONFIG_TEXT_H

#include "unit/support.h"

#include <sys/stat.h>

#include <stdio.h>
#include <unistd.h>

#include "config/config.h"

static char config_dir[] = "/tmp/mip6-test-config-XXXXXX";
static char config_path[64];

static const char config_key_text[] =
    "# a key\n"
    "spi = 4660\n"
    "key = 000102030405060708090a0b0c0d0e0f\n";

static inline void
config_write(const char *name, const char *text, mode_t mode)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", config_dir, name);
	(void)unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static inline int
config_setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(config_dir));
	(void)snprintf(config_path, sizeof(config_path), "%s/t.conf",
	    config_dir);
	config_write("k", config_key_text, 0600);
	config_write("nospi", "key = 000102030405060708090a0b0c0d0e0f\n", 0600);
	config_write("open", config_key_text, 0644);
	config_write("short", "spi = 256\nkey = 00112233\n", 0600);
	return 0;
}

static inline int
config_teardown(void **state)
{
	static const char *const names[] = { "k", "nospi", "open", "short",
		"t.conf" };
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", config_dir,
		    names[i]);
		(void)unlink(path);
	}
	return rmdir(config_dir);
}

static inline struct mip6_config *
config_try(const char *text, unsigned int roles, struct mip6_config_error *err)
{
	return mip6_config_parse(config_path, text, strlen(text), roles, err);
}

static inline struct mip6_config *
config_good(const char *text, unsigned int roles)
{
	struct mip6_config_error err;
	struct mip6_config *c = config_try(text, roles, &err);

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

#endif
