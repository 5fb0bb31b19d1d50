/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver of the fuzz target with random octets: what must hold always
 * holds (it aborts otherwise), every buffer goes one way, and the runs came
 * everywhere, or they would say nothing.
 *
 * Links: path
 */
#include "fuzz/path_drive.h"
#include "unit/support.h"

#define SWARM_RUNS   3000
#define SWARM_OCTETS 3000

static void
test_swarm(void **state)
{
	static const enum mip6_drop wanted[] = { MIP6_DROP_TRUNCATED,
		MIP6_DROP_NOT_OURS, MIP6_DROP_MARTIAN, MIP6_DROP_SELF_SENT,
		MIP6_DROP_TUNNEL_PEER, MIP6_DROP_TUNNEL_UNKNOWN,
		MIP6_DROP_TUNNEL_SCOPE, MIP6_DROP_TUNNEL_TOO_BIG,
		MIP6_DROP_NO_ROW, MIP6_DROP_BLOCKED, MIP6_DROP_NO_ROUTE,
		MIP6_DROP_UNRESOLVED, MIP6_DROP_WAITING_FULL,
		MIP6_DROP_FRAGMENT_BAD, MIP6_DROP_FRAGMENT_FULL,
		MIP6_DROP_NO_BUFFER, MIP6_DROP_ICMP_QUOTE };
	struct drive_seen *seen = calloc(1, sizeof(*seen));
	uint8_t octets[SWARM_OCTETS];
	uint64_t seed = 20240607;
	size_t run, i;

	(void)state;
	for (run = 0; run < SWARM_RUNS; run++) {
		for (i = 0; i < sizeof(octets); i++)
			octets[i] = (uint8_t)support_draw(&seed);
		drive_run(octets, sizeof(octets), seen);
	}
	for (i = 0; i <= MIP6_HINT_PACKET; i++)
		if (seen->hints[i] == 0)
			fail_msg("hint %u never came", (unsigned int)i);
	for (i = 0; i < MIP6_COUNT(wanted); i++)
		if (seen->counters.drops.count[wanted[i]] == 0)
			fail_msg("%s never came", mip6_drop_name(wanted[i]));
	assert_true(seen->counters.encapsulated > 100);
	assert_true(seen->counters.decapsulated > 100);
	assert_true(seen->counters.direct_out > 0);
	assert_true(seen->counters.direct_in > 0);
	assert_true(seen->counters.shortcut > 0);
	assert_true(seen->counters.reassembled > 0);
	free(seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_swarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
