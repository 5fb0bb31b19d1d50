/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer wheel against a plain table of deadlines.  Random operations,
 * with deadlines next to the slot boundaries of every level, equal, past,
 * far and never; after each, what fires and when the wheel wants to be called
 * is what the table says.  Then a million timers at once.
 */
#include "base/wheel.h"

#include "unit/support.h"

#define WHEEL_TIMERS 48
#define WHEEL_OPS    60000
#define WHEEL_MANY   1000000
/* Calls of next and expire that may pass before a timer fires. */
#define WHEEL_ROUNDS (MIP6_WHEEL_LEVELS + 1)
#define WHEEL_TICK   1024

struct wheel_model {
	struct mip6_wheel wheel;
	struct mip6_timer timer[WHEEL_TIMERS];
	bool armed[WHEEL_TIMERS];
	int64_t deadline[WHEEL_TIMERS];
	uint64_t order[WHEEL_TIMERS]; /* of arming */
	uint64_t arming;
	int64_t now;
	uint64_t seed;
	size_t fired;
	size_t timers; /* of WHEEL_TIMERS, that are used */
};

static struct mip6_time
at(int64_t us)
{
	return (struct mip6_time){ us };
}

static uint64_t
model_draw(struct wheel_model *m, uint64_t below)
{
	return support_draw(&m->seed) % below;
}

/* The armed timer that must fire first, or WHEEL_TIMERS. */
static size_t
model_first(const struct wheel_model *m)
{
	size_t first = WHEEL_TIMERS;
	size_t i;

	for (i = 0; i < WHEEL_TIMERS; i++) {
		if (!m->armed[i])
			continue;
		if (first == WHEEL_TIMERS ||
		    m->deadline[i] < m->deadline[first] ||
		    (m->deadline[i] == m->deadline[first] &&
			m->order[i] < m->order[first]))
			first = i;
	}
	return first;
}

static int64_t
saturating(int64_t a, int64_t b)
{
	return mip6_time_add(at(a), (struct mip6_span){ b }).us;
}

/* A deadline of a kind that is likely to go wrong. */
static int64_t
model_deadline(struct wheel_model *m)
{
	int64_t near = (int64_t)model_draw(m, 5) - 2;
	unsigned int level;
	uint64_t size, us;

	switch (model_draw(m, 10)) {
	case 0: /* the past, and just now */
		return saturating(m->now, -(int64_t)model_draw(m, 3000));
	case 1: /* this tick or the next ones */
		return saturating(m->now, (int64_t)model_draw(m, 3000));
	case 2: /* equal to another */
		return m->deadline[model_draw(m, m->timers)];
	case 3:
		return INT64_MAX;
	case 4: /* any time there is */
		return (int64_t)(support_draw(&m->seed) >> model_draw(m, 64));
	case 5: /* what protocols ask for: up to 420 s */
		return saturating(m->now, (int64_t)model_draw(m, 420000000));
	case 6:
		return near < 0 ? INT64_MIN : INT64_MAX - 1;
	default: /* the next boundaries of a level, and a little beside them */
		level = (unsigned int)model_draw(m, MIP6_WHEEL_LEVELS);
		size = (uint64_t)WHEEL_TICK << 8 * level;
		us = ((uint64_t)m->now ^ UINT64_C(1) << 63) / size * size;
		if (us > UINT64_MAX - 4 * size)
			return INT64_MAX - 1;
		us = (us + size * model_draw(m, 4)) ^ UINT64_C(1) << 63;
		return saturating((int64_t)us, near * (near < 2 ? 1 : 500));
	}
}

static void
model_arm(struct wheel_model *m, size_t i, int64_t deadline)
{
	mip6_wheel_arm(&m->wheel, &m->timer[i], at(deadline));
	m->armed[i] = deadline != INT64_MAX;
	m->deadline[i] = deadline;
	m->order[i] = m->arming++;
}

/* The wheel fires what the model says at m->now, no more and no less. */
static bool
model_expire_one(struct wheel_model *m)
{
	struct mip6_timer *t = mip6_wheel_expire(&m->wheel, at(m->now));
	size_t first = model_first(m);

	if (first == WHEEL_TIMERS || m->deadline[first] > m->now) {
		assert_null(t);
		return false;
	}
	assert_ptr_equal(t, &m->timer[first]);
	assert_false(mip6_timer_is_armed(t));
	m->armed[first] = false;
	m->fired++;
	return true;
}

static void
model_check_next(const struct wheel_model *m)
{
	struct mip6_time next = mip6_wheel_next(&m->wheel);
	size_t first = model_first(m);
	size_t i, armed = 0;

	for (i = 0; i < WHEEL_TIMERS; i++) {
		armed += m->armed[i];
		assert_int_equal(mip6_timer_is_armed(&m->timer[i]),
		    m->armed[i]);
	}
	assert_int_equal(m->wheel.count, armed);
	if (first == WHEEL_TIMERS) {
		assert_true(mip6_time_is_never(next));
		return;
	}
	assert_true(next.us <= m->deadline[first]);
	/* With so few there is no reason to wake up early. */
	if (armed <= 8)
		assert_true(next.us == m->deadline[first]);
}

/* Goes from one wake-up to the next until a timer fires. */
static void
model_wait(struct wheel_model *m)
{
	unsigned int round;
	struct mip6_time next;

	for (round = 0; round < WHEEL_ROUNDS; round++) {
		next = mip6_wheel_next(&m->wheel);
		if (mip6_time_is_never(next))
			return;
		if (next.us > m->now)
			m->now = next.us;
		if (model_expire_one(m))
			return;
		/* Not in vain: the next wake-up is later. */
		assert_true(mip6_time_before(next, mip6_wheel_next(&m->wheel)));
	}
	fail_msg("nothing fired in %u rounds", WHEEL_ROUNDS);
}

static void
model_advance(struct wheel_model *m)
{
	static const int64_t step[] = { 0, 1, 1000, 1024, 5000, 262144, 3000000,
		67108864, 3600000000, 17179869184, 86400000000,
		INT64_C(4398046511104), INT64_C(31557600000000) };
	int64_t most = step[model_draw(m, MIP6_COUNT(step))];
	size_t bound;

	m->now = saturating(m->now, (int64_t)model_draw(m, (uint64_t)most + 1));
	if (m->now == INT64_MAX)
		m->now--;
	for (bound = 0; bound <= WHEEL_TIMERS; bound++)
		if (!model_expire_one(m))
			return;
	fail_msg("more fired than there are");
}

/* A clock that goes back finds less, and takes nothing away. */
static void
model_go_back(struct wheel_model *m)
{
	int64_t now = m->now;

	m->now = saturating(now, -(int64_t)model_draw(m, 3000000000));
	(void)model_expire_one(m);
	m->now = now;
}

static void
model_run(int64_t start, uint64_t seed, size_t timers)
{
	struct wheel_model *m = calloc(1, sizeof(*m));
	size_t n, i;

	assert_non_null(m);
	m->seed = seed;
	m->now = start;
	m->timers = timers;
	mip6_wheel_init(&m->wheel, at(start));
	assert_true(mip6_time_is_never(mip6_wheel_next(&m->wheel)));
	assert_null(mip6_wheel_expire(&m->wheel, at(start)));
	for (n = 0; n < WHEEL_OPS; n++) {
		i = (size_t)model_draw(m, timers);
		switch (model_draw(m, 8)) {
		case 0:
			mip6_wheel_stop(&m->wheel, &m->timer[i]);
			m->armed[i] = false;
			break;
		case 1:
			model_advance(m);
			break;
		case 2:
			model_wait(m);
			break;
		case 3:
			model_go_back(m);
			break;
		default:
			model_arm(m, i, model_deadline(m));
			break;
		}
		model_check_next(m);
	}
	assert_true(m->fired > WHEEL_OPS / 20);
	free(m);
}

static void
test_model(void **state)
{
	(void)state;
	model_run(0, 1, WHEEL_TIMERS);
	model_run(0, 2, 6);
	model_run(1234567890123, 3, WHEEL_TIMERS);
	model_run(1023, 4, 3);
	/* Just before a slot boundary of the highest levels. */
	model_run((INT64_C(1) << 50) - 5000, 5, WHEEL_TIMERS);
	model_run((INT64_C(1) << 58) - 5000, 6, WHEEL_TIMERS);
	/* Near the ends of time. */
	model_run(INT64_MIN, 7, WHEEL_TIMERS);
	model_run(-3000000, 8, WHEEL_TIMERS);
}

/* An armed timer is moved, a stopped one may be stopped again. */
static void
test_move_stop(void **state)
{
	struct mip6_timer a = { 0 }, b = { 0 };
	static struct mip6_wheel w;

	(void)state;
	mip6_wheel_init(&w, at(5000));
	mip6_wheel_stop(&w, &a);
	assert_false(mip6_timer_is_armed(&a));
	mip6_wheel_arm(&w, &a, at(9000));
	mip6_wheel_arm(&w, &b, at(8000));
	mip6_wheel_arm(&w, &a, at(7000));
	assert_int_equal(w.count, 2);
	assert_true(mip6_wheel_next(&w).us == 7000);
	assert_null(mip6_wheel_expire(&w, at(6999)));
	assert_ptr_equal(mip6_wheel_expire(&w, at(7000)), &a);
	assert_null(mip6_wheel_expire(&w, at(7000)));
	mip6_wheel_arm(&w, &b, MIP6_TIME_NEVER);
	assert_false(mip6_timer_is_armed(&b));
	assert_int_equal(w.count, 0);
	assert_null(mip6_wheel_expire(&w, at(INT64_MAX - 1)));
	/* Time that goes back finds nothing, and loses nothing. */
	mip6_wheel_arm(&w, &b, at(20000));
	assert_null(mip6_wheel_expire(&w, at(19999)));
	assert_ptr_equal(mip6_wheel_expire(&w, at(20000)), &b);
}

/*
 * The timers of the next slot of a higher level are moved down by every
 * expire, a few each, so that no wake-up finds them all.
 */
static void
test_moved_ahead(void **state)
{
	static struct mip6_timer timer[1000];
	static struct mip6_wheel w;
	uint64_t first = 0, used = 0;
	size_t i, word;

	(void)state;
	mip6_wheel_init(&w, at(0));
	for (i = 0; i < MIP6_COUNT(timer); i++)
		mip6_wheel_arm(&w, &timer[i],
		    at((int64_t)(512 + i % 256) * WHEEL_TICK));
	for (i = 0; i < 70; i++) {
		assert_null(mip6_wheel_expire(&w, at(256 * WHEEL_TICK)));
		for (used = 0, word = 0; word < MIP6_COUNT(w.used[1]); word++)
			used |= w.used[1][word];
		if (i == 0)
			first = used;
	}
	assert_true(first != 0);
	assert_true(used == 0);
}

struct wheel_many {
	struct mip6_wheel wheel;
	struct mip6_timer timer[WHEEL_MANY];
};

static struct wheel_many *
many_new(void)
{
	struct wheel_many *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	mip6_wheel_init(&m->wheel, at(0));
	return m;
}

/*
 * All that fire at `now` come in order and were not due before `earliest`; the
 * last one is *last.
 */
static size_t
many_expire(struct wheel_many *m, int64_t earliest, int64_t now,
    const struct mip6_timer **last)
{
	const struct mip6_timer *t;
	size_t fired = 0;

	while ((t = mip6_wheel_expire(&m->wheel, at(now))) != NULL) {
		assert_true(t->deadline.us >= earliest);
		assert_true(t->deadline.us <= now);
		assert_true(*last == NULL ||
		    t->deadline.us > (*last)->deadline.us ||
		    (t->deadline.us == (*last)->deadline.us && t > *last));
		*last = t;
		fired++;
		assert_true(fired <= WHEEL_MANY);
	}
	return fired;
}

/* Deadlines over 420 s; the host wakes up when the wheel says. */
static void
test_many_spread(void **state)
{
	struct wheel_many *m = many_new();
	const struct mip6_timer *last = NULL;
	size_t i, fired = 0, rounds = 0;
	struct mip6_time next;
	uint64_t seed = 11;

	(void)state;
	for (i = 0; i < WHEEL_MANY; i++)
		mip6_wheel_arm(&m->wheel, &m->timer[i],
		    at((int64_t)(support_draw(&seed) % 420000000)));
	assert_int_equal(m->wheel.count, WHEEL_MANY);
	while (!mip6_time_is_never(next = mip6_wheel_next(&m->wheel))) {
		fired += many_expire(m, next.us, next.us, &last);
		rounds++;
		assert_true(rounds <= WHEEL_ROUNDS * (size_t)WHEEL_MANY);
	}
	assert_int_equal(fired, WHEEL_MANY);
	assert_int_equal(m->wheel.count, 0);
	free(m);
}

/* A million in one microsecond, in the order of arming. */
static void
many_equal(int64_t deadline)
{
	struct wheel_many *m = many_new();
	const struct mip6_timer *last = NULL;
	size_t i;

	for (i = 0; i < WHEEL_MANY; i++)
		mip6_wheel_arm(&m->wheel, &m->timer[i], at(deadline));
	assert_true(mip6_wheel_next(&m->wheel).us <= deadline);
	assert_int_equal(many_expire(m, INT64_MIN, deadline - 1, &last), 0);
	assert_int_equal(many_expire(m, deadline, deadline, &last), WHEEL_MANY);
	free(m);
}

static void
test_many_equal(void **state)
{
	(void)state;
	many_equal(INT64_C(30) * 86400 * 1000000);
	many_equal(300000);
	many_equal(-1);
}

/* The past, newest deadline first: sorted when it is asked for. */
static void
test_many_past(void **state)
{
	struct wheel_many *m = many_new();
	const struct mip6_timer *last = NULL;
	uint64_t seed = 13;
	size_t i;

	(void)state;
	for (i = 0; i < WHEEL_MANY; i++)
		mip6_wheel_arm(&m->wheel, &m->timer[i],
		    at(-(int64_t)(support_draw(&seed) % 1000000)));
	assert_int_equal(many_expire(m, INT64_MIN, 0, &last), WHEEL_MANY);
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_move_stop),
		cmocka_unit_test(test_moved_ahead),
		cmocka_unit_test(test_many_spread),
		cmocka_unit_test(test_many_equal),
		cmocka_unit_test(test_many_past),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
