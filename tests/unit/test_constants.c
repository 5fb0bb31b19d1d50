/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The constants of RFC 6275 section 12, as the RFC has them.  DHAAD_RETRIES,
 * INITIAL_DHAAD_TIMEOUT and INITIAL_SOLICIT_TIMER are nobody else's: what
 * test_mn_seek and test_mn_prefix see on the wire shows them.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_mpd_int.h"
#include "core/mn_ro_int.h"

static void
test_section_12(void **state)
{
	(void)state;
	assert_int_equal(MIP6_INITIAL_BINDACK_TIMEOUT.us, 1000000);
	assert_int_equal(MIP6_MAX_BINDACK_TIMEOUT.us, 32000000);
	assert_int_equal(HA_MAX_DELETE_BCE_TIMEOUT.us, 10000000);
	assert_int_equal(MIP6_MAX_NONCE_LIFE.us, 240000000);
	assert_int_equal(MIP6_MAX_TOKEN_LIFE.us, 210000000);
	assert_int_equal(RO_MAX_RO_FAILURE, 3);
	assert_int_equal(MIP6_MAX_RR_BINDING.us, 420000000);
	assert_int_equal(MIP6_MAX_UPDATE_RATE, 3);
	assert_int_equal(HA_PREFIX_ADV_RETRIES, 3);
	assert_int_equal(HA_PREFIX_ADV_TIMEOUT.us, 3000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_section_12),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
