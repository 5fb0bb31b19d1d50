/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the base and crypto layers cost: a find in the index, timers that are
 * moved and that fire at a million, the hash of a message.  Prints one line
 * `name value unit` for each, the median of several rounds.  Records are
 * visited in a random order, so that the memory they lie in counts.
 */
#include "bench.h"

#include "base/hash.h"
#include "base/wheel.h"
#include "crypto/crypto.h"

#define BENCH_ROUNDS      7
#define BENCH_MANY        1000000U
#define BENCH_FEW         1000U
#define BENCH_FINDS       1000000U
#define BENCH_MESSAGES    200000U
#define BENCH_LIFETIME_US 420000000U

static uint64_t bench_sink; /* keeps results from being thrown away */

static bool
bench_eq(const void *table, uint32_t value, const void *key)
{
	const struct mip6_addr *home = table;

	return mip6_addr_equal(&home[value], key);
}

/* The keys lie apart from the records, as in a packet. */
static void
bench_find(const char *name, uint32_t count)
{
	struct mip6_hash_key k = { { 1, 2, 3, 4 } };
	struct mip6_addr *home = calloc(count, sizeof(*home));
	struct mip6_addr *key = malloc(BENCH_FINDS * sizeof(*key));
	double rounds[BENCH_ROUNDS], start;
	struct mip6_index x;
	uint64_t seed = 1, r;
	uint32_t i, j;

	bench_need(home != NULL && key != NULL &&
		mip6_index_init(&x, &bench_heap, count),
	    "out of memory");
	for (i = 0; i < count; i++) {
		home[i] = mip6_addr_loopback;
		r = bench_draw(&seed);
		memcpy(&home[i].b[8], &r, sizeof(r));
		bench_need(mip6_index_add(&x, mip6_hash_addr(&k, &home[i]), i,
			       NULL, NULL),
		    "out of memory");
	}
	for (i = 0; i < BENCH_FINDS; i++)
		key[i] = home[bench_draw(&seed) % count];
	for (j = 0; j < BENCH_ROUNDS; j++) {
		start = bench_cpu_ns();
		for (i = 0; i < BENCH_FINDS; i++)
			bench_sink +=
			    mip6_index_find(&x, mip6_hash_addr(&k, &key[i]),
				home, &key[i], bench_eq);
		rounds[j] = (bench_cpu_ns() - start) / BENCH_FINDS;
	}
	bench_report(name, rounds, BENCH_ROUNDS, "ns");
	mip6_index_fini(&x);
	free(key);
	free(home);
}

struct bench_timers {
	struct mip6_wheel wheel;
	struct mip6_timer timer[BENCH_MANY];
	uint32_t order[BENCH_MANY];
	int64_t deadline[BENCH_MANY];
	uint32_t count;
};

static struct mip6_time
bench_time(int64_t us)
{
	return (struct mip6_time){ us };
}

/* Deadlines over the longest lifetime, timers in a random order. */
static void
bench_timers_draw(struct bench_timers *b, uint64_t *seed)
{
	uint32_t i, j, swap;

	for (i = 0; i < b->count; i++) {
		b->order[i] = i;
		b->deadline[i] =
		    (int64_t)(bench_draw(seed) % BENCH_LIFETIME_US);
	}
	for (i = b->count - 1; i > 0; i--) {
		j = (uint32_t)(bench_draw(seed) % (i + 1));
		swap = b->order[i];
		b->order[i] = b->order[j];
		b->order[j] = swap;
	}
}

/* The ns that a timer takes to be armed, or moved, in a random order. */
static double
bench_arm_all(struct bench_timers *b)
{
	double start = bench_cpu_ns();
	uint32_t i, k;

	for (k = 0; k < BENCH_MANY; k += b->count)
		for (i = 0; i < b->count; i++)
			mip6_wheel_arm(&b->wheel, &b->timer[b->order[i]],
			    bench_time(b->deadline[(i + k) % b->count]));
	return (bench_cpu_ns() - start) / k;
}

/* Fires all, waking up each ms.  The ns that a timer takes. */
static double
bench_fire_all(struct bench_timers *b)
{
	double start = bench_cpu_ns();
	int64_t now;

	for (now = 0; now <= (int64_t)BENCH_LIFETIME_US; now += 1000)
		while (mip6_wheel_expire(&b->wheel, bench_time(now)) != NULL)
			bench_sink++;
	bench_need(b->wheel.count == 0, "out of memory");
	return (bench_cpu_ns() - start) / b->count;
}

/* The same; the ns of the longest wake-up. */
static double
bench_fire_worst(struct bench_timers *b)
{
	double before, worst = 0;
	int64_t now;

	for (now = 0; now <= (int64_t)BENCH_LIFETIME_US; now += 1000) {
		before = bench_cpu_ns();
		while (mip6_wheel_expire(&b->wheel, bench_time(now)) != NULL)
			bench_sink++;
		before = bench_cpu_ns() - before;
		worst = before > worst ? before : worst;
	}
	bench_need(b->wheel.count == 0, "out of memory");
	return worst;
}

/* Figures of that many timers; those of firing at a million alone. */
static void
bench_wheel(struct bench_timers *b, const char *name, uint32_t count)
{
	double move[BENCH_ROUNDS], fire[BENCH_ROUNDS], worst[BENCH_ROUNDS];
	char figure[64];
	uint64_t seed = 2;
	uint32_t j;

	b->count = count;
	for (j = 0; j < BENCH_ROUNDS; j++) {
		mip6_wheel_init(&b->wheel, bench_time(0));
		bench_timers_draw(b, &seed);
		(void)bench_arm_all(b);
		bench_timers_draw(b, &seed);
		move[j] = bench_arm_all(b);
		fire[j] = bench_fire_all(b);
		if (count < BENCH_MANY)
			continue;
		mip6_wheel_init(&b->wheel, bench_time(0));
		(void)bench_arm_all(b);
		worst[j] = bench_fire_worst(b);
	}
	(void)snprintf(figure, sizeof(figure), "wheel_move_%s", name);
	bench_report(figure, move, BENCH_ROUNDS, "ns");
	if (count < BENCH_MANY)
		return;
	bench_report("wheel_fire_1m", fire, BENCH_ROUNDS, "ns");
	bench_report("wheel_longest_wakeup_1m", worst, BENCH_ROUNDS, "ns");
}

static void
bench_wheels(void)
{
	struct bench_timers *b = calloc(1, sizeof(*b));

	bench_need(b != NULL, "out of memory");
	bench_wheel(b, "10", 10);
	bench_wheel(b, "10k", 10000);
	bench_wheel(b, "1m", BENCH_MANY);
	free(b);
}

/* A Binding Update of 100 octets, another key for each. */
static void
bench_hmac(void)
{
	struct mip6_crypto *c = mip6_crypto_new(&bench_heap);
	uint8_t key[MIP6_SHA1_OCTETS] = { 1 }, message[100] = { 2 };
	uint8_t out[MIP6_SHA1_OCTETS];
	struct mip6_iovec v[3] = { { message, 16 }, { &message[16], 16 },
		{ &message[32], 68 } };
	double rounds[BENCH_ROUNDS], start;
	uint32_t i, j;

	bench_need(c != NULL, "out of memory");
	for (j = 0; j < BENCH_ROUNDS; j++) {
		start = bench_cpu_ns();
		for (i = 0; i < BENCH_MESSAGES; i++) {
			memcpy(key, &i, sizeof(i));
			bench_need(mip6_crypto_hmac_sha1(c, key, sizeof(key), v,
				       MIP6_COUNT(v), out),
			    "out of memory");
			bench_sink += out[0];
		}
		rounds[j] = (bench_cpu_ns() - start) / BENCH_MESSAGES;
	}
	bench_report("hmac_sha1_100_octets_new_key", rounds, BENCH_ROUNDS,
	    "ns");
	mip6_crypto_free(c);
}

int
main(void)
{
	bench_find("index_find_1k", BENCH_FEW);
	bench_find("index_find_1m", BENCH_MANY);
	bench_wheels();
	bench_hmac();
	/* Read at the end, so that nothing above could be left out. */
	return bench_sink != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
