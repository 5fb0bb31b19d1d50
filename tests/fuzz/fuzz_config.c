/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of mip6.conf and of a key file, whatever it holds: no crash, and
 * either a whole configuration or one line of error.
 *
 * Links: config core crypto base
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

static void
fuzz_keyfile(const uint8_t *octets, size_t count)
{
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_keyfile key;

	if (mip6_keyfile_parse((const char *)octets, count, &key, &why)) {
		if (key.key_octets < MIP6_KEY_OCTETS_MIN ||
		    (key.spi != 0 && key.spi < 256))
			abort();
	} else if (said[0] == '\0' || key.key_octets != 0) {
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct mip6_config_error err;
	struct mip6_config *c;
	uint32_t i;

	fuzz_keyfile(octets, count);
	c = mip6_config_parse("/nonexistent/mip6.conf", (const char *)octets,
	    count, 0, &err);
	if (c == NULL) {
		if (err.text[0] == '\0' || strchr(err.text, '\n') != NULL)
			abort();
		return 0;
	}
	/* No key file can be read here. */
	if (c->conf.mn.on && c->conf.ha.on)
		abort();
	if (!c->conf.insecure && (c->conf.mn.homes || c->conf.ha.mobiles))
		abort();
	for (i = 1; i < c->conf.ha.mobiles; i++)
		if (memcmp(&c->conf.ha.mobile[i - 1].hoa,
			&c->conf.ha.mobile[i].hoa, 16) >= 0)
			abort();
	if (mip6_config_diff(c, c, NULL, NULL) != 0)
		abort();
	mip6_config_free(c);
	return 0;
}
