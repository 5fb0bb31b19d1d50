/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time in ticks of 1,024 us is read as a number in base 256; a slot of level L
 * is what that number is without its last L digits.  Each level has a ring of
 * 512 slots, the ones that follow the wheel's own; a timer lies on the lowest
 * level whose ring reaches it, and seven levels reach every deadline there is.
 *
 * The wheel's tick only moves to where the first slot in use begins, whose
 * timers are then placed anew: on a lower level, or, when their tick is the
 * wheel's, among the due ones.  Because a ring covers two slots of the level
 * above, the timers of the next slot up fit already; each expire moves a few
 * of them ahead, so that no single one has to move a hundred thousand.
 *
 * Due timers are in two lists: what came since the last expire, in no order
 * (arming stays cheap), and the rest, sorted by deadline and arming.
 *
 * Invariants: a timer in a slot has a later tick than the wheel, and on every
 * level the wheel's own slot is empty.
 */
#include "base/wheel.h"

#include <limits.h>
#include <string.h>

#define WHEEL_TICK_BITS  10
#define WHEEL_DIGIT_BITS 8
#define WHEEL_SLOT_MASK  (MIP6_WHEEL_SLOTS - 1)
#define WHEEL_WORDS      (MIP6_WHEEL_SLOTS / 64)
/* Timers that one expire moves ahead of need. */
#define WHEEL_AHEAD_MAX 16
/* Timers that wheel_next looks at before it answers with a slot's start. */
#define WHEEL_LOOK_MAX 8
/* Later than every tick. */
#define WHEEL_NONE UINT64_MAX
/* Bins of a merge sort: one for each bit of the number of timers. */
#define WHEEL_BINS 48

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

/* The number of the slot of `level` that `tick` is in. */
static uint64_t
wheel_slot(uint64_t tick, unsigned int level)
{
	return tick >> (level * WHEEL_DIGIT_BITS);
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
	unsigned int level = 0;
	size_t index;

	if (tick <= w->tick) {
		wheel_push(&w->fresh, t);
		return;
	}
	while (wheel_slot(tick, level) - wheel_slot(w->tick, level) >=
	    MIP6_WHEEL_SLOTS)
		level++;
	index = wheel_slot(tick, level) & WHEEL_SLOT_MASK;
	w->used[level][index / 64] |= UINT64_C(1) << index % 64;
	wheel_push(&w->slot[level][index], t);
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
	t->arming = w->armings++;
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

/* Must `a` fire before `b`? */
static bool
wheel_before(const struct mip6_timer *a, const struct mip6_timer *b)
{
	if (a->deadline.us != b->deadline.us)
		return mip6_time_before(a->deadline, b->deadline);
	/* Numbers wrap; those of one moment are near each other. */
	return (int32_t)(a->arming - b->arming) < 0;
}

/* Merges two sorted lists. */
static struct mip6_timer *
wheel_merge(struct mip6_timer *a, struct mip6_timer *b)
{
	struct mip6_timer *head = NULL;
	struct mip6_timer **end = &head;
	struct mip6_timer **from;

	while (a != NULL && b != NULL) {
		from = wheel_before(a, b) ? &a : &b;
		*end = *from;
		end = &(*from)->next;
		*from = *end;
	}
	*end = a != NULL ? a : b;
	return head;
}

/*
 * Sorts a list; bin i holds nothing or a sorted list of 2^i timers.  The back
 * links are left to the caller.
 */
static struct mip6_timer *
wheel_sort(struct mip6_timer *list)
{
	struct mip6_timer *bin[WHEEL_BINS] = { NULL };
	struct mip6_timer *sorted = NULL;
	struct mip6_timer *t;
	size_t i;

	while (list != NULL) {
		t = list;
		list = t->next;
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

/*
 * How many slots after the wheel's own the first one in use on `level` is; 0
 * when none is.
 */
static unsigned int
wheel_scan(const struct mip6_wheel *w, unsigned int level)
{
	unsigned int own = (unsigned int)wheel_slot(w->tick, level);
	unsigned int from = (own + 1) & WHEEL_SLOT_MASK;
	unsigned int i, word;
	uint64_t bits;

	/* The first word is looked at twice, the second time for its rest. */
	for (i = 0; i <= WHEEL_WORDS; i++) {
		word = (from / 64 + i) % WHEEL_WORDS;
		bits = w->used[level][word];
		if (i == 0)
			bits &= UINT64_MAX << from % 64;
		if (bits != 0)
			return (word * 64 +
				   (unsigned int)__builtin_ctzll(bits) - own) &
			    WHEEL_SLOT_MASK;
	}
	return 0;
}

/* The first slot in use on `level` and its first tick; NULL: none is. */
static const struct mip6_timer *
wheel_first_of(const struct mip6_wheel *w, unsigned int level, uint64_t *start)
{
	unsigned int after = wheel_scan(w, level);
	uint64_t slot = wheel_slot(w->tick, level) + after;

	if (after == 0)
		return NULL;
	*start = slot << (level * WHEEL_DIGIT_BITS);
	return w->slot[level][slot & WHEEL_SLOT_MASK];
}

/* The tick at which the first slot in use begins; WHEEL_NONE: none is. */
static uint64_t
wheel_first(const struct mip6_wheel *w)
{
	uint64_t first = WHEEL_NONE;
	unsigned int level;
	uint64_t start;

	for (level = 0; level < MIP6_WHEEL_LEVELS; level++)
		if (wheel_first_of(w, level, &start) != NULL && start < first)
			first = start;
	return first;
}

/* Places up to `max` timers of a slot anew; returns how many. */
static unsigned int
wheel_drain(struct mip6_wheel *w, struct mip6_timer *const *slot,
    unsigned int max)
{
	struct mip6_timer *t;
	unsigned int count;

	for (count = 0; count < max && *slot != NULL; count++) {
		t = *slot;
		wheel_unlink(w, t);
		wheel_put(w, t);
	}
	return count;
}

/* Moves the wheel to where a slot begins, and the timers of that slot. */
static void
wheel_enter(struct mip6_wheel *w, uint64_t start)
{
	unsigned int level;

	w->tick = start;
	for (level = 0; level < MIP6_WHEEL_LEVELS; level++)
		(void)wheel_drain(w,
		    &w->slot[level][wheel_slot(start, level) & WHEEL_SLOT_MASK],
		    UINT_MAX);
}

/* Moves a few timers of the next slots down before it must be done at once. */
static void
wheel_move_ahead(struct mip6_wheel *w)
{
	unsigned int left = WHEEL_AHEAD_MAX;
	unsigned int level;
	uint64_t slot;

	for (level = 1; level < MIP6_WHEEL_LEVELS; level++) {
		slot = wheel_slot(w->tick, level) + 1;
		left -= wheel_drain(w, &w->slot[level][slot & WHEEL_SLOT_MASK],
		    left);
	}
}

struct mip6_timer *
mip6_wheel_expire(struct mip6_wheel *w, struct mip6_time now)
{
	uint64_t tick = wheel_tick(now);
	struct mip6_timer *t;
	uint64_t start;

	for (wheel_settle(w); w->due == NULL; wheel_settle(w)) {
		start = wheel_first(w);
		if (start > tick) {
			/* No slot begins before: nothing to place anew. */
			if (tick > w->tick)
				w->tick = tick;
			wheel_move_ahead(w);
			return NULL;
		}
		wheel_enter(w, start);
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
	struct mip6_time next = MIP6_TIME_NEVER;
	const struct mip6_timer *t;
	unsigned int level, looked;
	struct mip6_time soonest;
	uint64_t start;

	if (w->due != NULL)
		next = w->due->deadline;
	for (t = w->fresh; t != NULL; t = t->next)
		next = mip6_time_min(next, t->deadline);
	if (!mip6_time_is_never(next))
		return next; /* a slot's timers are later */
	for (level = 0; level < MIP6_WHEEL_LEVELS; level++) {
		soonest = MIP6_TIME_NEVER;
		t = wheel_first_of(w, level, &start);
		for (looked = 0; t != NULL && looked < WHEEL_LOOK_MAX;
		     looked++) {
			soonest = mip6_time_min(soonest, t->deadline);
			t = t->next;
		}
		/* Too many to look at: the slot's beginning is never late. */
		if (t != NULL)
			soonest = wheel_time(start);
		next = mip6_time_min(next, soonest);
	}
	return next;
}
