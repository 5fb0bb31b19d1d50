/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The utun's packets as octets: the four in front that name the family, what
 * is for the host itself and goes back, and reads and writes that are short,
 * too long, or fail.
 *
 * Links: darwin path
 */
#include "darwin_fake.h"

#include "mip6/pkt.h"
#include "platform/darwin/darwin.h"

#define TUN_PKTS   16
#define TUN_HEADER 40
#define TUN_DST    24

static const uint8_t inet6[4] = { 0, 0, 0, 30 };
static const uint8_t inet4[4] = { 0, 0, 0, 2 };
static const struct mip6_addr own = { { 0x20, 1, 0xd, 0xb8, 1, [15] = 1 } };
static const struct mip6_addr other = { { 0x20, 1, 0xd, 0xb8, 3, [15] = 3 } };

struct tun {
	struct support_heap heap;
	struct mip6_plat plat; /* as much of it as opening a utun needs */
	struct mip6_port *port;
	struct mip6_pool *pool;
	struct mip6_pkt *pkt[TUN_PKTS];
};

static bool
is_own(const void *arg, const struct mip6_addr *a)
{
	(void)arg;
	return mip6_addr_equal(a, &own);
}

static int
setup(void **state)
{
	struct tun *t = calloc(1, sizeof(*t));
	char err[128] = "";

	assert_non_null(t);
	fake_init();
	support_heap_init(&t->heap);
	t->pool = mip6_pool_new(&t->heap.alloc, TUN_PKTS, 1);
	assert_non_null(t->pool);
	t->plat.os = &mip6_os_system;
	t->plat.ask.ioctl_fd = fake_open(FAKE_INET6);
	if (mip6_tun_open(&t->plat, err, sizeof(err)) != 0)
		fail_msg("%s", err);
	t->plat.tun.is_own = is_own;
	t->port = &t->plat.tun.port;
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct tun *t = *state;

	mip6_tun_close(&t->plat);
	assert_int_equal(mip6_pool_out(t->pool), 0);
	mip6_pool_free(t->pool);
	free(t);
	return 0;
}

/* The kernel has a packet for us: its family, and `count` octets to `dst`. */
static void
comes(const struct tun *t, const uint8_t family[4], const struct mip6_addr *dst,
    size_t count)
{
	uint8_t octets[FAKE_OCTETS] = { 0 };
	size_t i;

	assert_true(count + 4 <= sizeof(octets));
	memcpy(octets, family, 4);
	for (i = 0; i < count; i++)
		octets[4 + i] = (uint8_t)i;
	octets[4] = 0x60;
	if (count >= TUN_HEADER)
		memcpy(octets + 4 + TUN_DST, dst->b, sizeof(dst->b));
	fake_queue(t->port->fd, octets, 4 + count);
}

static size_t
takes(struct tun *t, size_t n)
{
	return t->port->ops->recv(t->port, t->pool, t->pkt, n);
}

static void
gives_back(struct tun *t, size_t n)
{
	while (n > 0)
		mip6_pool_put(t->pool, t->pkt[--n]);
}

static void
test_in(void **state)
{
	struct tun *t = *state;
	const uint8_t *octets;
	size_t i;

	comes(t, inet6, &other, 100);
	comes(t, inet4, &other, 100);
	comes(t, inet6, &other, TUN_HEADER);
	assert_int_equal(takes(t, TUN_PKTS), 2);
	assert_int_equal(t->pkt[0]->count, 100);
	assert_int_equal(t->pkt[0]->ifindex, 0);
	octets = mip6_pkt_octets(t->pkt[0]);
	assert_int_equal(octets[0], 0x60);
	assert_memory_equal(octets + TUN_DST, other.b, sizeof(other.b));
	for (i = TUN_HEADER; i < 100; i++)
		assert_int_equal(octets[i], i);
	assert_int_equal(t->pkt[1]->count, TUN_HEADER);
	gives_back(t, 2);
	assert_int_equal(t->port->received, 2);
	assert_int_equal(t->port->failed + t->port->overflowed, 0);
	assert_int_equal(fake.written.count, 0);
	assert_int_equal(takes(t, TUN_PKTS), 0);
}

static void
test_out(void **state)
{
	struct tun *t = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		t->pkt[i] = mip6_pool_get(t->pool, 60);
		assert_non_null(t->pkt[i]);
		memset(mip6_pkt_octets(t->pkt[i]), (int)(0x60 + i), 60);
		t->pkt[i]->count = 60;
	}
	/* All pass to the port, taken by the kernel or not. */
	fake.fail_at = fake.calls + 1;
	fake.fail_errno = ENOBUFS;
	assert_int_equal(t->port->ops->send(t->port, t->pool, t->pkt, 2), 1);
	assert_int_equal(fake.written.count, 64);
	assert_memory_equal(fake.written.octets, inet6, 4);
	for (i = 4; i < 64; i++)
		assert_int_equal(fake.written.octets[i], 0x61);
	assert_int_equal(t->port->sent, 1);
	assert_int_equal(t->port->failed, 1);
}

/* Out of the utun to an address of the utun: back, whole, and seen by none. */
static void
test_for_itself(void **state)
{
	struct tun *t = *state;
	size_t i;

	comes(t, inet6, &own, 90);
	comes(t, inet6, &other, 80);
	assert_int_equal(takes(t, TUN_PKTS), 1);
	assert_int_equal(t->pkt[0]->count, 80);
	gives_back(t, 1);
	assert_int_equal(fake.written.count, 94);
	assert_memory_equal(fake.written.octets, inet6, 4);
	assert_int_equal(fake.written.octets[4], 0x60);
	assert_memory_equal(fake.written.octets + 4 + TUN_DST, own.b, 16);
	for (i = TUN_HEADER; i < 90; i++)
		assert_int_equal(fake.written.octets[4 + i], i);
	assert_int_equal(t->port->received, 1);
	/* One that cannot go back is lost, and counted. */
	comes(t, inet6, &own, 90);
	fake.fail_at = fake.calls + 2;
	fake.fail_errno = ENOBUFS;
	assert_int_equal(takes(t, TUN_PKTS), 0);
	assert_string_equal(fake.failed, "writev");
	assert_int_equal(t->port->failed, 1);
	/* Nothing else of the loop is for a family that is not ours. */
	fake.written.count = 0;
	comes(t, inet4, &own, 90);
	assert_int_equal(takes(t, TUN_PKTS), 0);
	assert_int_equal(fake.written.count, 0);
}

/* The host talks to itself without end: we do not listen without end. */
static void
test_bounded(void **state)
{
	struct tun *t = *state;
	size_t i;

	for (i = 0; i < 12; i++)
		comes(t, inet6, &own, 60);
	assert_int_equal(takes(t, 4), 0);
	assert_int_equal(fake.queued, 4);
	assert_int_equal(takes(t, 4), 0);
	assert_int_equal(fake.queued, 0);
	for (i = 0; i < 6; i++)
		comes(t, inet6, &other, 60);
	assert_int_equal(takes(t, 4), 4);
	gives_back(t, 4);
	assert_int_equal(takes(t, 4), 2);
	gives_back(t, 2);
}

static void
test_short(void **state)
{
	struct tun *t = *state;
	size_t n;

	/* What lies in the buffers from before must not speak for them. */
	comes(t, inet6, &own, 60);
	assert_int_equal(takes(t, 1), 0);
	fake.written.count = 0;
	for (n = 1; n <= 4; n++) {
		fake_queue(t->port->fd, inet6, n);
		assert_int_equal(takes(t, TUN_PKTS), 0);
		assert_int_equal(fake.queued, 0);
	}
	for (n = 1; n < TUN_HEADER; n++) {
		comes(t, inet6, &own, n);
		assert_int_equal(takes(t, TUN_PKTS), 1);
		assert_int_equal(t->pkt[0]->count, n);
		gives_back(t, 1);
	}
	assert_int_equal(fake.written.count, 0);
	assert_int_equal(t->port->failed + t->port->overflowed, 0);
}

/* What does not fit is counted and left out; the next one is whole. */
static void
test_long(void **state)
{
	struct tun *t = *state;
	size_t n;

	for (n = MIP6_PKT_OCTETS; n <= MIP6_PKT_OCTETS + 2; n++) {
		comes(t, inet6, &own, n);
		comes(t, inet6, &other, MIP6_PKT_OCTETS - 1);
		assert_int_equal(takes(t, TUN_PKTS), 1);
		assert_int_equal(t->pkt[0]->count, MIP6_PKT_OCTETS - 1);
		gives_back(t, 1);
		assert_int_equal(t->port->overflowed, n - MIP6_PKT_OCTETS + 1);
	}
	assert_int_equal(fake.written.count, 0);
	/* With a larger MTU there is more room. */
	t->plat.tun.mtu = 9000;
	comes(t, inet6, &other, MIP6_PKT_OCTETS + 2);
	assert_int_equal(takes(t, TUN_PKTS), 1);
	assert_int_equal(t->pkt[0]->count, MIP6_PKT_OCTETS + 2);
	gives_back(t, 1);
}

static void
test_fails(void **state)
{
	struct tun *t = *state;
	static const int quiet[] = { EAGAIN, EINTR };
	struct mip6_pkt *big, *none = NULL;
	size_t i, n;

	for (i = 0; i < MIP6_COUNT(quiet); i++) {
		fake.fail_at = fake.calls + 1;
		fake.fail_errno = quiet[i];
		assert_int_equal(takes(t, TUN_PKTS), 0);
	}
	assert_int_equal(t->port->failed, 0);
	fake.fail_at = fake.calls + 1;
	fake.fail_errno = EIO;
	assert_int_equal(takes(t, TUN_PKTS), 0);
	assert_int_equal(t->port->failed, 1);
	/* No buffer: it is still there when there is one again. */
	for (n = 0; n < TUN_PKTS; n++) {
		t->pkt[n] = mip6_pool_get(t->pool, 100);
		assert_non_null(t->pkt[n]);
	}
	comes(t, inet6, &other, 60);
	big = mip6_pool_get(t->pool, MIP6_PKT_BIG_OCTETS);
	assert_non_null(big);
	assert_int_equal(t->port->ops->recv(t->port, t->pool, &none, 1), 0);
	assert_int_equal(t->port->overflowed, 1);
	mip6_pool_put(t->pool, big);
	gives_back(t, TUN_PKTS);
	assert_int_equal(takes(t, TUN_PKTS), 1);
	gives_back(t, 1);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_in),
		CASE(test_out),
		CASE(test_for_itself),
		CASE(test_bounded),
		CASE(test_short),
		CASE(test_long),
		CASE(test_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
