/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every frame is read with the parsers of src/wire, checksums included, and
 * kept until the end of the test.
 */
#include "sim/sight.h"

#include <stdlib.h>
#include <string.h>

const char *
sim_kind_name(enum sim_kind k)
{
	static const char *const name[] = { "other", "RS", "RA", "NS", "NA",
		"BRR", "BU", "BA", "BE", "MH", "ping", "pong", "UDP", "MPS",
		"MPA", "error", "tunnel", "fragment", "bad", "any" };

	return name[k];
}

static enum sim_kind
sight_bad(struct sim_sight *s, enum mip6_parse p, const char *why)
{
	s->parse = p;
	s->why = why;
	return SIM_BAD;
}

static enum sim_kind
sight_mh(struct sim_sight *s, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	enum mip6_parse p = mip6_mh_receive(octets + v->upper_at,
	    v->upper_octets, &v->eff_src, &v->eff_dst, &s->mh, NULL);

	if (p != MIP6_PARSE_OK)
		return sight_bad(s, p, "mobility header");
	switch (s->mh.type) {
	case MIP6_MH_BRR:
		return SIM_BRR;
	case MIP6_MH_BU:
		return SIM_BU;
	case MIP6_MH_BA:
		return SIM_BA;
	case MIP6_MH_BE:
		return SIM_BE;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		break;
	}
	return SIM_MH;
}

static enum sim_kind
sight_icmp(struct sim_sight *s, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	static const enum sim_kind nd[] = { SIM_RS, SIM_RA, SIM_NS, SIM_NA };
	const uint8_t *m = octets + v->upper_at;
	enum mip6_parse p;

	p = mip6_icmp6_receive(m, v->upper_octets, &v->eff_src, &v->eff_dst,
	    &s->icmp, NULL);
	if (p != MIP6_PARSE_OK)
		return sight_bad(s, p, "ICMPv6");
	if (mip6_nd_is_nd(s->icmp.type)) {
		p = mip6_nd_receive(m, v->upper_octets, &v->ip.src, &v->ip.dst,
		    v->ip.hop_limit, &s->nd, NULL);
		if (p != MIP6_PARSE_OK)
			return sight_bad(s, p, "neighbour discovery");
		return nd[s->nd.type - MIP6_ND_RS];
	}
	if (s->icmp.type == MIP6_ICMP6_ECHO_REQUEST)
		return SIM_PING;
	if (s->icmp.type == MIP6_ICMP6_ECHO_REPLY)
		return SIM_PONG;
	if (s->icmp.type == MIP6_ICMP6_MPS || s->icmp.type == MIP6_ICMP6_MPA) {
		p = mip6_mp_read(m, v->upper_octets, &s->mp, NULL);
		if (p != MIP6_PARSE_OK)
			return sight_bad(s, p, "mobile prefix");
		return s->icmp.type == MIP6_ICMP6_MPS ? SIM_MPS : SIM_MPA;
	}
	return mip6_icmp6_is_error(s->icmp.type) ? SIM_ERROR : SIM_OTHER;
}

static enum sim_kind
sight_packet(struct sim_sight *s, struct mip6_ip6_view *v,
    const uint8_t *octets, size_t count, bool inside)
{
	enum mip6_parse p = mip6_ip6_view(octets, count, v, NULL);

	if (p != MIP6_PARSE_OK)
		return sight_bad(s, p, inside ? "inner packet" : "packet");
	if (v->octets != count)
		return sight_bad(s, MIP6_PARSE_BAD_LENGTH, "payload length");
	if (mip6_ip6_is_fragment(v))
		return SIM_FRAGMENT;
	if (v->fault != MIP6_IP6_FAULT_NONE)
		return sight_bad(s, MIP6_PARSE_BAD_VALUE,
		    mip6_ip6_fault_name(v->fault));
	switch (v->upper) {
	case MIP6_NH_MH:
		return sight_mh(s, v, octets);
	case MIP6_NH_ICMPV6:
		return sight_icmp(s, v, octets);
	case MIP6_NH_UDP:
		return SIM_UDP;
	case MIP6_NH_IPV6:
		if (inside)
			return SIM_OTHER;
		s->inner_kind = sight_packet(s, &s->inner, octets + v->upper_at,
		    v->upper_octets, true);
		return s->inner_kind == SIM_BAD ? SIM_BAD : SIM_TUNNEL;
	default:
		return SIM_OTHER;
	}
}

void
sim_sight_read(struct sim_sight *s, const uint8_t *octets, size_t count)
{
	enum mip6_parse p;

	memset(s, 0, sizeof(*s));
	s->why = "";
	s->octets = octets;
	s->count = count;
	s->inner_kind = SIM_OTHER;
	p = mip6_eth_read(octets, count, &s->eth, NULL);
	if (p != MIP6_PARSE_OK || s->eth.ethertype != MIP6_ETHERTYPE_IPV6) {
		s->kind = sight_bad(s, p, "frame");
		return;
	}
	s->kind = sight_packet(s, &s->v, octets + MIP6_ETH_OCTETS,
	    count - MIP6_ETH_OCTETS, false);
}

static void
watch_tap(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct sim_watch *x = arg;
	struct sim_sight *s = sim_alloc(sizeof(*s) + count);
	uint8_t *copy = (uint8_t *)(s + 1);

	memcpy(copy, octets, count);
	sim_sight_read(s, copy, count);
	s->at_us = x->world->sim.now_us;
	s->segment = seg;
	s->from = from;
	if (x->count == x->cap) {
		x->cap = x->cap == 0 ? 256 : x->cap * 2;
		x->sight = realloc(x->sight, x->cap * sizeof(*x->sight));
		if (x->sight == NULL)
			abort();
	}
	x->sight[x->count++] = s;
}

void
sim_watch_init(struct sim_watch *x, struct sim_world *w)
{
	memset(x, 0, sizeof(*x));
	x->world = w;
	sim_net_tap(&w->net, watch_tap, x);
}

void
sim_watch_fini(struct sim_watch *x)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		free(x->sight[i]);
	free(x->sight);
	memset(x, 0, sizeof(*x));
}

static bool
watch_matches(const struct sim_sight *s, enum sim_kind kind, const char *from,
    const char *segment)
{
	if (kind != SIM_ANY && s->kind != kind && s->inner_kind != kind)
		return false;
	if (segment != NULL && strcmp(s->segment->name, segment) != 0)
		return false;
	/* An interface is called after its host and a digit. */
	return from == NULL ||
	    (strncmp(s->from->name, from, strlen(from)) == 0 &&
		strlen(s->from->name) == strlen(from) + 1);
}

const struct sim_sight *
sim_see_on(struct sim_watch *x, enum sim_kind kind, const char *from,
    const char *segment, int64_t within_us)
{
	int64_t until_us = x->world->sim.now_us + within_us;
	const struct sim_sight *s;

	do {
		while (x->next < x->count) {
			s = x->sight[x->next++];
			if (watch_matches(s, kind, from, segment))
				return s;
		}
	} while (sim_step(&x->world->sim, until_us));
	x->world->sim.now_us = until_us;
	return NULL;
}

const struct sim_sight *
sim_see(struct sim_watch *x, enum sim_kind kind, const char *from,
    int64_t within_us)
{
	return sim_see_on(x, kind, from, NULL, within_us);
}

size_t
sim_seen(const struct sim_watch *x, enum sim_kind kind, const char *from,
    int64_t since_us)
{
	size_t i, n = 0;

	for (i = 0; i < x->count; i++)
		if (x->sight[i]->at_us >= since_us &&
		    watch_matches(x->sight[i], kind, from, NULL))
			n++;
	return n;
}

void
sim_look_away(struct sim_watch *x)
{
	x->next = x->count;
}
