/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the system's part of a port may set on the portable one.
 */
#ifndef MIP6_PLATFORM_COMMON_PORT_PCAP_H
#define MIP6_PLATFORM_COMMON_PORT_PCAP_H

#include "platform/platform.h"

struct mip6_port_pcap_options {
	/*
	 * Octets of the largest frame.  A capture ring has room for so many
	 * frames of this size as fit `ring_octets`: a small one holds more.
	 */
	uint32_t frame_octets;
	uint32_t ring_octets;
	/*
	 * On a raw link, which libnet does not know: a descriptor of which one
	 * write is one bare packet; passes to the port.  -1: libpcap's own way.
	 */
	int raw_fd;
};

/* A frame of a link that can bring merged packets (GRO) of 64 KB. */
#define MIP6_PORT_PCAP_FRAME_BIG 65600u

/* As mip6_port_pcap_open, with sizes of the caller's. */
struct mip6_port *mip6_port_pcap_open_with(const struct mip6_ev_link *link,
    const struct mip6_port_pcap_options *o, char *err, size_t err_octets);

/*
 * Native TCP and UDP is the host's own and stays out of the capture, but for
 * packets to these addresses (the home addresses while at home, and the groups
 * joined for mobile nodes).  Replaces the
 * list.  Returns 0 or an errno.
 */
int mip6_port_pcap_homes(struct mip6_port *port, const struct mip6_addr *home,
    size_t n);

/* The link has another name; libnet asks for it with every frame. */
void mip6_port_pcap_rename(struct mip6_port *port, const char *name);

/*
 * The descriptors of capture and injection, for the system's own options.
 * The latter is -1 where libnet is not used.
 */
int mip6_port_pcap_rx_fd(const struct mip6_port *port);
int mip6_port_pcap_tx_fd(const struct mip6_port *port);

struct mip6_frame {
	size_t ip; /* where the IPv6 packet begins */
	struct mip6_lladdr src, dst;
	bool ethernet; /* src and dst are there */
};

/*
 * Reads a captured frame of `count` octets of link type `dlt` (a DLT_ number).
 * false: no IPv6 packet, or one of another link (a VLAN on this one).
 */
bool mip6_port_pcap_frame(int dlt, const uint8_t *octets, size_t count,
    struct mip6_frame *f);

/* The text of the kernel's filter; false: cap is too small. */
bool mip6_port_pcap_filter(const struct mip6_addr *home, size_t n, char *text,
    size_t cap);

#endif
