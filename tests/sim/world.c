/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds the world and moves its mobile nodes.
 */
#include "sim/world.h"

#include <string.h>

#define WORLD_SPI               256
#define WORLD_KEY_OCTETS        20
#define WORLD_LIFETIME_S        420
#define WORLD_LIFETIME_MAX_S    3600
#define WORLD_RA_INTERVAL_US    (10 * SIM_S)
#define WORLD_ROUTER_LIFETIME_S 1800

struct mip6_addr
sim_addr_of(const char *text)
{
	struct mip6_addr a = mip6_addr_any;

	if (!mip6_addr_parse(text, &a))
		(void)fprintf(stderr, "no address: %s\n", text);
	return a;
}

struct mip6_prefix
sim_world_prefix(const char *link)
{
	static const struct {
		const char *name, *prefix;
	} row[] = {
		{ "home", "2001:db8:1::" },
		{ "a", "2001:db8:a::" },
		{ "b", "2001:db8:b::" },
		{ "c", "2001:db8:c::" },
		{ "core", "2001:db8:ffff::" },
	};
	struct mip6_addr a;
	size_t i;

	for (i = 0; i < MIP6_COUNT(row) - 1; i++)
		if (strcmp(row[i].name, link) == 0)
			break;
	a = sim_addr_of(row[i].prefix);
	return mip6_prefix_make(&a, 64);
}

static struct mip6_addr
world_addr(const char *link, uint8_t host)
{
	struct mip6_addr a = sim_world_prefix(link).addr;

	a.b[15] = host;
	return a;
}

static void
world_route(struct sim_host *h, const struct mip6_prefix *dst, uint32_t ifindex,
    const struct mip6_addr *gateway)
{
	struct sim_route r = { .used = true,
		.table = MIP6_TABLE_MAIN,
		.dst = *dst,
		.ifindex = ifindex,
		.gateway = *gateway,
		.owner = SIM_BY_ADMIN,
		.expires_us = INT64_MAX };

	(void)sim_host_route_set(h, &r, true);
}

static void
world_default(struct sim_host *h, uint32_t ifindex, struct mip6_addr gateway)
{
	struct mip6_prefix all = { mip6_addr_any, 0 };

	world_route(h, &all, ifindex, &gateway);
}

static void
world_advertise(struct sim_world *w, struct sim_host *h, struct sim_iface *i,
    const char *link, const struct mip6_addr *self, bool home_agent)
{
	struct sim_ra ra;

	memset(&ra, 0, sizeof(ra));
	ra.interval_us = w->conf.ra_interval_us;
	ra.rs_delay_us = w->conf.rs_delay_us;
	ra.lifetime_s = WORLD_ROUTER_LIFETIME_S;
	ra.home_agent = home_agent;
	ra.prefixes = 1;
	ra.prefix[0].addr = home_agent ? *self : sim_world_prefix(link).addr;
	ra.prefix[0].router = home_agent;
	ra.prefix[0].bits = 64;
	ra.prefix[0].on_link = true;
	ra.prefix[0].autonomous = true;
	ra.prefix[0].valid.us = 2592000 * SIM_S;
	ra.prefix[0].preferred.us = 604800 * SIM_S;
	sim_host_ra_start(h, i, &ra);
}

/* A router between the core and one link; number `n` on the core. */
static struct sim_iface *
world_router(struct sim_world *w, struct sim_host *h, const char *name,
    struct sim_segment *link, uint8_t n, uint8_t self)
{
	struct mip6_addr core = world_addr("core", n);
	struct mip6_addr a = world_addr(link->name, self);
	struct sim_iface *i;

	sim_host_init(h, &w->net, name);
	h->forwarding = true;
	i = sim_host_iface(h, w->core);
	(void)sim_host_addr_add(h, i->ifindex, &core, 64, false, false,
	    SIM_BY_ADMIN);
	i = sim_host_iface(h, link);
	(void)sim_host_addr_add(h, i->ifindex, &a, 64, false, false,
	    SIM_BY_ADMIN);
	return i;
}

static void
world_core_routes(struct sim_host *h, const char *self)
{
	static const struct {
		const char *link;
		uint8_t n;
	} row[] = { { "home", 1 }, { "a", 10 }, { "b", 11 }, { "c", 12 } };
	struct mip6_prefix p;
	struct mip6_addr gateway;
	size_t i;

	for (i = 0; i < MIP6_COUNT(row); i++) {
		if (strcmp(row[i].link, self) == 0)
			continue;
		p = sim_world_prefix(row[i].link);
		gateway = world_addr("core", row[i].n);
		world_route(h, &p, 1, &gateway);
	}
}

static void
world_plain(struct sim_world *w, struct sim_host *h, const char *name,
    struct sim_segment *link, uint8_t self, uint8_t router,
    struct mip6_addr *addr)
{
	struct sim_iface *i;

	sim_host_init(h, &w->net, name);
	i = sim_host_iface(h, link);
	*addr = world_addr(link->name, self);
	(void)sim_host_addr_add(h, i->ifindex, addr, 64, false, false,
	    SIM_BY_ADMIN);
	world_default(h, i->ifindex, world_addr(link->name, router));
	sim_transport_attach(&w->transport, h);
}

static void
world_home(struct sim_world *w)
{
	struct sim_iface *i;

	w->ha_addr = world_addr("home", 1);
	if (w->conf.ha_beside_router) {
		i = world_router(w, &w->rh, "rh", w->home, 1, 0xfe);
		world_core_routes(&w->rh, "home");
		world_advertise(w, &w->rh, i, "home", NULL, false);
		world_plain(w, &w->ha, "ha", w->home, 1, 0xfe, &w->ha_addr);
		w->ha_home = &w->ha.iface[0];
	} else {
		w->ha_home = world_router(w, &w->ha, "ha", w->home, 1, 1);
		world_core_routes(&w->ha, "home");
		world_advertise(w, &w->ha, w->ha_home, "home", &w->ha_addr,
		    true);
		sim_transport_attach(&w->transport, &w->ha);
	}
}

static void
world_had(struct sim_world *w)
{
	struct mip6_conf_ha *c = &w->had.conf.ha;

	sim_daemon_init(&w->had, &w->ha, w->conf.seed ^ 0x6861);
	w->had.act_us = w->conf.act_us;
	w->had.conf.insecure = w->conf.insecure;
	c->on = true;
	memcpy(c->interface, w->ha_home->name, sizeof(c->interface));
	c->prefix[0].prefix = sim_world_prefix("home");
	c->prefix[0].valid = c->prefix[0].preferred = MIP6_ND_INFINITE;
	c->prefixes = 1;
	c->home_dad = MIP6_HOME_DAD_OFF;
	c->join_groups = true;
	c->prefix[0].address = w->ha_addr;
	c->lifetime_max = MIP6_SPAN_S(w->conf.lifetime_max_s);
	c->mobile = w->had.mobile;
	c->mobiles = (uint32_t)w->mobiles;
	c->bindings_max = SIM_MOBILES_MAX;
}

void
sim_world_key(struct sim_world *w, size_t k, uint64_t seed)
{
	struct mip6_conf_sa *sa = &w->had.mobile[k].sa;
	struct sim_rng r = sim_rng_make(seed);
	size_t i;

	memset(sa, 0, sizeof(*sa));
	sa->present = !w->conf.insecure;
	sa->spi = WORLD_SPI + (uint32_t)k;
	sa->key_octets = WORLD_KEY_OCTETS;
	for (i = 0; i < WORLD_KEY_OCTETS; i++)
		sa->key[i] = (uint8_t)sim_rng_u64(&r);
	sa->clock_slack = MIP6_SPAN_S(7);
	w->mn[k].daemon.conf.mn.home[0].sa = *sa;
}

static void
world_mobile(struct sim_world *w, size_t k)
{
	static const char *const name[] = { "mn", "mn2", "mn3" };
	struct sim_mobile *m = &w->mn[k];
	struct mip6_conf_mn *c = &m->daemon.conf.mn;

	sim_host_init(&m->host, &w->net, name[k]);
	m->host.accept_ra = true;
	m->host.autoconf = w->conf.autoconf;
	m->host.dad_us = w->conf.dad_us;
	m->iface = sim_host_iface(&m->host, NULL);
	m->hoa = world_addr("home", (uint8_t)(0x80 + k));
	sim_transport_attach(&w->transport, &m->host);
	sim_daemon_init(&m->daemon, &m->host, w->conf.seed ^ (0x6d6e + k));
	m->daemon.act_us = w->conf.act_us;
	m->daemon.conf.insecure = w->conf.insecure;
	c->on = true;
	(void)snprintf(c->interface[0], sizeof(c->interface[0]), "mn*");
	c->interfaces = 1;
	c->homes = 1;
	c->home[0].hoa = m->hoa;
	c->home[0].bits = 64;
	c->home[0].agent[0].addr = w->ha_addr;
	c->home[0].agents = 1;
	c->home[0].lifetime = MIP6_SPAN_S(w->conf.lifetime_s);
	c->without_binding = MIP6_WITHOUT_BINDING_BLOCK;
	c->initial_bindack_timeout_first_reg = MIP6_SPAN_MS(1500);
	w->had.mobile[k].hoa = m->hoa;
	sim_world_key(w, k, w->conf.seed * 31 + k);
}

static void
world_defaults(struct sim_world_conf *c)
{
	if (c->mobiles == 0)
		c->mobiles = 1;
	if (c->core_mtu == 0)
		c->core_mtu = 1500;
	if (c->ra_interval_us == 0)
		c->ra_interval_us = WORLD_RA_INTERVAL_US;
	if (c->lifetime_s == 0)
		c->lifetime_s = WORLD_LIFETIME_S;
	if (c->lifetime_max_s == 0)
		c->lifetime_max_s = WORLD_LIFETIME_MAX_S;
	if (c->dad_us == 0)
		c->dad_us = SIM_S;
}

void
sim_world_init(struct sim_world *w, const struct sim_world_conf *c)
{
	struct sim_iface *i;
	size_t k;

	memset(w, 0, sizeof(*w));
	w->conf = *c;
	world_defaults(&w->conf);
	w->mobiles = w->conf.mobiles;
	sim_init(&w->sim, c->seed);
	w->sim.trace = c->trace;
	w->sim.replay = c->replay;
	sim_net_init(&w->net, &w->sim);
	sim_transport_init(&w->transport, &w->net);
	w->core = sim_net_segment(&w->net, "core", &w->conf.core);
	w->core->mtu = w->conf.core_mtu;
	w->core->wan = true;
	w->home = sim_net_segment(&w->net, "home", &w->conf.access);
	w->a = sim_net_segment(&w->net, "a", &w->conf.access);
	w->b = sim_net_segment(&w->net, "b", &w->conf.access);
	w->c = sim_net_segment(&w->net, "c", &w->conf.access);
	i = world_router(w, &w->ra, "ra", w->a, 10, 1);
	world_core_routes(&w->ra, "a");
	world_advertise(w, &w->ra, i, "a", NULL, false);
	i = world_router(w, &w->rb, "rb", w->b, 11, 1);
	world_core_routes(&w->rb, "b");
	world_advertise(w, &w->rb, i, "b", NULL, false);
	i = world_router(w, &w->rc, "rc", w->c, 12, 1);
	world_core_routes(&w->rc, "c");
	world_advertise(w, &w->rc, i, "c", NULL, false);
	world_home(w);
	world_plain(w, &w->cn, "cn", w->c, 0x64, 1, &w->cn_addr);
	world_plain(w, &w->nb, "nb", w->home, 0x20,
	    w->conf.ha_beside_router ? 0xfe : 1, &w->nb_addr);
	world_plain(w, &w->peer, "peer", w->a, 0x20, 1, &w->peer_addr);
	world_had(w);
	for (k = 0; k < w->mobiles; k++)
		world_mobile(w, k);
}

void
sim_world_fini(struct sim_world *w)
{
	struct sim_host *h[] = { &w->ra, &w->rb, &w->rc, &w->rh, &w->ha, &w->cn,
		&w->nb, &w->peer };
	size_t k;

	sim_daemon_fini(&w->had);
	for (k = 0; k < w->mobiles; k++) {
		sim_daemon_fini(&w->mn[k].daemon);
		sim_host_fini(&w->mn[k].host);
	}
	for (k = 0; k < MIP6_COUNT(h); k++)
		sim_host_fini(h[k]);
	sim_transport_fini(&w->transport);
	sim_fini(&w->sim);
}

void
sim_world_start(struct sim_world *w)
{
	size_t k;

	sim_daemon_start(&w->had);
	for (k = 0; k < w->mobiles; k++)
		sim_daemon_start(&w->mn[k].daemon);
}

struct world_arrival {
	struct sim_world *world;
	size_t mobile;
	struct sim_segment *to;
	uint64_t move;
};

static void
world_arrive(void *arg, uint64_t tag)
{
	struct world_arrival *a = arg;
	struct sim_mobile *m = &a->world->mn[a->mobile];

	(void)tag;
	if (a->move == m->moves)
		sim_host_attach(&m->host, m->iface, a->to);
	sim_free(a);
}

void
sim_world_move(struct sim_world *w, size_t k, const char *link,
    int64_t outage_us)
{
	struct sim_mobile *m = &w->mn[k];
	struct world_arrival *a;

	m->moves++;
	if (m->iface->segment != NULL)
		sim_host_attach(&m->host, m->iface, NULL);
	if (link == NULL)
		return;
	a = sim_alloc(sizeof(*a));
	a->world = w;
	a->mobile = k;
	a->to = sim_net_find(&w->net, link);
	a->move = m->moves;
	if (a->to == NULL)
		sim_fail(&w->sim, "no link %s", link);
	if (outage_us == 0)
		world_arrive(a, 0);
	else
		sim_at_owned(&w->sim, w->sim.now_us + outage_us, world_arrive,
		    a);
}

bool
sim_world_until(struct sim_world *w, bool (*cond)(void *arg), void *arg,
    int64_t within_us)
{
	int64_t until_us = w->sim.now_us + within_us;

	while (!cond(arg))
		if (!sim_step(&w->sim, until_us)) {
			w->sim.now_us = until_us;
			return cond(arg);
		}
	return true;
}

struct world_wait {
	struct sim_world *world;
	size_t mobile;
	const char *link; /* NULL: at home */
};

static bool
world_is_there(void *arg)
{
	const struct world_wait *x = arg;
	struct sim_daemon *d = &x->world->mn[x->mobile].daemon;
	struct mip6_show_registration r;
	struct mip6_prefix p;

	if (!sim_daemon_registration(d, &r))
		return false;
	if (x->link == NULL)
		return strcmp(r.state, "at-home") == 0;
	p = sim_world_prefix(x->link);
	return strcmp(r.state, "registered") == 0 &&
	    mip6_prefix_has(&p, &r.coa);
}

bool
sim_world_registered(struct sim_world *w, size_t k, const char *link,
    int64_t within_us)
{
	struct world_wait x = { w, k, link };

	return sim_world_until(w, world_is_there, &x, within_us);
}

bool
sim_world_at_home(struct sim_world *w, size_t k, int64_t within_us)
{
	return sim_world_registered(w, k, NULL, within_us);
}
