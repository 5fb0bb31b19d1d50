/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registration with a correspondent: the update, what each answer does, and
 * what else a correspondent may say.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

/* Both tests answered, the update sent. */
static struct ro_fix *
asked(void)
{
	struct ro_fix *f = ro_new();

	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	ro_cot(f);
	assert_int_equal(f->bus, 1);
	assert_int_equal(ro_entry(f)->state, RO_UPDATING);
	return f;
}

static void
test_update(void **state)
{
	struct ro_fix *f = asked();
	struct mip6_addr hoa = fix_addr(FIX_HOA), peer = fix_addr(FIX_PEER);

	(void)state;
	/* R11.7.2-08. */
	assert_true(mip6_addr_equal(&f->bu_ip.ip.src, &home(&f->x)->at.coa));
	assert_true(mip6_addr_equal(&f->bu_ip.ip.dst, &peer));
	assert_true(f->bu_ip.has_hao);
	assert_true(mip6_addr_equal(&f->bu_ip.hao, &hoa));
	assert_true(f->bu.u.bu.ack);
	assert_false(
	    f->bu.u.bu.home || f->bu.u.bu.link_local || f->bu.u.bu.key);
	assert_true(f->bu.opt.has_nonce_indices && f->bu.opt.has_auth_data);
	/* R5.2.6-02: tested is the source, and no other address is named. */
	assert_false(f->bu.opt.has_alt_coa || f->bu.opt.has_mn_ha);
	assert_true(ro_bu_right(f));
	/* R5.2.6-01, R11.7.2-05: 420 s at the most. */
	assert_int_equal(f->bu.u.bu.lifetime.us, MIP6_SPAN_S(420).us);
	ro_end(f);
}

/* R11.7.2-05: no longer than the home registration, or the prefix. */
static void
test_lifetime(void **state)
{
	struct ro_fix *f = ro_new();

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(400));
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	ro_cot(f);
	assert_int_equal(f->bu.u.bu.lifetime.us, MIP6_SPAN_S(200).us);
	ro_end(f);

	f = ro_new();
	home(&f->x)->bound->bul.expires.us += 7200000000;
	router_onlink(f->x.node, FIX_IFINDEX, &home(&f->x)->at.coa)->valid =
	    mip6_time_add(f->x.now.boot, MIP6_SPAN_S(43));
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	ro_cot(f);
	assert_int_equal(f->bu.u.bu.lifetime.us, MIP6_SPAN_S(40).us);
	ro_end(f);
}

/* R11.8-03, -06: doubled, newer each time; then the correspondent is left. */
static void
test_retransmission(void **state)
{
	struct ro_fix *f = asked();
	struct mip6_time last = f->bu_at;
	uint16_t seq = f->bu.u.bu.seq;
	struct direct_mine to;

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_MS(1000));
	assert_int_equal(f->bus, 2);
	assert_int_equal(f->bu_at.us - last.us, 1000000);
	assert_int_equal(f->bu.u.bu.seq, (uint16_t)(seq + 1));
	fix_wait(&f->x, MIP6_SPAN_MS(2000));
	assert_int_equal(f->bus, 3);
	assert_false(ro_entry(f)->failing);
	fix_wait(&f->x, MIP6_SPAN_MS(4000));
	/* It may have it: told on, ever more slowly, no packet goes there. */
	assert_true(ro_entry(f)->failing);
	assert_int_equal(f->bus, 4);
	fix_wait(&f->x, MIP6_SPAN_MS(8000));
	assert_int_equal(f->bus, 5);
	ro_ba(f, MIP6_BA_ACCEPTED, true, -1); /* of the one before */
	assert_int_equal(ro_entry(f)->state, RO_BOUND);
	assert_true(ro_mine(f, &to));
	fix_wait(&f->x, MIP6_SPAN_S(40));
	assert_int_equal(f->bus, 5); /* R11.7.3-02 */
	ro_end(f);
}

/* R11.7.3-01: each of its tests alone. */
static void
test_refused_answers(void **state)
{
	const struct ro_from from = { .rh2 = true };
	struct ro_fix *f = asked();
	struct mh_kbm k = ro_kbm(f);
	struct direct_mine to;
	struct mip6_mh m;

	(void)state;
	ro_ba(f, MIP6_BA_ACCEPTED, false, 0);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_AUTH_MISSING), 1);
	/* Nor is a 135 of anybody believed (R11.7.3-05). */
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, false, 500);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_AUTH_MISSING), 2);
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BA;
	m.u.ba.seq = f->bu.u.bu.seq;
	m.u.ba.lifetime = MIP6_SPAN_S(420);
	k.key[19] ^= 1;
	ro_give(f, &m, &from, &f->bu_ip.ip.src, &k);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_AUTH_FAIL), 1);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 1);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_SEQUENCE), 1);
	/* A lifetime of 0 makes no binding. */
	k.key[19] ^= 1;
	m.u.ba.lifetime = MIP6_SPAN_S(0);
	ro_give(f, &m, &from, &f->bu_ip.ip.src, &k);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_LIFETIME), 1);
	assert_int_equal(ro_entry(f)->state, RO_UPDATING);
	assert_false(ro_mine(f, &to));
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	/* Once more is once too often. */
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_SEQUENCE), 2);
	ro_end(f);
}

/* A shorter life than asked for; R11.7.3-08: its advice is not heard. */
static void
test_granted(void **state)
{
	const struct ro_from from = { .rh2 = true };
	struct ro_fix *f = asked();
	struct mh_kbm k = ro_kbm(f);
	struct mip6_time sent = f->bu_at;
	struct mip6_mh m;

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_MS(300));
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BA;
	m.u.ba.seq = f->bu.u.bu.seq;
	m.u.ba.lifetime = MIP6_SPAN_S(100);
	m.opt.has_refresh_advice = true;
	m.opt.refresh_advice = MIP6_SPAN_S(4);
	ro_give(f, &m, &from, &f->bu_ip.ip.src, &k);
	assert_int_equal(ro_entry(f)->bul.expires.us, sent.us + 100000000);
	fix_wait(&f->x, MIP6_SPAN_S(49));
	assert_false(ro_entry(f)->asked);
	assert_int_equal(f->hotis + f->cotis + f->bus, 3);
	ro_end(f);
}

static void
test_statuses(void **state)
{
	struct ro_fix *f = asked();
	uint16_t seq;

	(void)state;
	/* 135: from its number on, with the tokens there are. */
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 1000);
	assert_int_equal(f->bus, 2);
	assert_int_equal(f->hotis + f->cotis, 2);
	seq = f->bu.u.bu.seq;
	assert_int_equal(seq, (uint16_t)(ro_entry(f)->bul.seq));
	/* 136: the home test, and no other. */
	ro_ba(f, MIP6_BA_EXPIRED_HOME_NONCE, false, 0);
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 1);
	ro_hot(f);
	assert_int_equal(f->bus, 3);
	/* 137: the care-of test. */
	ro_ba(f, MIP6_BA_EXPIRED_COA_NONCE, false, 0);
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 2);
	fix_wait(&f->x, MIP6_SPAN_MS(500));
	ro_cot(f);
	fix_wait(&f->x, MIP6_SPAN_MS(600)); /* three updates a second */
	assert_int_equal(f->bus, 4);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_BOUND);
	ro_end(f);

	/* 138: both; a wrong number changes nothing. */
	f = asked();
	ro_ba(f, MIP6_BA_EXPIRED_NONCES, false, 1);
	assert_int_equal(f->hotis + f->cotis, 2);
	ro_ba(f, MIP6_BA_EXPIRED_NONCES, false, 0);
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 2);
	ro_end(f);

	/* R11.7.3-07: for good. */
	f = asked();
	ro_ba(f, MIP6_BA_ADMIN_PROHIBITED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	assert_int_equal(ro_entry(f)->last_status, MIP6_BA_ADMIN_PROHIBITED);
	fix_wait(&f->x, MIP6_SPAN_S(30));
	assert_int_equal(f->bus, 1);
	ro_end(f);
}

/* Two who take turns at a refusal do so three times. */
static void
test_corrections(void **state)
{
	struct ro_fix *f = asked();
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 100);
		fix_wait(&f->x, MIP6_SPAN_MS(400));
		assert_int_equal(f->bus, i + 2);
	}
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 100);
	fix_wait(&f->x, MIP6_SPAN_S(20));
	assert_int_equal(f->bus, 4);
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	ro_end(f);
}

/* The network made two of one update: what answers the second is no refusal. */
static void
test_twice(void **state)
{
	struct ro_fix *f = asked();
	struct direct_mine to;

	(void)state;
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 0);
	assert_int_equal(f->bus, 1);
	assert_int_equal(ro_entry(f)->state, RO_UPDATING);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_SEQUENCE), 1);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	ro_end(f);
	/* The first one's answer was lost: it is sent again in its time. */
	f = asked();
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 0);
	fix_wait(&f->x, MIP6_SPAN_MS(1500));
	assert_int_equal(f->bus, 2);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* A refusal that came late or twice: what it teaches is known already. */
static void
test_taught_twice(void **state)
{
	struct ro_fix *f = asked();
	uint16_t seq;
	int i;

	(void)state;
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 1000);
	assert_int_equal(f->bus, 2);
	seq = f->bu.u.bu.seq;
	for (i = 0; i < 4; i++)
		ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, -1);
	assert_int_equal(f->bus, 2);
	assert_int_equal(ro_entry(f)->state, RO_UPDATING);
	assert_int_equal(f->bu.u.bu.seq, seq);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_BOUND);
	ro_end(f);
}

/* R11.8-05: nor more than three updates a second. */
static void
test_rate(void **state)
{
	struct ro_fix *f = asked();

	(void)state;
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 100);
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 100);
	assert_int_equal(f->bus, 3);
	ro_ba(f, MIP6_BA_SEQ_OUT_OF_WINDOW, true, 100);
	assert_int_equal(f->bus, 3);
	fix_wait(&f->x, MIP6_SPAN_MS(999));
	assert_int_equal(f->bus, 3);
	fix_wait(&f->x, MIP6_SPAN_MS(1));
	assert_int_equal(f->bus, 4);
	ro_end(f);
}

static void
error(struct ro_fix *f, const char *src, const char *hoa, uint8_t status,
    const struct mip6_addr *dst)
{
	const struct ro_from from = { .src = src };
	struct mip6_mh m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BE;
	m.u.be.status = status;
	m.u.be.hoa = fix_addr(hoa);
	ro_give(f, &m, &from, dst, NULL);
}

/* R11.3.6-03: the entry is gone, the tunnel has the packets; then again. */
static void
test_unknown_binding(void **state)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	error(f, "2001:db8:c::101", FIX_HOA, 1, &f->coti_src);
	assert_true(ro_mine(f, &to));
	/* About a packet from elsewhere, that was under way at a move. */
	error(f, FIX_PEER, FIX_HOA, 1, &hoa);
	assert_true(ro_mine(f, &to));
	error(f, FIX_PEER, "2001:db8:1::101", 1, &f->coti_src);
	assert_true(ro_mine(f, &to));
	error(f, FIX_PEER, FIX_HOA, 1, &f->coti_src);
	assert_false(ro_mine(f, &to));
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	assert_int_equal(f->hotis, 1);
	/* The tokens may be of its former life. */
	ro_hint(f, MIP6_HINT_NO_ROW);
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 2);
	ro_hot(f);
	ro_cot(f);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* R11.3.6-04: only while something is asked, and to who asked. */
static void
test_unknown_type(void **state)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	error(f, FIX_PEER, "::", 2, &f->coti_src);
	assert_true(ro_mine(f, &to));
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BE_UNEXPECTED), 1);
	ro_end(f);

	f = ro_new();
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	error(f, FIX_PEER, "::", 2, &hoa); /* answered already */
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	error(f, FIX_PEER, "::", 2, &f->coti_src);
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	assert_int_equal(ro_entry(f)->denial, RO_DENIAL_UNSUPPORTED);
	ro_end(f);

	f = ro_new();
	ro_hint(f, MIP6_HINT_NO_ROW);
	error(f, FIX_PEER, "::", 2, &hoa);
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	ro_end(f);
}

/* R11.7.4-01: renewed, with what has to be tested anew. */
static void
test_refresh_request(void **state)
{
	const struct ro_from from = { .rh2 = true };
	const struct ro_from stranger = { .rh2 = true,
		.src = "2001:db8:c::101" };
	struct ro_fix *f = ro_direct();
	struct direct_mine to;
	struct mip6_mh m;

	(void)state;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BRR;
	ro_give(f, &m, &stranger, &f->coti_src, NULL);
	assert_int_equal(f->bus, 1);
	fix_wait(&f->x, MIP6_SPAN_S(10));
	ro_give(f, &m, &from, &f->coti_src, NULL);
	assert_int_equal(f->bus, 2);
	assert_int_equal(f->hotis + f->cotis, 2);
	assert_true(ro_mine(f, &to));
	/* Asked again meanwhile: nothing more. */
	ro_give(f, &m, &from, &f->coti_src, NULL);
	assert_int_equal(f->bus, 2);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(ro_entry(f)->bul.expires.us, f->bu_at.us + 420000000);
	ro_end(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_refused_answers),
		cmocka_unit_test(test_granted),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_taught_twice),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_unknown_binding),
		cmocka_unit_test(test_unknown_type),
		cmocka_unit_test(test_refresh_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
