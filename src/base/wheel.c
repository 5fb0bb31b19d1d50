/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time in ticks of 1,024 us is read as a number in base 256.  A timer lies on
 * the level of the highest digit in which its tick differs from the wheel's,
 * in the slot of that digit; so a level-0 slot is one tick, a level-1 slot
 * 256, and seven levels hold every deadline there is.
 *
 * The wheel's tick only moves to the beginning of the first slot in use, whose
 * timers are then placed anew: one level down, or, when their tick is the
 * wheel's, among the due ones.  Timers armed for the wheel's tick or before
 * go there directly.  Due timers are kept in two lists: what came since the
 * last expire, newest first (arming stays cheap), and the rest, sorted.
 *
 * Invariants: a timer in a slot has a later tick than the wheel; slots of a
 * lower level come before all slots of a higher one; a slot's list has the
 * newest first, so a list taken from behind is in the order of arming.
 */
#include "base/wheel.h"

#include <string.h>

#define WHEEL_TICK_BITS  10
#define WHEEL_DIGIT_BITS 8
#define WHEEL_DIGIT_MASK (MIP6_WHEEL_SLOTS - 1)
#define WHEEL_WORDS      (MIP6_WHEEL_SLOTS / 64)
/* Timers that wheel_next looks at before it answers with a slot's start. */
#define WHEEL_LOOK_MAX 8
/* Bins of a merge sort: one for each bit of the number of timers. */
#define WHEEL_BINS 48

/* A slot, and the first tick of it. */
struct wheel_at {
	unsigned int level;
	unsigned int digit;
	uint64_t start;
};

/* Ticks count from the earliest time there is: never negative. */
static uint64_t
wheel_tick(struct mip6_time t)
{
	return ((uint64_t)t.us ^ UINT64_C(1) << 63) >> WHEEL_TICK_BITS;
}

/* The first microsecond of a tick. */
static struct mip6_time
wheel_time(uint64_t tick)
{
	uint64_t us = tick << WHEEL_TICK_BITS;

	if (us >> 63 == 0)
		return (struct mip6_time){ INT64_MIN + (int64_t)us };
	return (struct mip6_time){ (int64_t)(us ^ UINT64_C(1) << 63) };
}

static unsigned int
wheel_digit(uint64_t tick, unsigned int level)
{
	return (unsigned int)(tick >> (level * WHEEL_DIGIT_BITS)) &
	    WHEEL_DIGIT_MASK;
}

static void
wheel_push(struct mip6_timer **head, struct mip6_timer *t)
{
	t->next = *head;
	if (t->next != NULL)
		t->next->link = &t->next;
	*head = t;
	t->link = head;
}

/* Puts `t`, which is in no list, where its deadline belongs. */
static void
wheel_put(struct mip6_wheel *w, struct mip6_timer *t)
{
	uint64_t tick = wheel_tick(t->deadline);
	unsigned int level, digit;

	if (tick <= w->tick) {
		wheel_push(&w->fresh, t);
		return;
	}
	level = (63U - (unsigned int)__builtin_clzll(tick ^ w->tick)) /
	    WHEEL_DIGIT_BITS;
	digit = wheel_digit(tick, level);
	w->used[level][digit / 64] |= UINT64_C(1) << digit % 64;
	wheel_push(&w->slot[level][digit], t);
}

/* Takes `t` out of its list; an emptied slot is no longer in use. */
static void
wheel_unlink(struct mip6_wheel *w, struct mip6_timer *t)
{
	uintptr_t offset = (uintptr_t)t->link - (uintptr_t)w->slot;
	size_t index = offset / sizeof(w->slot[0][0]);

	*t->link = t->next;
	if (t->next != NULL)
		t->next->link = t->link;
	else if (w->due_end == &t->next)
		w->due_end = t->link;
	else if (offset < sizeof(w->slot))
		w->used[index / MIP6_WHEEL_SLOTS][index % MIP6_WHEEL_SLOTS /
		    64] &= ~(UINT64_C(1) << index % 64);
	t->next = NULL;
	t->link = NULL;
}

void
mip6_wheel_init(struct mip6_wheel *w, struct mip6_time now)
{
	memset(w, 0, sizeof(*w));
	w->tick = wheel_tick(now);
	w->due_end = &w->due;
}

void
mip6_wheel_arm(struct mip6_wheel *w, struct mip6_timer *t,
    struct mip6_time deadline)
{
	mip6_wheel_stop(w, t);
	if (mip6_time_is_never(deadline))
		return;
	t->deadline = deadline;
	wheel_put(w, t);
	w->count++;
}

void
mip6_wheel_stop(struct mip6_wheel *w, struct mip6_timer *t)
{
	if (t->link == NULL)
		return;
	wheel_unlink(w, t);
	w->count--;
}

bool
mip6_timer_is_armed(const struct mip6_timer *t)
{
	return t->link != NULL;
}

/* Merges two lists in order; of equal deadlines those of `a` come first. */
static struct mip6_timer *
wheel_merge(struct mip6_timer *a, struct mip6_timer *b)
{
	struct mip6_timer *head = NULL;
	struct mip6_timer **end = &head;
	struct mip6_timer **from;

	while (a != NULL && b != NULL) {
		from = mip6_time_before(b->deadline, a->deadline) ? &b : &a;
		*end = *from;
		end = &(*from)->next;
		*from = *end;
	}
	*end = a != NULL ? a : b;
	return head;
}

/*
 * Sorts a list that has the newest first by deadline and then arming; bin i
 * holds nothing or a sorted list of 2^i timers, and a higher bin newer ones.
 * The back links are left to the caller.
 */
static struct mip6_timer *
wheel_sort(struct mip6_timer *newest)
{
	struct mip6_timer *bin[WHEEL_BINS] = { NULL };
	struct mip6_timer *sorted = NULL;
	struct mip6_timer *t;
	size_t i;

	while (newest != NULL) {
		t = newest;
		newest = t->next;
		t->next = NULL;
		for (i = 0; bin[i] != NULL; i++) {
			MIP6_ASSERT(i < WHEEL_BINS - 1);
			t = wheel_merge(t, bin[i]);
			bin[i] = NULL;
		}
		bin[i] = t;
	}
	for (i = 0; i < WHEEL_BINS; i++)
		sorted = wheel_merge(sorted, bin[i]);
	return sorted;
}

/* Brings the fresh timers into `due`. */
static void
wheel_settle(struct mip6_wheel *w)
{
	struct mip6_timer **link = &w->due;
	struct mip6_timer *t;

	if (w->fresh == NULL)
		return;
	t = wheel_sort(w->fresh);
	w->fresh = NULL;
	if (w->due == NULL || mip6_time_reached(w->due_latest, t->deadline)) {
		/* The usual case: all of them come after those there are. */
		link = w->due_end;
		*link = t;
	} else
		*link = wheel_merge(w->due, t);
	for (t = *link; t != NULL; t = t->next) {
		t->link = link;
		link = &t->next;
		w->due_latest = t->deadline;
	}
	w->due_end = link;
}

/* The first slot in use after `digit` on `level`, or MIP6_WHEEL_SLOTS. */
static unsigned int
wheel_scan(const struct mip6_wheel *w, unsigned int level, unsigned int digit)
{
	unsigned int from = digit + 1;
	unsigned int word;
	uint64_t bits;

	for (word = from / 64; word < WHEEL_WORDS; word++) {
		bits = w->used[level][word];
		if (word == from / 64)
			bits &= UINT64_MAX << from % 64;
		if (bits != 0)
			return word * 64 + (unsigned int)__builtin_ctzll(bits);
	}
	return MIP6_WHEEL_SLOTS;
}

/* The first slot in use.  false: none is. */
static bool
wheel_first(const struct mip6_wheel *w, struct wheel_at *first)
{
	unsigned int level, digit, shift;

	for (level = 0; level < MIP6_WHEEL_LEVELS; level++) {
		digit = wheel_scan(w, level, wheel_digit(w->tick, level));
		if (digit == MIP6_WHEEL_SLOTS)
			continue;
		shift = level * WHEEL_DIGIT_BITS;
		first->level = level;
		first->digit = digit;
		first->start = w->tick >> shift >> WHEEL_DIGIT_BITS;
		first->start <<= WHEEL_DIGIT_BITS;
		first->start = (first->start | digit) << shift;
		return true;
	}
	return false;
}

/* Moves the wheel to a slot and places the timers there anew. */
static void
wheel_enter(struct mip6_wheel *w, const struct wheel_at *at)
{
	struct mip6_timer **slot = &w->slot[at->level][at->digit];
	struct mip6_timer *oldest = NULL;
	struct mip6_timer *t, *next;

	/* Turned round first, to place them in the order of arming. */
	for (t = *slot; t != NULL; t = next) {
		next = t->next;
		t->next = oldest;
		oldest = t;
	}
	*slot = NULL;
	w->used[at->level][at->digit / 64] &= ~(UINT64_C(1) << at->digit % 64);
	w->tick = at->start;
	for (t = oldest; t != NULL; t = next) {
		next = t->next;
		wheel_put(w, t);
	}
}

struct mip6_timer *
mip6_wheel_expire(struct mip6_wheel *w, struct mip6_time now)
{
	uint64_t tick = wheel_tick(now);
	struct wheel_at first;
	struct mip6_timer *t;

	for (wheel_settle(w); w->due == NULL; wheel_settle(w)) {
		if (!wheel_first(w, &first) || first.start > tick) {
			/* No slot begins before: nothing to place anew. */
			if (tick > w->tick)
				w->tick = tick;
			return NULL;
		}
		wheel_enter(w, &first);
	}
	t = w->due;
	if (!mip6_time_reached(t->deadline, now))
		return NULL;
	mip6_wheel_stop(w, t);
	return t;
}

struct mip6_time
mip6_wheel_next(const struct mip6_wheel *w)
{
	struct mip6_time soonest = MIP6_TIME_NEVER;
	const struct mip6_timer *t;
	struct wheel_at first;
	unsigned int looked;

	if (w->due != NULL)
		soonest = w->due->deadline;
	for (t = w->fresh; t != NULL; t = t->next)
		soonest = mip6_time_min(soonest, t->deadline);
	if (!mip6_time_is_never(soonest) || !wheel_first(w, &first))
		return soonest;
	t = w->slot[first.level][first.digit];
	for (looked = 0; t != NULL && looked < WHEEL_LOOK_MAX; looked++) {
		soonest = mip6_time_min(soonest, t->deadline);
		t = t->next;
	}
	return t == NULL ? soonest : wheel_time(first.start);
}
