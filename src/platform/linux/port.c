/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Linux part of a link's port: merging of received packets off (in the
 * journal), frames sized by what the link can bring, and two sockets told what
 * they are not for.  libpcap's would else store what this host sends; libnet's
 * would store everything.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/filter.h>
#include <linux/if_packet.h>

#include "platform/common/port_pcap.h"
#include "platform/linux/linux.h"
#include "platform/linux/undo.h"

#define PORT_FRAME_MARGIN 64 /* link-layer header, tags */
#define PORT_RING_SMALL   (4u * 1024 * 1024)
#define PORT_RING_BIG     (16u * 1024 * 1024)
#define PORT_SNDBUF       (2 * 1024 * 1024)

static void
port_tune(struct mip6_port *port)
{
	static struct sock_filter nothing[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	const struct sock_fprog program = { 1, nothing };
	const int on = 1, size = PORT_SNDBUF;
	int tx = mip6_port_pcap_tx_fd(port);

	(void)setsockopt(mip6_port_pcap_rx_fd(port), SOL_PACKET,
	    PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	(void)setsockopt(tx, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof(program));
	(void)setsockopt(tx, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
}

static void
port_undo_offloads(struct mip6_plat *p, struct mip6_open_port *o)
{
	while (o->offloads > 0)
		(void)mip6_undo_line(p, o->offload[--o->offloads]);
}

struct mip6_port *
mip6_plat_port_open(struct mip6_plat *p, const struct mip6_ev_link *link,
    char *err, size_t err_octets)
{
	struct mip6_open_port *o = calloc(1, sizeof(*o));
	struct mip6_port_pcap_options options;
	bool big;

	if (o == NULL) {
		(void)snprintf(err, err_octets, "no memory");
		return NULL;
	}
	/* First the offloads: libpcap sizes its ring by them. */
	o->offloads =
	    mip6_offload_off(p, link->ifindex, link->name, o->offload);
	big = mip6_offload_merges(link->name);
	options.frame_octets = big ? MIP6_PORT_PCAP_FRAME_BIG :
				     (uint32_t)link->mtu + PORT_FRAME_MARGIN;
	options.ring_octets = big ? PORT_RING_BIG : PORT_RING_SMALL;
	o->port = mip6_port_pcap_open_with(link, &options, err, err_octets);
	if (o->port == NULL) {
		port_undo_offloads(p, o);
		free(o);
		return NULL;
	}
	port_tune(o->port);
	(void)mip6_port_pcap_homes(o->port, p->nft.shield.addr,
	    p->nft.shield.count);
	o->next = p->ports;
	p->ports = o;
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
		port_undo_offloads(p, o);
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
		error = mip6_port_pcap_homes(o->port, p->nft.shield.addr,
		    p->nft.shield.count);
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
