/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an authenticator covers: the authenticators of captured exchanges
 * (tests/vectors/umip/bauth.txt, computed apart from any implementation), and
 * one of RFC 4285 computed with another HMAC.
 * Links: crypto wire base
 */
#include "wire/mh.h"

#include <stdio.h>

#include "crypto/crypto.h"
#include "unit/support.h"

static void *
auth_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
auth_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

static struct mip6_crypto *
auth_crypto(void)
{
	static const struct mip6_alloc alloc = { auth_alloc, auth_release,
		NULL };
	struct mip6_crypto *c = mip6_crypto_new(&alloc);

	assert_non_null(c);
	return c;
}

/* The authenticator at `at` of the message, of two addresses before it. */
static void
auth_compute(const uint8_t *key, size_t key_octets,
    const struct mip6_addr *first, const struct mip6_addr *second,
    const uint8_t *mh, size_t at, uint8_t out[MIP6_SHA1_OCTETS])
{
	struct mip6_crypto *c = auth_crypto();
	struct mip6_mh_auth_span s = mip6_mh_auth_span(mh, at);
	struct mip6_iovec v[5] = { { first->b, 16 }, { second->b, 16 } };
	size_t i;

	for (i = 0; i < 3; i++) {
		v[2 + i].octets = s.piece[i].octets;
		v[2 + i].count = s.piece[i].count;
	}
	assert_true(mip6_crypto_hmac_sha1(c, key, key_octets, v, 5, out));
	mip6_crypto_free(c);
}

static size_t
auth_hex(const char *text, uint8_t *to, size_t room)
{
	size_t count = 0;
	unsigned int octet;

	while (sscanf(text, "%2x", &octet) == 1 && count < room) {
		to[count++] = (uint8_t)octet;
		text += 2;
	}
	return count;
}

/* The word behind `key` in the line. */
static void
auth_word(const char *line, const char *key, char *to)
{
	const char *at = strstr(line, key);

	assert_non_null(at);
	assert_int_equal(sscanf(at + strlen(key), " %63s", to), 1);
}

static void
auth_check(const char *line, const char *mh_text)
{
	struct mip6_addr coa, cn, hoa, src, dst;
	uint8_t key[20], want[12], got[MIP6_SHA1_OCTETS], mh[64];
	struct mip6_mh m;
	char word[64];
	size_t count;

	auth_word(line, " home ", word);
	assert_true(mip6_addr_parse(word, &hoa));
	auth_word(line, " coa ", word);
	assert_true(mip6_addr_parse(word, &coa));
	auth_word(line, " cn ", word);
	assert_true(mip6_addr_parse(word, &cn));
	auth_word(line, " Kbm(home+coa) ", word);
	assert_int_equal(auth_hex(word, key, sizeof(key)), 20);
	auth_word(line, " auth ", word);
	assert_int_equal(auth_hex(word, want, sizeof(want)), 12);
	count = auth_hex(mh_text, mh, sizeof(mh));
	assert_int_equal(count, 32);
	/* From the mobile node or to it, checksums over the home address. */
	src = strstr(line, " BU ") != NULL ? hoa : cn;
	dst = strstr(line, " BU ") != NULL ? cn : hoa;
	assert_int_equal(mip6_mh_receive(mh, count, &src, &dst, &m, NULL),
	    MIP6_PARSE_OK);
	assert_true(m.opt.has_auth_data);
	assert_memory_equal(m.opt.auth_data.octets, want, 12);
	auth_compute(key, sizeof(key), &coa, &cn, mh, m.opt.auth_data.at, got);
	assert_memory_equal(got, want, 12);
}

static void
test_captured(void **state)
{
	FILE *file = fopen(MIP6_TEST_DIR "/vectors/umip/bauth.txt", "r");
	char line[512], mh[512];
	size_t checked = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strstr(line, " auth ") == NULL)
			continue;
		assert_non_null(fgets(mh, sizeof(mh), file));
		assert_non_null(strstr(mh, "MH "));
		auth_check(line, strstr(mh, "MH ") + 3);
		checked++;
	}
	(void)fclose(file);
	assert_int_equal(checked, 13);
}

/*
 * RFC 4285 section 5.1, computed with Python's hmac over care-of address, home
 * address and message up to and including the SPI.
 */
static void
test_rfc4285(void **state)
{
	static const char text[] =
	    "3b07050000001234e00000960100031020010db8000a00000000000000000005"
	    "01000a08e6123456789abcde00091101000001003fd7c624f9cbc381d26b2e66";
	struct mip6_addr coa, hoa;
	uint8_t key[16], octets[64], written[64], got[MIP6_SHA1_OCTETS];
	struct mip6_mh_marks marks;
	struct mip6_mh m;
	struct mip6_wr w;
	size_t i, count = auth_hex(text, octets, sizeof(octets));

	(void)state;
	assert_int_equal(count, 64);
	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	assert_true(mip6_addr_parse("2001:db8:a::5", &coa));
	assert_true(mip6_addr_parse("2001:db8:1::100", &hoa));
	assert_int_equal(mip6_mh_read(octets, count, &m, NULL), MIP6_PARSE_OK);
	assert_true(m.opt.has_mn_ha && m.opt.has_replay && m.opt.has_alt_coa);
	assert_true(m.opt.mn_ha.spi == 256);
	/* The checksum does not count, whatever it is. */
	octets[4] = 0x12;
	octets[5] = 0x34;
	auth_compute(key, sizeof(key), &coa, &hoa, octets, m.opt.mn_ha.at, got);
	assert_memory_equal(got, m.opt.mn_ha.octets, 12);
	/* And we write the same octets, with zeroes for the authenticator. */
	m.opt.mn_ha.octets = NULL;
	w = mip6_wr_make(written, sizeof(written));
	mip6_mh_write(&w, &m, &marks);
	assert_false(w.failed);
	memcpy(written + marks.mn_ha_at, got, 12);
	octets[4] = octets[5] = 0;
	assert_int_equal(marks.octets, count);
	assert_memory_equal(written, octets, count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_rfc4285),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
