/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames are checked as they are sent, states after every event.
 */
#include "sim/check.h"

#include <string.h>

static size_t
check_mobile_of(const struct sim_world *w, const struct sim_host *h)
{
	size_t k;

	for (k = 0; k < w->mobiles; k++)
		if (h == &w->mn[k].host)
			return k;
	return SIM_MN_MAX;
}

static void
check_frame(struct sim_check *c, const struct sim_segment *seg,
    const struct sim_iface *from, const struct sim_sight *s)
{
	struct sim_world *w = c->world;

	if (s->count > (size_t)seg->mtu + MIP6_ETH_OCTETS)
		sim_fail(&w->sim, "%s sends %zu octets on %s", from->name,
		    s->count, seg->name);
	if (c->puppets)
		return;
	/*
	 * A kernel that forwards takes a neighbour's unicast probe of an
	 * address that moved for any packet: it is not valid behind it.
	 */
	if (s->kind == SIM_BAD && s->parse == MIP6_PARSE_BAD_HOP_LIMIT &&
	    from->host->forwarding)
		return;
	if (s->kind == SIM_BAD)
		sim_fail(&w->sim, "%s sends a bad packet: %s: %s", from->name,
		    s->why, mip6_parse_name(s->parse));
	if (memcmp(&s->eth.src, &from->lladdr, sizeof(s->eth.src)) != 0)
		sim_fail(&w->sim, "%s sends with the MAC of another",
		    from->name);
}

/* One more to `to`; at most `max` of them in any second. */
static void
check_rate(struct sim_check *c, struct sim_rate *rates,
    const struct mip6_addr *to, size_t k, size_t max, const char *what)
{
	int64_t now_us = c->world->sim.now_us;
	struct sim_rate *r = rates;

	while (r < rates + SIM_PEERS_MAX && r->count > 0 &&
	    !mip6_addr_equal(&r->to, to))
		r++;
	if (r == rates + SIM_PEERS_MAX)
		sim_fail(&c->world->sim, "%s has too many correspondents",
		    c->world->mn[k].host.name);
	r->to = *to;
	if (r->count >= max && now_us - r->at_us[max - 1] < SIM_S)
		sim_fail(&c->world->sim,
		    "%s %s more than %zu Binding Updates in a second",
		    c->world->mn[k].host.name, what, max);
	memmove(&r->at_us[1], &r->at_us[0],
	    sizeof(r->at_us) - sizeof(r->at_us[0]));
	r->at_us[0] = now_us;
	r->count++;
}

static const struct mip6_kv *
check_kv(const struct mip6_kv *kv, size_t count, const char *key)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(kv[i].key, key) == 0)
			return &kv[i];
	return NULL;
}

/* The home agent has accepted an update: newer than the one before? */
static void
check_accepted(struct sim_check *c, const struct mip6_addr *hoa, uint16_t seq)
{
	struct sim_check_mobile *m;
	size_t k;

	for (k = 0; k < c->world->mobiles; k++)
		if (mip6_addr_equal(hoa, &c->world->mn[k].hoa))
			break;
	if (k == c->world->mobiles)
		return;
	m = &c->mobile[k];
	if (m->has_seq && (uint16_t)(seq - m->seq - 1) >= 0x7fff)
		sim_fail(&c->world->sim,
		    "the home agent accepts sequence %u of %s after %u", seq,
		    c->world->mn[k].host.name, m->seq);
	m->has_seq = true;
	m->seq = seq;
	m->acks++;
}

static void
check_log(void *arg, struct sim_daemon *d, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct sim_check *c = arg;
	size_t k = check_mobile_of(c->world, d->host);
	const struct mip6_kv *hoa, *seq, *status;

	if (k < SIM_MN_MAX && strcmp(event, "bu.sent") == 0)
		check_rate(c, c->mobile[k].made,
		    check_kv(kv, count, "agent")->v.addr, k, SIM_UPDATE_RATE,
		    "makes");
	if (k < SIM_MN_MAX && strcmp(event, "ro.bu-sent") == 0)
		check_rate(c, c->mobile[k].made,
		    check_kv(kv, count, "peer")->v.addr, k, SIM_UPDATE_RATE,
		    "makes");
	if (d != &c->world->had || strcmp(event, "ba.sent") != 0)
		return;
	hoa = check_kv(kv, count, "hoa");
	seq = check_kv(kv, count, "seq");
	status = check_kv(kv, count, "status");
	if (hoa == NULL || seq == NULL || status == NULL)
		sim_fail(&c->world->sim, "ba.sent says less than it did");
	if (strncmp(status->v.str, "accepted", 8) == 0)
		check_accepted(c, hoa->v.addr, (uint16_t)seq->v.u64);
}

static void
check_tap(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct sim_check *c = arg;
	struct sim_world *w = c->world;
	struct sim_sight s;
	size_t k = check_mobile_of(w, from->host);

	c->frames++;
	sim_sight_read(&s, octets, count);
	check_frame(c, seg, from, &s);
	if (k < SIM_MN_MAX) {
		if (s.kind == SIM_BU)
			check_rate(c, c->mobile[k].sent, &s.v.ip.dst, k,
			    2 * SIM_UPDATE_RATE, "sends");
		if (seg != w->home && s.kind != SIM_BAD &&
		    !(c->leaks && s.kind != SIM_BU) &&
		    mip6_addr_equal(&s.v.ip.src, &w->mn[k].hoa))
			sim_fail(&w->sim, "%s shows its home address on %s",
			    from->name, seg->name);
	}
}

/* R11.7.3-03: a binding is never believed in longer than it lives. */
static void
check_belief(struct sim_check *c, size_t k)
{
	struct sim_mobile *m = &c->world->mn[k];
	struct mip6_show_registration r;
	struct mip6_show_binding b;

	if (!sim_daemon_registration(&m->daemon, &r) || r.left.us <= 0 ||
	    mip6_addr_is_any(&r.coa) || strcmp(r.state, "registered") != 0)
		return; /* while an update is under way either may be right */
	if (!c->ha_running || !c->mobile[k].has_seq ||
	    c->mobile[k].seq != r.seq)
		return; /* acknowledged by an agent that is no more */
	if (!mip6_addr_equal(&r.agent, &c->world->ha_addr))
		return; /* by another one, of which the test knows */
	if (!sim_daemon_binding(&c->world->had, &m->hoa, &b))
		sim_fail(&c->world->sim,
		    "%s believes in a binding that its agent has not",
		    m->host.name);
	if (!mip6_addr_equal(&b.coa, &r.coa))
		sim_fail(&c->world->sim,
		    "%s believes to be registered with %s, it is %s",
		    m->host.name, mip6_addr_text(&r.coa).s,
		    mip6_addr_text(&b.coa).s);
	if (b.left.us < r.left.us)
		sim_fail(&c->world->sim,
		    "%s believes in its binding for %lld us more, "
		    "the home agent for %lld us",
		    m->host.name, (long long)r.left.us, (long long)b.left.us);
}

static void
check_step(void *arg)
{
	struct sim_check *c = arg;
	struct sim_world *w = c->world;
	struct sim_check_mobile *m;
	struct mip6_show_binding b;
	bool running = w->had.engine != NULL;
	size_t k;

	if (running != c->ha_running || w->had.started_us != c->ha_started_us) {
		for (k = 0; k < w->mobiles; k++)
			c->mobile[k].has_seq = false;
		c->ha_running = running;
		c->ha_started_us = w->had.started_us;
	}
	for (k = 0; k < w->mobiles; k++) {
		m = &c->mobile[k];
		if (m->started_us != w->mn[k].daemon.started_us) {
			memset(&m->made, 0, sizeof(m->made));
			memset(&m->sent, 0, sizeof(m->sent));
			m->started_us = w->mn[k].daemon.started_us;
		}
		check_belief(c, k);
		/* An entry that is gone knows no sequence number. */
		if (c->mobile[k].has_seq &&
		    !sim_daemon_binding(&w->had, &w->mn[k].hoa, &b))
			c->mobile[k].has_seq = false;
		if (!c->strays && w->mn[k].host.counters.stray > 0)
			sim_fail(&w->sim,
			    "%s's kernel answers a mobility "
			    "packet",
			    w->mn[k].host.name);
	}
	if (!c->strays && w->ha.counters.stray > 0)
		sim_fail(&w->sim,
		    "the home agent's kernel answers a "
		    "mobility packet");
}

void
sim_check_init(struct sim_check *c, struct sim_world *w)
{
	size_t k;

	memset(c, 0, sizeof(*c));
	c->world = w;
	w->had.on_log = check_log;
	w->had.on_log_arg = c;
	for (k = 0; k < w->mobiles; k++) {
		w->mn[k].daemon.on_log = check_log;
		w->mn[k].daemon.on_log_arg = c;
	}
	sim_net_tap(&w->net, check_tap, c);
	w->sim.check = check_step;
	w->sim.check_arg = c;
}
