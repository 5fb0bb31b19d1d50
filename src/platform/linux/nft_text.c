/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules that keep mobility packets from the kernel, which would answer
 * them with ICMPv6 errors (or, with Mobile IPv6 built in, act on them).
 *
 * At ingress of each captured link, before anything else of the kernel but
 * after the capture: to a home address of ours, everything is dropped
 * (`shield`); to another address of ours, exactly protocols 41 and 135, the
 * type 2 routing header, and a destination options header with the Home
 * Address option, which stands at 8n+6 (RFC 6275 section 6.3).  Fragments of
 * 41 and 135 are among these, and so is the first fragment of the others; a
 * kernel without it drops the rest in silence.  6in6 tunnels of somebody
 * else's, which the kernel knows, are let pass.
 *
 * What such rules cannot read (a chain cut before the option, an option out of
 * alignment) the kernel still answers, so a second rule, on output, drops
 * ICMPv6 errors about such packets.  What the daemon sends itself is injected
 * below both.
 */
#include "platform/linux/nft_text.h"

#include <inttypes.h>

#include "platform/linux/linux.h"

#define NFT_IP6      40 /* octets of the IPv6 header */
#define NFT_OPTIONS  4  /* places for the option looked at */
#define NFT_POINTERS 40 /* of a Parameter Problem looked at */
#define NFT_QUOTE    8  /* octets of an ICMPv6 error before the quote */

static void
text_set(FILE *f, const char *name, const struct mip6_addr_list *l)
{
	uint32_t i;

	(void)fprintf(f, "\tset %s {\n\t\ttype ipv6_addr\n", name);
	for (i = 0; i < l->count; i++)
		(void)fprintf(f, "%s%s", i == 0 ? "\t\telements = { " : ", ",
		    mip6_addr_text(&l->addr[i]).s);
	(void)fprintf(f, "%s\t}\n", l->count > 0 ? " }\n" : "");
}

static void
text_tunnels(FILE *f, const struct mip6_nft *n)
{
	uint32_t i;

	(void)fprintf(f, "\tset tunnels {\n\t\ttype ipv6_addr . ipv6_addr\n");
	for (i = 0; i < n->tunnels; i++)
		(void)fprintf(f, "%s%s . %s",
		    i == 0 ? "\t\telements = { " : ", ",
		    mip6_addr_text(&n->tunnel[i].remote).s,
		    mip6_addr_text(&n->tunnel[i].local).s);
	(void)fprintf(f, "%s\t}\n", n->tunnels > 0 ? " }\n" : "");
}

/* The Home Address option in an options header at octet `at`. */
static void
text_option(FILE *f, const char *guard, unsigned at)
{
	unsigned n;

	for (n = 0; n < NFT_OPTIONS; n++)
		(void)fprintf(f,
		    "\t\t%s @nh,%u,8 >= %u @nh,%u,16 0xc910 "
		    "drop\n",
		    guard, (at + 1) * 8, 2 + n, (at + 6 + 8 * n) * 8);
}

static void
text_mobility(FILE *f)
{
	(void)fprintf(f,
	    "\tchain mobility {\n"
	    "\t\tip6 nexthdr { 6, 17, 58 } return\n"
	    "\t\tmeta l4proto 135 drop\n"
	    "\t\tmeta l4proto 41 ip6 saddr . ip6 daddr @tunnels return\n"
	    "\t\tmeta l4proto 41 drop\n"
	    "\t\trt type 2 drop\n");
	text_option(f, "ip6 nexthdr 60", NFT_IP6);
	/* Behind a short options header, or in a first fragment. */
	text_option(f, "ip6 nexthdr { 0, 60 } @nh,320,16 0x3c00", NFT_IP6 + 8);
	text_option(f, "ip6 nexthdr 44 frag frag-off 0 @nh,320,8 0x3c",
	    NFT_IP6 + 8);
	text_option(f,
	    "ip6 nexthdr 0 @nh,320,16 0x2c00 frag frag-off 0 "
	    "@nh,384,8 0x3c",
	    NFT_IP6 + 16);
	(void)fprintf(f, "\t}\n");
}

void
mip6_nft_text_link(FILE *f, const struct mip6_nft *n, uint32_t i)
{
	(void)fprintf(f,
	    "\tchain link_%" PRIu32 " {\n"
	    "\t\ttype filter hook ingress device \"%s\" priority -500; "
	    "policy accept;\n"
	    "\t\tip6 daddr @shield drop\n"
	    "\t\tip6 daddr @silence jump mobility\n"
	    "\t}\n",
	    n->link[i].ifindex, n->link[i].name);
}

/*
 * Errors about fragments.  Of a first one with too little in it to say what
 * follows (code 3), all are taken that may be ours.
 */
static void
text_fragments(FILE *f)
{
	unsigned n;

	(void)fprintf(f,
	    "\tchain fragments {\n"
	    "\t\t@th,384,8 { 41, 135 } drop\n"
	    "\t\t@th,384,8 43 @th,464,8 2 drop\n");
	for (n = 0; n < NFT_OPTIONS; n++)
		(void)fprintf(f, "\t\t@th,384,8 60 @th,%u,16 0xc910 drop\n",
		    (NFT_QUOTE + NFT_IP6 + 8 + 6 + 8 * n) * 8);
	(void)fprintf(f,
	    "\t\ticmpv6 type parameter-problem "
	    "@th,384,8 { 43, 60 } drop\n\t}\n");
}

/* An option that the kernel does not know, where it points to 0xc9. */
static void
text_pointers(FILE *f)
{
	unsigned p;

	(void)fprintf(f, "\tchain option {\n");
	for (p = NFT_IP6 + 2; p < NFT_IP6 + 2 + NFT_POINTERS; p++)
		(void)fprintf(f, "\t\t@th,32,32 %u @th,%u,8 0xc9 drop\n", p,
		    (NFT_QUOTE + p) * 8);
	(void)fprintf(f, "\t}\n");
}

/* Quoted headers, by their place in the error: see NFT_QUOTE. */
static void
text_errors(FILE *f)
{
	text_pointers(f);
	text_fragments(f);
	(void)fprintf(f,
	    "\tchain errors {\n"
	    "\t\t@th,112,8 { 41, 135 } drop\n"
	    "\t\t@th,112,8 { 0, 43, 60 } @th,384,8 { 41, 135 } drop\n"
	    "\t\t@th,112,8 43 @th,400,8 2 drop\n"
	    "\t\t@th,112,8 { 0, 60 } @th,384,8 43 @th,464,8 2 drop\n"
	    "\t\t@th,112,8 0 @th,384,16 0x2c00 @th,448,8 { 41, 135 } drop\n"
	    "\t\ticmpv6 type parameter-problem icmpv6 code 2 jump option\n"
	    "\t\t@th,112,8 44 icmpv6 type time-exceeded icmpv6 code 1 "
	    "jump fragments\n"
	    "\t\t@th,112,8 44 icmpv6 type parameter-problem icmpv6 code 3 "
	    "jump fragments\n"
	    "\t}\n\tchain output {\n"
	    "\t\ttype filter hook output priority 0; policy accept;\n"
	    "\t\tip6 saddr @silence icmpv6 type { destination-unreachable, "
	    "time-exceeded, parameter-problem } jump errors\n"
	    "\t}\n");
}

void
mip6_nft_text_remove(FILE *f)
{
	/* Added first: deleting what is not there would be an error. */
	(void)fprintf(f,
	    "add table netdev mip6d\ndelete table netdev mip6d\n"
	    "add table ip6 mip6d\ndelete table ip6 mip6d\n");
}

void
mip6_nft_text(FILE *f, const struct mip6_nft *n)
{
	uint32_t i;

	mip6_nft_text_remove(f);
	(void)fprintf(f, "table netdev mip6d {\n");
	text_set(f, "shield", &n->shield);
	text_set(f, "silence", &n->silence);
	text_tunnels(f, n);
	text_mobility(f);
	for (i = 0; i < n->links; i++)
		mip6_nft_text_link(f, n, i);
	(void)fprintf(f, "}\ntable ip6 mip6d {\n");
	text_set(f, "silence", &n->silence);
	text_errors(f);
	(void)fprintf(f, "}\n");
}
