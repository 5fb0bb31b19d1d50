/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route-optimized packets for others to judge:
 *
 *	make_direct FOLDER SEED COUNT
 *
 * A mobile node away, a correspondent and another mobile node away are three
 * packet paths.  Random packets of one's host for another become those of the
 * wire and, there, of the TUN again.  FOLDER gets the captures sent.pcap,
 * wire.pcap and got.pcap; the seconds of a packet are the number of the one
 * that its host sent.
 *
 * Links: path
 */
#include <stdio.h>

#include "unit/path_direct.h"

#define PCAP_MAGIC 0xa1b2c3d4U
#define LINK_IPV6  229
#define PORT       6275

/* Who sends to whom, and which headers that takes. */
struct way {
	const char *src, *dst;
	size_t from, to;
};

static const struct way ways[] = {
	{ HOME, PEER, 0, 1 },  /* Home Address option */
	{ PEER, HOME, 1, 0 },  /* type 2 routing header */
	{ HOME, HOME2, 0, 2 }, /* both */
	{ HOME2, HOME, 2, 0 }, /* both, back */
	{ HOME2, PEER, 2, 1 },
	{ PEER, HOME2, 1, 2 },
};

static struct pf *
open_other(void)
{
	struct pf *f = pf_open();
	struct mip6_addr coa = addr(COA2);

	pf_hop(f, 0, LINK_AWAY, true);
	assert_true(mip6_path_local_set(f->path, &coa, true));
	pf_set(f, pf_row(MIP6_FWD_MN_TUNNEL, HOME2, COA2, AGENT));
	pf_set(f, pd_row(HOME2, HOME, COA2, COA));
	pf_set(f, pd_row(HOME2, PEER, COA2, PEER));
	return f;
}

static void
put_u32(FILE *file, uint32_t v)
{
	const uint8_t octets[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	(void)fwrite(octets, 1, 4, file);
}

static FILE *
capture(const char *folder, const char *name)
{
	char path[1024];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (file == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	put_u32(file, PCAP_MAGIC);
	put_u32(file, 0x00020004);
	put_u32(file, 0);
	put_u32(file, 0);
	put_u32(file, 65535);
	put_u32(file, LINK_IPV6);
	return file;
}

static void
capture_put(FILE *file, uint32_t number, const struct octets *o)
{
	put_u32(file, number);
	put_u32(file, 0);
	put_u32(file, (uint32_t)o->n);
	put_u32(file, (uint32_t)o->n);
	(void)fwrite(o->v, 1, o->n, file);
}

static size_t
below(uint64_t *seed, size_t n)
{
	return (size_t)(support_draw(seed) % n);
}

/* TCP, UDP or an echo request of `n` octets, checksum and all. */
static struct octets
upper(uint64_t *seed, const struct way *w, size_t n, uint8_t *next)
{
	struct octets o = fill(n, (uint8_t)support_draw(seed));

	/* Ports of nobody. */
	o.v[0] = o.v[2] = PORT >> 8;
	o.v[1] = o.v[3] = PORT & 0xff;
	switch (below(seed, 3)) {
	case 0:
		*next = MIP6_NH_UDP;
		o.v[4] = (uint8_t)(n >> 8);
		o.v[5] = (uint8_t)n;
		break;
	case 1:
		*next = MIP6_NH_TCP;
		o.v[12] = 0x50;
		o.v[13] = 0x18;
		o.v[18] = o.v[19] = 0;
		break;
	default:
		*next = MIP6_NH_ICMPV6;
		o.v[0] = MIP6_ICMP6_ECHO_REQUEST;
		o.v[1] = 0;
		break;
	}
	o = checked(ip6(w->src, w->dst, *next, 64, o));
	return part(o, MIP6_IP6_OCTETS, n);
}

/* A host's packet, or the fragments of one; how many. */
static size_t
host_packets(uint64_t *seed, const struct way *w, uint32_t number,
    struct octets out[2])
{
	/* Often as large as narrow paths take, or nearly. */
	size_t n = below(seed, 3) == 0 ? 1170 + below(seed, 80) :
					 24 + below(seed, 1300);
	size_t cut;
	uint8_t next;
	struct octets up = upper(seed, w, n, &next);

	switch (below(seed, 6)) {
	case 0: /* hop-by-hop options */
		out[0] = ip6(w->src, w->dst, MIP6_NH_HOPOPTS, 64,
		    join(options(next), up));
		return 1;
	case 1: /* destination options of its own */
		out[0] = ip6(w->src, w->dst, MIP6_NH_DSTOPTS, 64,
		    join(options(next), up));
		return 1;
	case 2: /* both */
		out[0] = ip6(w->src, w->dst, MIP6_NH_HOPOPTS, 64,
		    join(options(MIP6_NH_DSTOPTS), join(options(next), up)));
		return 1;
	case 3: /* fragments */
		cut = 8 * (1 + below(seed, (n - 1) / 8));
		out[0] = ip6(w->src, w->dst, MIP6_NH_FRAGMENT, 64,
		    frag(next, 0, true, number, part(up, 0, cut)));
		out[1] = ip6(w->src, w->dst, MIP6_NH_FRAGMENT, 64,
		    frag(next, cut, false, number, part(up, cut, n - cut)));
		return 2;
	default:
		out[0] = ip6(w->src, w->dst, next, 64, up);
		return 1;
	}
}

/* On narrow paths what is small enough for IPv6 is cut on its way. */
static void
narrow(struct pf *f, const struct way *w, uint16_t mtu)
{
	const char *at[] = { COA, PEER, COA2 };
	struct mip6_fwd_row row =
	    pd_row(w->src, w->dst, at[w->from], at[w->to]);

	row.mtu = mtu;
	pf_set(f, row);
	pf_clear(f);
}

static int
make(const char *folder, uint64_t seed, uint32_t count)
{
	struct pf *node[3] = { pd_open_mn(), pd_open_cn(), open_other() };
	FILE *sent = capture(folder, "sent.pcap");
	FILE *wire = capture(folder, "wire.pcap");
	FILE *got = capture(folder, "got.pcap");
	struct octets host[2], o;
	const struct way *w;
	size_t pieces, i, k;
	uint32_t n;

	pf_set(node[0], pd_row(HOME, PEER, COA, PEER));
	pf_set(node[1], pd_row(PEER, HOME2, PEER, COA2));
	for (n = 0; n < count; n++) {
		w = &ways[below(&seed, MIP6_COUNT(ways))];
		narrow(node[w->from], w, below(&seed, 4) == 0 ? 1280 : 1500);
		pieces = host_packets(&seed, w, n, host);
		pf_clear(node[w->to]);
		for (i = 0; i < pieces; i++) {
			capture_put(sent, n, &host[i]);
			pf_tun(node[w->from], host[i]);
		}
		for (i = 0; i < node[w->from]->outs; i++) {
			if (node[w->from]->out[i].ifindex != LINK_AWAY)
				continue;
			o = pf_octets(node[w->from], i);
			capture_put(wire, n, &o);
			pf_link(node[w->to], LINK_AWAY, o);
		}
		for (k = 0; k < node[w->to]->outs; k++) {
			o = pf_octets(node[w->to], k);
			capture_put(got, n, &o);
		}
	}
	for (i = 0; i < MIP6_COUNT(node); i++)
		pf_close(node[i]);
	return fclose(sent) + fclose(wire) + fclose(got) == 0 ? EXIT_SUCCESS :
								EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc == 4)
		return make(argv[1], strtoull(argv[2], NULL, 10),
		    (uint32_t)strtoul(argv[3], NULL, 10));
	(void)fprintf(stderr, "usage: make_direct FOLDER SEED COUNT\n");
	return EXIT_FAILURE;
}
