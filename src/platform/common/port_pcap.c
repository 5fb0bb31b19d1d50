/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The portable port: libpcap in, libnet out, both at the link layer.
 *
 * In: immediate mode (a packet is there when it is there), inbound only, all
 * protocols, a filter in the kernel.  The filter takes every IPv6 packet whose
 * first next header is not TCP or UDP: so tunnels, mobility and extension
 * headers, fragments and ICMPv6 are seen and the host's own bulk traffic costs
 * nothing.  TCP and UDP are taken only when sent to a home address that must
 * be answered for at home.  Each packet is copied once, out of the capture
 * ring into a buffer of the pool.
 *
 * Out: whole frames, as given, by libnet.  It does not know links without an
 * Ethernet header: there the system gives a descriptor, or libpcap sends.  What
 * is not taken is counted and forgotten: above are protocols that send again.
 */
#include "platform/common/port_pcap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap.h>

#include <libnet.h>

#define PORT_HOMES_MAX     32
#define PORT_FILTER_OCTETS (128 + PORT_HOMES_MAX * (MIP6_ADDR_TEXT + 16))
#define PORT_RING_OCTETS   (4u * 1024 * 1024)
#define PORT_ROUNDS        4 /* of capture for one burst */

#define ETHER_HEADER        14
#define ETHER_TAGGED_HEADER 18
#define ETHER_TYPE_IP6      0x86ddu
#define ETHER_TYPE_VLAN     0x8100u
#define SLL_HEADER          16
#define NULL_HEADER         4
#define PPP_HEADER          4
#define PPP_IP6             0x0057u

struct port_pcap {
	struct mip6_port port; /* first: the port is this */
	pcap_t *pcap;
	libnet_t *net; /* NULL: a raw link */
	int raw_fd;    /* -1: none */
	struct mip6_lladdr lladdr;
	int dlt;
	uint32_t drops; /* of the ring, as the system last said */
};

/* One burst under way. */
struct port_burst {
	struct port_pcap *p;
	struct mip6_pool *pool;
	struct mip6_pkt **pkt;
	size_t n, count;
};

static uint32_t
port_u16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static bool
port_ethernet(const uint8_t *octets, size_t count, struct mip6_frame *f)
{
	if (count < ETHER_HEADER)
		return false;
	f->ip = ETHER_HEADER;
	/* A priority tag alone (VLAN 0) leaves the frame on this link. */
	if (port_u16(octets + 12) == ETHER_TYPE_VLAN) {
		if (count < ETHER_TAGGED_HEADER ||
		    (port_u16(octets + 14) & 0xfffu) != 0)
			return false;
		f->ip = ETHER_TAGGED_HEADER;
	}
	memcpy(f->dst.b, octets, sizeof(f->dst.b));
	memcpy(f->src.b, octets + sizeof(f->dst.b), sizeof(f->src.b));
	f->ethernet = true;
	return port_u16(octets + f->ip - 2) == ETHER_TYPE_IP6;
}

bool
mip6_port_pcap_frame(int dlt, const uint8_t *octets, size_t count,
    struct mip6_frame *f)
{
	memset(f, 0, sizeof(*f));
	switch (dlt) {
	case DLT_EN10MB:
		return port_ethernet(octets, count, f);
	case DLT_RAW:
#ifdef DLT_IPV6
	case DLT_IPV6:
#endif
		break;
	case DLT_LINUX_SLL:
		f->ip = SLL_HEADER;
		if (count < f->ip || port_u16(octets + 14) != ETHER_TYPE_IP6)
			return false;
		break;
	case DLT_NULL:
	case DLT_LOOP:
		f->ip = NULL_HEADER;
		break;
	case DLT_PPP:
		f->ip = PPP_HEADER;
		if (count < f->ip || port_u16(octets + 2) != PPP_IP6)
			return false;
		break;
	default:
		return false;
	}
	return count > f->ip && octets[f->ip] >> 4 == 6;
}

static bool
port_is_ours(const struct port_pcap *p, const struct mip6_frame *f)
{
	/* Somebody else's promiscuous mode lets foreign frames pass. */
	return !f->ethernet || (f->dst.b[0] & 1u) != 0 ||
	    memcmp(&f->dst, &p->lladdr, sizeof(f->dst)) == 0;
}

static void
port_take(u_char *arg, const struct pcap_pkthdr *h, const u_char *octets)
{
	struct port_burst *b = (struct port_burst *)(void *)arg;
	struct mip6_frame f;
	struct mip6_pkt *pkt;
	size_t count;

	if (b->count == b->n ||
	    !mip6_port_pcap_frame(b->p->dlt, octets, h->caplen, &f) ||
	    !port_is_ours(b->p, &f))
		return;
	count = h->caplen - f.ip;
	pkt = h->caplen < h->len ? NULL : mip6_pool_get(b->pool, count);
	if (pkt == NULL) {
		b->p->port.overflowed++;
		return;
	}
	memcpy(mip6_pkt_octets(pkt), octets + f.ip, count);
	pkt->count = (uint32_t)count;
	pkt->ifindex = b->p->port.ifindex;
	pkt->ll_src = f.src;
	pkt->ll_multicast = f.ethernet && (f.dst.b[0] & 1u) != 0;
	b->pkt[b->count++] = pkt;
	b->p->port.received++;
}

/* What the ring lost since the last look. */
static void
port_ring_drops(struct port_pcap *p)
{
	struct pcap_stat st;

	if (pcap_stats(p->pcap, &st) != 0)
		return;
	p->port.overflowed += (uint32_t)(st.ps_drop - p->drops);
	p->drops = st.ps_drop;
}

static size_t
port_pcap_recv(struct mip6_port *port, struct mip6_pool *pool,
    struct mip6_pkt **pkt, size_t n)
{
	struct port_pcap *p = (struct port_pcap *)(void *)port;
	struct port_burst b = { p, pool, pkt, n, 0 };
	int round, got;

	for (round = 0; round < PORT_ROUNDS && b.count < n; round++) {
		got = pcap_dispatch(p->pcap, (int)(n - b.count), port_take,
		    (u_char *)(void *)&b);
		if (got < 0)
			port->failed++;
		if (got <= 0)
			break;
	}
	if (b.count == n)
		port_ring_drops(p);
	return b.count;
}

static bool
port_inject(struct port_pcap *p, const uint8_t *octets, size_t count)
{
	if (p->net != NULL)
		return libnet_adv_write_link(p->net, octets, (uint32_t)count) ==
		    (int)count;
	if (p->raw_fd >= 0)
		return write(p->raw_fd, octets, count) == (ssize_t)count;
	return pcap_inject(p->pcap, octets, count) == (int)count;
}

static size_t
port_pcap_send(struct mip6_port *port, struct mip6_pool *pool,
    struct mip6_pkt *const *pkt, size_t n)
{
	struct port_pcap *p = (struct port_pcap *)(void *)port;
	size_t i, sent = 0;

	for (i = 0; i < n; i++) {
		if (port_inject(p, mip6_pkt_octets(pkt[i]), pkt[i]->count))
			sent++;
		mip6_pool_put(pool, pkt[i]);
	}
	port->sent += sent;
	port->failed += n - sent;
	return sent;
}

static void
port_pcap_close(struct mip6_port *port)
{
	struct port_pcap *p = (struct port_pcap *)(void *)port;

	if (p->pcap != NULL)
		pcap_close(p->pcap);
	if (p->net != NULL)
		libnet_destroy(p->net);
	if (p->raw_fd >= 0)
		close(p->raw_fd);
	free(p);
}

static const struct mip6_port_ops port_pcap_ops = {
	port_pcap_recv,
	port_pcap_send,
	port_pcap_close,
};

bool
mip6_port_pcap_filter(const struct mip6_addr *home, size_t n, char *text,
    size_t cap)
{
	static const char all[] = "ip6";
	static const char most[] = "ip6 and (not (ip6[6] = 6 or ip6[6] = 17)";
	size_t at, i;
	int k;

	if (n > PORT_HOMES_MAX) {
		k = snprintf(text, cap, "%s", all);
		return k > 0 && (size_t)k < cap;
	}
	k = snprintf(text, cap, "%s", most);
	for (i = 0, at = 0; i < n && k > 0; i++) {
		at += (size_t)k;
		if (at >= cap)
			return false;
		k = snprintf(text + at, cap - at, " or ip6 dst host %s",
		    mip6_addr_text(&home[i]).s);
	}
	at += (size_t)k;
	if (k < 0 || at + 1 >= cap)
		return false;
	text[at] = ')';
	text[at + 1] = '\0';
	return true;
}

int
mip6_port_pcap_homes(struct mip6_port *port, const struct mip6_addr *home,
    size_t n)
{
	struct port_pcap *p = (struct port_pcap *)(void *)port;
	char text[PORT_FILTER_OCTETS];
	struct bpf_program program;
	int error = 0;

	if (!mip6_port_pcap_filter(home, n, text, sizeof(text)))
		return EMSGSIZE;
	if (pcap_compile(p->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return EINVAL;
	if (pcap_setfilter(p->pcap, &program) != 0)
		error = EIO;
	pcap_freecode(&program);
	return error;
}

static bool
port_open_capture(struct port_pcap *p, const char *name,
    const struct mip6_port_pcap_options *o, char *err, size_t err_octets)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	int status;

	p->pcap = pcap_create(name, text);
	if (p->pcap == NULL) {
		(void)snprintf(err, err_octets, "capture on %s: %s", name,
		    text);
		return false;
	}
	(void)pcap_set_snaplen(p->pcap, (int)o->frame_octets);
	(void)pcap_set_promisc(p->pcap, 0);
	(void)pcap_set_immediate_mode(p->pcap, 1);
	(void)pcap_set_buffer_size(p->pcap, (int)o->ring_octets);
	status = pcap_activate(p->pcap);
	if (status < 0) {
		(void)snprintf(err, err_octets, "capture on %s: %s (%s)", name,
		    pcap_statustostr(status), pcap_geterr(p->pcap));
		return false;
	}
	p->dlt = pcap_datalink(p->pcap);
	if (mip6_port_pcap_homes(&p->port, NULL, 0) != 0 ||
	    pcap_setdirection(p->pcap, PCAP_D_IN) != 0 ||
	    pcap_setnonblock(p->pcap, 1, text) != 0) {
		(void)snprintf(err, err_octets, "capture on %s: %s%s", name,
		    pcap_geterr(p->pcap), text);
		return false;
	}
	p->port.fd = pcap_get_selectable_fd(p->pcap);
	if (p->port.fd < 0) {
		(void)snprintf(err, err_octets,
		    "capture on %s: nothing to wait on", name);
		return false;
	}
	return true;
}

static bool
port_open_inject(struct port_pcap *p, const char *name, char *err,
    size_t err_octets)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	int fd, flags;

	p->net = libnet_init(LIBNET_LINK_ADV, name, text);
	if (p->net == NULL) {
		(void)snprintf(err, err_octets, "injection on %s: %s", name,
		    text);
		return false;
	}
	/* A full device queue must not stop the whole daemon. */
	fd = libnet_getfd(p->net);
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
		(void)snprintf(err, err_octets, "injection on %s: %s", name,
		    strerror(errno));
		return false;
	}
	return true;
}

struct mip6_port *
mip6_port_pcap_open_with(const struct mip6_ev_link *link,
    const struct mip6_port_pcap_options *o, char *err, size_t err_octets)
{
	struct port_pcap *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		(void)snprintf(err, err_octets, "no memory");
		if (o->raw_fd >= 0)
			close(o->raw_fd);
		return NULL;
	}
	p->port.ops = &port_pcap_ops;
	p->port.ifindex = link->ifindex;
	p->raw_fd = o->raw_fd;
	p->lladdr = link->lladdr;
	if (!port_open_capture(p, link->name, o, err, err_octets) ||
	    (!link->raw && !port_open_inject(p, link->name, err, err_octets))) {
		port_pcap_close(&p->port);
		return NULL;
	}
	return &p->port;
}

struct mip6_port *
mip6_port_pcap_open(const struct mip6_ev_link *link, char *err,
    size_t err_octets)
{
	const struct mip6_port_pcap_options o = {
		MIP6_PORT_PCAP_FRAME_BIG,
		PORT_RING_OCTETS,
		-1,
	};

	return mip6_port_pcap_open_with(link, &o, err, err_octets);
}

void
mip6_port_pcap_rename(struct mip6_port *port, const char *name)
{
	struct port_pcap *p = (struct port_pcap *)(void *)port;
	char *copy = p->net != NULL ? strdup(name) : NULL;

	if (copy == NULL)
		return;
	free(p->net->device);
	p->net->device = copy;
}

int
mip6_port_pcap_rx_fd(const struct mip6_port *port)
{
	return port->fd;
}

int
mip6_port_pcap_tx_fd(const struct mip6_port *port)
{
	const struct port_pcap *p =
	    (const struct port_pcap *)(const void *)port;

	return p->net != NULL ? libnet_getfd(p->net) : -1;
}
