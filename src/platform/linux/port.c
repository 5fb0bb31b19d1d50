/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Linux part of a link's port: merging of received packets off (in the
 * journal), frames sized by what the link can bring, and two sockets told what
 * they are not for.  libpcap's would else store what this host sends; libnet's
 * would store everything.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "platform/common/port_pcap.h"
#include "platform/linux/linux.h"
#include "platform/linux/undo.h"

#define PORT_FRAME_MARGIN 64 /* link-layer header, tags */
#define PORT_RING_SMALL   (4u * 1024 * 1024)
#define PORT_RING_BIG     (16u * 1024 * 1024)
#define PORT_ADDRS_MAX    64 /* more than the filter takes one by one */
#define PORT_SNDBUF       (2 * 1024 * 1024)

/* A socket that only sends. */
static void
port_tune_tx(int fd)
{
	static struct sock_filter nothing[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	const struct sock_fprog program = { 1, nothing };
	const int size = PORT_SNDBUF;

	(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof(program));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
}

/*
 * Bare packets for a link without an Ethernet header: it is told the protocol,
 * which some drivers (PPP) ask for.  -1: libpcap's way must do.
 */
static int
port_raw_fd(const struct mip6_ev_link *link)
{
	struct sockaddr_ll to;
	int fd;

	if (!link->raw)
		return -1;
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	port_tune_tx(fd);
	memset(&to, 0, sizeof(to));
	to.sll_family = AF_PACKET;
	to.sll_protocol = htons(ETH_P_IPV6);
	to.sll_ifindex = (int)link->ifindex;
	if (bind(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
port_tune(struct mip6_port *port)
{
	const int on = 1;
	int tx = mip6_port_pcap_tx_fd(port);

	(void)setsockopt(mip6_port_pcap_rx_fd(port), SOL_PACKET,
	    PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	if (tx >= 0)
		port_tune_tx(tx);
}

static void
port_undo_offloads(struct mip6_plat *p, struct mip6_open_port *o)
{
	while (o->offloads > 0)
		(void)mip6_undo_line(p, o->offload[--o->offloads]);
}

/*
 * What else a port brings than mobility and control: packets to the home
 * addresses at home, and to groups of global scope that were joined on its
 * link for mobile nodes.  Too many of them, and everything comes.
 */
static int
port_homes(const struct mip6_plat *p, struct mip6_port *port)
{
	struct mip6_addr addr[PORT_ADDRS_MAX];
	size_t n = 0, i;

	for (i = 0; i < p->nft.shield.count && n < PORT_ADDRS_MAX; i++)
		addr[n++] = p->nft.shield.addr[i];
	n += mip6_groups_global(&p->groups, port->ifindex, addr + n,
	    PORT_ADDRS_MAX - n);
	return mip6_port_pcap_homes(port, addr, n);
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
	options.raw_fd = port_raw_fd(link);
	o->port = mip6_port_pcap_open_with(link, &options, err, err_octets);
	if (o->port == NULL) {
		port_undo_offloads(p, o);
		free(o);
		return NULL;
	}
	port_tune(o->port);
	(void)port_homes(p, o->port);
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

void
mip6_ports_rename(struct mip6_plat *p, uint32_t ifindex, const char *name)
{
	struct mip6_open_port *o;

	for (o = p->ports; o != NULL; o = o->next) {
		if (o->port->ifindex == ifindex)
			mip6_port_pcap_rename(o->port, name);
	}
}
