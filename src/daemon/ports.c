/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The open ports in the event loop.
 *
 * One wake-up drains some bursts of a port and no more, so that a busy link
 * does not starve the timer or another link.  Packets to send are collected
 * per port and leave together, in the order in which they were made.
 */
#include "daemon/ports.h"

#include <errno.h>

#include <event2/event.h>

static struct mip6_ports_slot *
ports_find(struct mip6_ports *p, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < MIP6_PORTS_MAX; i++)
		if (p->slot[i].port != NULL &&
		    p->slot[i].port->ifindex == ifindex)
			return &p->slot[i];
	return NULL;
}

static void
ports_readable(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval next_turn = { 0, 0 };
	struct mip6_ports_slot *s = arg;
	struct mip6_ports *p = s->ports;
	struct mip6_pkt *pkt[MIP6_PKT_BURST];
	size_t n;
	int burst;

	(void)fd;
	(void)what;
	for (burst = 0; burst < MIP6_PORTS_BURSTS; burst++) {
		n = s->port->ops->recv(s->port, p->pool, pkt, MIP6_PKT_BURST);
		if (n == 0)
			break;
		p->received(p->arg, s->port->ifindex, pkt, n);
	}
	/* A capture may hold more than its descriptor tells. */
	if (burst == MIP6_PORTS_BURSTS)
		(void)evtimer_add(s->again, &next_turn);
	p->rest(p->arg);
}

static void
ports_forget(struct mip6_ports_slot *s)
{
	if (s->readable != NULL)
		event_free(s->readable);
	if (s->again != NULL)
		event_free(s->again);
	s->readable = s->again = NULL;
	s->port = NULL;
}

int
mip6_ports_add(struct mip6_ports *p, struct mip6_port *port)
{
	struct mip6_ports_slot *s;
	size_t i;

	for (i = 0; i < MIP6_PORTS_MAX && p->slot[i].port != NULL; i++)
		;
	if (i == MIP6_PORTS_MAX)
		return EMFILE;
	s = &p->slot[i];
	s->readable = event_new(p->base, port->fd, EV_READ | EV_PERSIST,
	    ports_readable, s);
	s->again = evtimer_new(p->base, ports_readable, s);
	if (s->readable == NULL || s->again == NULL ||
	    event_add(s->readable, NULL) != 0) {
		ports_forget(s);
		return ENOMEM;
	}
	s->ports = p;
	s->port = port;
	s->out_count = 0;
	return 0;
}

static void
ports_flush_slot(struct mip6_ports *p, struct mip6_ports_slot *s)
{
	size_t n = s->out_count;

	s->out_count = 0;
	if (n > 0)
		(void)s->port->ops->send(s->port, p->pool, s->out, n);
}

struct mip6_port *
mip6_ports_remove(struct mip6_ports *p, uint32_t ifindex)
{
	struct mip6_ports_slot *s = ports_find(p, ifindex);
	struct mip6_port *port;

	if (s == NULL)
		return NULL;
	ports_flush_slot(p, s);
	port = s->port;
	ports_forget(s);
	return port;
}

bool
mip6_ports_has(const struct mip6_ports *p, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < MIP6_PORTS_MAX; i++)
		if (p->slot[i].port != NULL &&
		    p->slot[i].port->ifindex == ifindex)
			return true;
	return false;
}

struct mip6_port *
mip6_ports_get(const struct mip6_ports *p, size_t i)
{
	size_t at;

	for (at = 0; at < MIP6_PORTS_MAX; at++)
		if (p->slot[at].port != NULL && i-- == 0)
			return p->slot[at].port;
	return NULL;
}

bool
mip6_ports_send(struct mip6_ports *p, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct mip6_ports_slot *s = ports_find(p, ifindex);

	if (s == NULL) {
		mip6_pool_put(p->pool, pkt);
		return false;
	}
	s->out[s->out_count++] = pkt;
	if (s->out_count == MIP6_PKT_BURST)
		ports_flush_slot(p, s);
	return true;
}

void
mip6_ports_flush(struct mip6_ports *p)
{
	size_t i;

	for (i = 0; i < MIP6_PORTS_MAX; i++)
		if (p->slot[i].port != NULL)
			ports_flush_slot(p, &p->slot[i]);
}
