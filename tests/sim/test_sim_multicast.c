/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node that is away and one that is at home, in one group.
 *
 * Implements (as a test of): RFC 6275 sections 10.4.2, 10.4.3 and 11.3.4.
 */
#include "base/rw.h"
#include "sim/ladder.h"
#include "wire/cksum.h"

static struct mip6_addr
group(void)
{
	return sim_addr_of("ff0e::5");
}

/* What the host of a mobile node says when an application has joined. */
static void
join(struct sim_host *h)
{
	static const uint8_t head[16] = { MIP6_NH_ICMPV6, 0, 5, 2, 0, 0, 1, 0,
		MIP6_ICMP6_MLD2_REPORT, 0, 0, 0, 0, 0, 0, 1 };
	uint8_t packet[MIP6_IP6_OCTETS + 36] = { 0 };
	struct mip6_addr g = group();
	struct mip6_ip6 ip = { .src = sim_addr_of("fe80::1234"),
		.dst = sim_addr_of("ff02::16"),
		.next_header = MIP6_NH_HOPOPTS,
		.hop_limit = 1,
		.payload_octets = 36 };

	mip6_ip6_put(packet, &ip);
	memcpy(packet + MIP6_IP6_OCTETS, head, sizeof(head));
	packet[MIP6_IP6_OCTETS + 16] = 4; /* to EXCLUDE */
	memcpy(packet + MIP6_IP6_OCTETS + 20, g.b, sizeof(g.b));
	mip6_icmp6_finish(packet + MIP6_IP6_OCTETS + 8, 28, &ip.src, &ip.dst);
	h->on_tun(h->daemon, packet, sizeof(packet));
}

/* A packet from a home address to the group. */
static void
say(struct sim_host *h, const struct mip6_addr *from)
{
	uint8_t packet[MIP6_IP6_OCTETS + 24] = { 0 };
	struct mip6_ip6 ip = { .src = *from,
		.dst = group(),
		.next_header = MIP6_NH_UDP,
		.hop_limit = 5,
		.payload_octets = 24 };

	mip6_ip6_put(packet, &ip);
	packet[MIP6_IP6_OCTETS + 5] = 24;
	assert_true(mip6_cksum_upper_set(&ip.src, &ip.dst, MIP6_NH_UDP,
	    packet + MIP6_IP6_OCTETS, 24));
	h->on_tun(h->daemon, packet, sizeof(packet));
}

/*
 * The last packet to the group with this source that `link` saw `who` send, in
 * a tunnel or not; NULL: none.
 */
static const struct sim_sight *
seen(struct ladder *l, const char *who, const char *link, bool tunnel,
    const struct mip6_addr *from)
{
	const struct mip6_ip6 *ip;
	struct mip6_addr g = group();
	const struct sim_sight *s;
	size_t i;

	for (i = l->x.count; i > 0; i--) {
		s = l->x.sight[i - 1];
		ip = tunnel ? &s->inner.ip : &s->v.ip;
		if ((s->kind == SIM_TUNNEL) == tunnel &&
		    strcmp(s->segment->name, link) == 0 &&
		    strcmp(s->from->host->name, who) == 0 &&
		    mip6_addr_equal(&ip->dst, &g) &&
		    mip6_addr_equal(&ip->src, from))
			return s;
	}
	return NULL;
}

/*
 *	mn (a)               ha               mn2 (home)
 *	 |<== query ==========|                 |
 *	 |=== report ========>|                 |
 *	 |                    |<-- to group ----|
 *	 |<== to group =======|                 |
 *	 |=== to group ======>|--- to group --->|
 *
 * One hop each way; and what it sends does not come back to it.
 */
static void
away_and_home(void **state)
{
	struct sim_world_conf c = { .mobiles = 2 };
	struct ladder *l = ladder_begin(&c);
	const struct sim_sight *s;
	struct mip6_addr hoa, hoa2;

	(void)state;
	l->w.had.conf.ha.multicast = true;
	sim_world_start(&l->w);
	hoa = l->w.mn[0].hoa;
	hoa2 = l->w.mn[1].hoa;
	sim_world_move(&l->w, 0, "a", 0);
	sim_world_move(&l->w, 1, "home", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 10 * SIM_S));
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_look_away(&l->x);
	/* Nobody has joined: nothing is tunnelled. */
	say(&l->w.mn[1].host, &hoa2);
	sim_run(&l->w.sim, SIM_S);
	assert_non_null(seen(l, "mn2", "home", false, &hoa2));
	assert_null(seen(l, "ha", "core", true, &hoa2));
	join(&l->w.mn[0].host);
	sim_run(&l->w.sim, SIM_S);
	say(&l->w.mn[1].host, &hoa2);
	sim_run(&l->w.sim, SIM_S);
	s = seen(l, "ha", "core", true, &hoa2);
	assert_non_null(s);
	assert_int_equal(s->inner.ip.hop_limit, 4);
	sim_look_away(&l->x);
	say(&l->w.mn[0].host, &hoa);
	sim_run(&l->w.sim, SIM_S);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_TUNNEL_SCOPE),
	    0);
	/* In, on link a; out, native; and not back. */
	s = seen(l, "mn", "a", true, &hoa);
	assert_non_null(s);
	assert_int_equal(s->inner.ip.hop_limit, 5);
	s = seen(l, "ha", "home", false, &hoa);
	assert_non_null(s);
	assert_int_equal(s->v.ip.hop_limit, 4);
	assert_null(seen(l, "ha", "core", true, &hoa));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(away_and_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
