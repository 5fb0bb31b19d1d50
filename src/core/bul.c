/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Binding Update List's entry; see bul.h.
 *
 * Implements: RFC 6275 sections 9.5.1 (sequence numbers), 11.7.3, 11.8.
 */
#include "core/bul.h"

#include <string.h>

bool
mip6_seq_newer(uint16_t a, uint16_t b)
{
	uint16_t ahead = (uint16_t)(a - b);

	return ahead != 0 && ahead < 32768;
}

void
mip6_bul_init(struct mip6_bul_entry *e, uint16_t seq)
{
	int i;

	memset(e, 0, sizeof(*e));
	e->seq = seq;
	for (i = 0; i < MIP6_MAX_UPDATE_RATE; i++)
		e->sent_at[i].us = INT64_MIN;
}

struct mip6_time
mip6_bul_may_send(const struct mip6_bul_entry *e, struct mip6_time now)
{
	struct mip6_time oldest = e->sent_at[MIP6_MAX_UPDATE_RATE - 1];
	struct mip6_time at;

	if (oldest.us == INT64_MIN)
		return now;
	at = mip6_time_add(oldest, MIP6_SPAN_S(1));
	/* R11.8-05: no more than three a second. Test: test_bul */
	if (mip6_time_before(now, at))
		return at;
	return now;
}

uint16_t
mip6_bul_note_sent(struct mip6_bul_entry *e, struct mip6_time now,
    const struct mip6_addr *coa, struct mip6_span lifetime, uint64_t stamp)
{
	struct mip6_bul_sent *s = &e->sent[0];
	int i;

	for (i = 0; i < MIP6_BUL_OUTSTANDING_MAX; i++) {
		if (!e->sent[i].used) {
			s = &e->sent[i];
			break;
		}
		if (mip6_time_before(e->sent[i].at, s->at))
			s = &e->sent[i];
	}
	memmove(&e->sent_at[1], &e->sent_at[0],
	    sizeof(e->sent_at) - sizeof(e->sent_at[0]));
	e->sent_at[0] = now;
	e->seq++;
	s->used = true;
	s->seq = e->seq;
	s->at = now;
	s->lifetime = lifetime;
	s->coa = *coa;
	s->stamp = stamp;
	if (e->unanswered++ == 0)
		e->first_unanswered = now;
	return e->seq;
}

const struct mip6_bul_sent *
mip6_bul_match(const struct mip6_bul_entry *e, uint16_t seq)
{
	int i;

	for (i = 0; i < MIP6_BUL_OUTSTANDING_MAX; i++)
		if (e->sent[i].used && e->sent[i].seq == seq)
			return &e->sent[i];
	return NULL;
}

const struct mip6_bul_sent *
mip6_bul_match_stamp(const struct mip6_bul_entry *e, uint64_t stamp)
{
	int i;

	for (i = 0; i < MIP6_BUL_OUTSTANDING_MAX; i++)
		if (e->sent[i].used && e->sent[i].stamp != 0 &&
		    e->sent[i].stamp == stamp)
			return &e->sent[i];
	return NULL;
}

void
mip6_bul_acknowledge(struct mip6_bul_entry *e, const struct mip6_bul_sent *s,
    struct mip6_span granted)
{
	uint16_t seq = s->seq;
	int i;

	/* R11.7.3-03: never longer than was asked. Test: test_bul */
	if (granted.us > s->lifetime.us)
		granted = s->lifetime;
	e->coa = s->coa;
	e->granted = granted;
	e->expires = mip6_time_add(s->at, granted);
	e->unanswered = 0;
	for (i = 0; i < MIP6_BUL_OUTSTANDING_MAX; i++)
		if (e->sent[i].used && !mip6_seq_newer(e->sent[i].seq, seq))
			e->sent[i].used = false;
}

void
mip6_bul_forget_sent(struct mip6_bul_entry *e)
{
	int i;

	for (i = 0; i < MIP6_BUL_OUTSTANDING_MAX; i++)
		e->sent[i].used = false;
	e->unanswered = 0;
}

void
mip6_bul_unbind(struct mip6_bul_entry *e)
{
	e->coa = mip6_addr_any;
	e->granted.us = 0;
	e->expires.us = 0;
}

bool
mip6_bul_bound(const struct mip6_bul_entry *e, struct mip6_time now)
{
	return e->granted.us > 0 && mip6_time_before(now, e->expires);
}

void
mip6_bul_adopt(struct mip6_bul_entry *e, uint16_t seq)
{
	e->seq = seq;
}

void
mip6_bul_back_off(struct mip6_bul_entry *e)
{
	/* R11.8-03: doubled, up to MAX_BINDACK_TIMEOUT. */
	e->timeout.us *= 2;
	e->timeout = mip6_span_min(e->timeout, MIP6_MAX_BINDACK_TIMEOUT);
}
