/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Darwin part of a link's port: frames leave as they are given (libnet
 * leaves the kernel's own way on, which would put its own header before), and
 * the home addresses at home come in whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/common/port_pcap.h"
#include "platform/darwin/abi_watch.h"
#include "platform/darwin/darwin.h"

#define PORT_FRAME_OCTETS MIP6_PORT_PCAP_FRAME_BIG
#define PORT_RING_OCTETS  (4u * 1024 * 1024)
#define PORT_ADDRS_MAX    64 /* more than the filter takes one by one */

/*
 * What else a port brings than mobility and control: packets to the home
 * addresses at home, and to groups of global scope that were joined on its
 * link for mobile nodes.  Too many of them, and everything comes.
 */
static int
port_homes(struct mip6_plat *p, struct mip6_port *port)
{
	const struct mip6_pf_list *shield = &p->pf.list[MIP6_PF_SHIELD];
	struct mip6_addr addr[PORT_ADDRS_MAX];
	size_t n = 0;

	while (n < shield->count && n < PORT_ADDRS_MAX) {
		addr[n] = shield->addr[n];
		n++;
	}
	n += mip6_groups_global(&p->groups, port->ifindex, addr + n,
	    PORT_ADDRS_MAX - n);
	return p->os->port_homes(port, addr, n);
}

struct mip6_port *
mip6_plat_port_open(struct mip6_plat *p, const struct mip6_ev_link *link,
    char *err, size_t err_octets)
{
	const struct mip6_port_pcap_options options = { PORT_FRAME_OCTETS,
		PORT_RING_OCTETS, -1 };
	struct mip6_open_port *o = calloc(1, sizeof(*o));
	uint32_t on = 1;

	if (o == NULL) {
		(void)snprintf(err, err_octets, "no memory");
		return NULL;
	}
	o->port = p->os->port_open(link, &options, err, err_octets);
	if (o->port == NULL) {
		free(o);
		return NULL;
	}
	if (p->os->ioctl(p->os->port_tx_fd(o->port), DARWIN_BIOCSHDRCMPLT,
		&on) != 0) {
		(void)snprintf(err, err_octets, "injection on %s: %s",
		    link->name, strerror(errno));
		o->port->ops->close(o->port);
		free(o);
		return NULL;
	}
	o->next = p->ports;
	p->ports = o;
	mip6_ports_homes(p);
	return o->port;
}

void
mip6_plat_port_close(struct mip6_plat *p, struct mip6_port *port)
{
	struct mip6_open_port **at, *o;

	for (at = &p->ports; (o = *at) != NULL; at = &o->next) {
		if (o->port != port)
			continue;
		*at = o->next;
		port->ops->close(port);
		free(o);
		return;
	}
}

void
mip6_ports_homes(struct mip6_plat *p)
{
	struct mip6_open_port *o;
	int error;

	for (o = p->ports; o != NULL; o = o->next) {
		error = port_homes(p, o->port);
		if (error != 0)
			MIP6_LOG(p->env.log, WARNING, "plat.filter",
			    MIP6_KU("link", o->port->ifindex),
			    MIP6_KS("error", strerror(error)));
	}
}

void
mip6_ports_fini(struct mip6_plat *p)
{
	while (p->ports != NULL)
		mip6_plat_port_close(p, p->ports->port);
}
