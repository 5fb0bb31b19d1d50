/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet filter, kept true to a list of links and two of addresses.
 *
 * The tables `netdev mip6d` and `ip6 mip6d` are ours and exist while there is
 * anything to put into them.  A change is one transaction: an element, a
 * chain.  Where that fails, because somebody flushed the rules, both tables
 * are made anew from the lists, in one transaction as well; where that fails
 * too, the change is taken back and refused.
 */
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <nftables/libnftables.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "platform/linux/linux.h"
#include "platform/linux/nft_text.h"
#include "platform/linux/undo.h"

#define NFT_TABLE         "mip6d"
#define NFT_LINKS_MAX     1024
#define NFT_TUNNELS_MAX   1024
#define NFT_ADDRS_MAX     65536
#define NFT_DATAGRAMS_MAX 256

/* What it prints goes to *out; reading both buffers empties them. */
static int
nft_run_out(struct mip6_plat *p, const char *text, const char **out)
{
	int status = nft_run_cmd_from_buffer(p->nft.ctx, text);
	const char *why = nft_ctx_get_error_buffer(p->nft.ctx);

	*out = nft_ctx_get_output_buffer(p->nft.ctx);
	if (status == 0)
		return 0;
	MIP6_LOG(p->env.log, DEBUG, "plat.nft",
	    MIP6_KS("error", why != NULL ? why : ""));
	return errno != 0 ? errno : EIO;
}

static int
nft_run(struct mip6_plat *p, const char *text)
{
	const char *out;

	return nft_run_out(p, text, &out);
}

static int
nft_rebuild(struct mip6_plat *p)
{
	char *text = NULL;
	size_t octets = 0;
	FILE *f = open_memstream(&text, &octets);
	int error;

	if (f == NULL)
		return errno;
	mip6_nft_text(f, &p->nft);
	error = fclose(f) == 0 ? 0 : errno;
	if (error == 0)
		error = nft_run(p, text);
	free(text);
	return error;
}

int
mip6_nft_remove(struct mip6_plat *p)
{
	char text[256];
	FILE *f = fmemopen(text, sizeof(text), "w");

	if (f == NULL)
		return errno;
	mip6_nft_text_remove(f);
	if (fclose(f) != 0)
		return errno;
	return nft_run(p, text);
}

/*
 * The lists have changed: `text` is the change.  Makes the tables when they
 * are needed and not there, and removes them when they are not.
 */
static int
nft_change(struct mip6_plat *p, const char *text)
{
	static const struct mip6_undo undo = { .kind = MIP6_UNDO_NFT };
	struct mip6_nft *n = &p->nft;
	int error;

	if (n->links + n->silence.count + n->shield.count == 0) {
		error = n->on ? mip6_undo_line(p, n->journal) : 0;
		n->on = false;
		n->journal = 0;
		return error;
	}
	if (n->on)
		return nft_run(p, text) == 0 ? 0 : nft_rebuild(p);
	n->journal = mip6_undo_note(p, &undo);
	if (n->journal == 0)
		return errno;
	error = nft_rebuild(p);
	n->on = error == 0;
	if (error != 0) {
		mip6_journal_del(&p->journal, n->journal);
		n->journal = 0;
	}
	return error;
}

static uint32_t
nft_find(const struct mip6_addr_list *l, const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < l->count; i++) {
		if (mip6_addr_equal(&l->addr[i], a))
			return i;
	}
	return UINT32_MAX;
}

static int
nft_list_add(struct mip6_addr_list *l, const struct mip6_addr *a)
{
	struct mip6_addr *addr;
	uint32_t cap;

	if (l->count == l->cap) {
		cap = l->cap == 0 ? 8 : l->cap * 2;
		addr = cap > NFT_ADDRS_MAX ?
		    NULL :
		    realloc(l->addr, cap * sizeof(*addr));
		if (addr == NULL)
			return ENOBUFS;
		l->addr = addr;
		l->cap = cap;
	}
	l->addr[l->count++] = *a;
	return 0;
}

static int
nft_addr(struct mip6_plat *p, struct mip6_addr_list *l, const char *set,
    bool output, const struct mip6_addr *a, bool on)
{
	uint32_t at = nft_find(l, a);
	const char *verb = on ? "add" : "delete";
	struct mip6_addr_text t = mip6_addr_text(a);
	char text[256];
	int error, n;

	if (mip6_addr_is_any(a) || mip6_addr_is_multicast(a) ||
	    mip6_addr_is_loopback(a))
		return EINVAL;
	if (on == (at != UINT32_MAX))
		return 0;
	error = on ? nft_list_add(l, a) : 0;
	if (error != 0)
		return error;
	if (!on)
		l->addr[at] = l->addr[--l->count];
	n = snprintf(text, sizeof(text),
	    "%s element netdev " NFT_TABLE " %s { %s }\n", verb, set, t.s);
	if (output)
		(void)snprintf(text + n, sizeof(text) - (size_t)n,
		    "%s element ip6 " NFT_TABLE " %s { %s }\n", verb, set, t.s);
	error = nft_change(p, text);
	if (error != 0 && on)
		l->count--;
	else if (error != 0)
		(void)nft_list_add(l, a);
	return error;
}

int
mip6_nft_silence(struct mip6_plat *p, const struct mip6_addr *a, bool on)
{
	return nft_addr(p, &p->nft.silence, "silence", true, a, on);
}

int
mip6_nft_shield(struct mip6_plat *p, const struct mip6_addr *a, bool on)
{
	int error = nft_addr(p, &p->nft.shield, "shield", false, a, on);

	if (error == 0)
		mip6_ports_homes(p);
	return error;
}

/* A name that can stand in nft's text. */
static bool
nft_name_is_plain(const char *name)
{
	for (; *name != '\0'; name++) {
		if (!isalnum((unsigned char)*name) &&
		    strchr("._-:@", *name) == NULL)
			return false;
	}
	return true;
}

static int
nft_link_add(struct mip6_plat *p, uint32_t ifindex)
{
	struct mip6_nft *n = &p->nft;
	struct mip6_nft_link *link;
	char name[IF_NAMESIZE];
	char text[512];
	FILE *f;
	int error;

	if (ifindex > INT32_MAX || if_indextoname(ifindex, name) == NULL)
		return ENODEV;
	if (!nft_name_is_plain(name))
		return EINVAL;
	if (n->links == NFT_LINKS_MAX)
		return ENOBUFS;
	link = realloc(n->link, (n->links + 1) * sizeof(*link));
	if (link == NULL)
		return ENOMEM;
	n->link = link;
	link[n->links].ifindex = ifindex;
	(void)snprintf(link[n->links].name, sizeof(link[0].name), "%s", name);
	f = fmemopen(text, sizeof(text), "w");
	if (f == NULL)
		return errno;
	(void)fprintf(f, "table netdev " NFT_TABLE " {\n");
	mip6_nft_text_link(f, n, n->links++);
	(void)fprintf(f, "}\n");
	error = fclose(f) == 0 ? nft_change(p, text) : errno;
	if (error != 0)
		n->links--;
	return error;
}

int
mip6_nft_capture(struct mip6_plat *p, uint32_t ifindex, bool on)
{
	struct mip6_nft *n = &p->nft;
	struct mip6_nft_link old;
	char text[128];
	uint32_t i;
	int error;

	if (ifindex == 0)
		return EINVAL;
	for (i = 0; i < n->links; i++) {
		if (n->link[i].ifindex == ifindex)
			break;
	}
	if (on == (i < n->links))
		return 0;
	if (on)
		return nft_link_add(p, ifindex);
	old = n->link[i];
	n->link[i] = n->link[--n->links];
	(void)snprintf(text, sizeof(text),
	    "flush chain netdev " NFT_TABLE
	    " link_%u\ndelete chain netdev " NFT_TABLE " link_%u\n",
	    (unsigned)ifindex, (unsigned)ifindex);
	error = nft_change(p, text);
	if (error != 0)
		n->link[n->links++] = old;
	return error;
}

void
mip6_nft_rename(struct mip6_plat *p, uint32_t ifindex, const char *name)
{
	struct mip6_nft *n = &p->nft;
	uint32_t i;

	for (i = 0; i < n->links; i++) {
		if (n->link[i].ifindex != ifindex || !nft_name_is_plain(name))
			continue;
		(void)snprintf(n->link[i].name, sizeof(n->link[i].name), "%s",
		    name);
		if (nft_rebuild(p) != 0) {
			n->missing = true;
			mip6_work_restore(p);
		}
	}
}

static void
nft_tunnel_change(struct mip6_plat *p, const struct mip6_nft_tunnel *t, bool on)
{
	char text[256];

	(void)snprintf(text, sizeof(text),
	    "%s element netdev " NFT_TABLE " tunnels { %s . %s }\n",
	    on ? "add" : "delete", mip6_addr_text(&t->remote).s,
	    mip6_addr_text(&t->local).s);
	if (p->nft.on)
		(void)nft_change(p, text);
}

void
mip6_nft_tunnel(struct mip6_plat *p, uint32_t ifindex,
    const struct mip6_rt_link *l, bool on)
{
	struct mip6_nft *n = &p->nft;
	struct mip6_nft_tunnel *t, old;
	uint32_t i;

	for (i = 0; i < n->tunnels; i++) {
		if (n->tunnel[i].ifindex == ifindex)
			break;
	}
	if (i < n->tunnels) {
		old = n->tunnel[i];
		if (on && mip6_addr_equal(&old.local, &l->local) &&
		    mip6_addr_equal(&old.remote, &l->remote))
			return;
		n->tunnel[i] = n->tunnel[--n->tunnels];
		nft_tunnel_change(p, &old, false);
	}
	if (!on || n->tunnels == NFT_TUNNELS_MAX)
		return;
	t = realloc(n->tunnel, (n->tunnels + 1) * sizeof(*t));
	if (t == NULL)
		return;
	n->tunnel = t;
	t += n->tunnels++;
	t->ifindex = ifindex;
	t->local = l->local;
	t->remote = l->remote;
	nft_tunnel_change(p, t, true);
}

/* Are both tables there? */
static bool
nft_present(struct mip6_plat *p)
{
	const char *out;

	if (nft_run_out(p, "list tables", &out) != 0)
		return false;
	return out != NULL && strstr(out, "table netdev " NFT_TABLE) != NULL &&
	    strstr(out, "table ip6 " NFT_TABLE) != NULL;
}

void
mip6_nft_restore(struct mip6_plat *p)
{
	int error;

	if (!p->nft.missing)
		return;
	p->nft.missing = false;
	if (!p->nft.on || nft_present(p))
		return;
	error = nft_rebuild(p);
	if (error != 0) {
		p->nft.missing = true;
		mip6_work_restore(p);
		return;
	}
	p->restored++;
	MIP6_LOG(p->env.log, INFO, "plat.restored", MIP6_KS("kind", "nft"));
}

static bool
nft_is_our_table(struct mip6_nl_view body)
{
	struct nfgenmsg h;
	struct mip6_nl_view v;
	uint16_t type;

	if (!mip6_nl_fixed(&body, &h, sizeof(h)))
		return false;
	while (mip6_nl_attr(&body, &type, &v)) {
		if (type == NFTA_TABLE_NAME)
			return v.count == sizeof(NFT_TABLE) &&
			    memcmp(v.octets, NFT_TABLE, v.count) == 0;
	}
	return false;
}

void
mip6_nft_ready(struct mip6_plat *p)
{
	const uint16_t deleted = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELTABLE;
	enum mip6_nl_got got = MIP6_NL_DATAGRAM;
	struct mip6_nl_view v, body;
	struct mip6_nl_head h;
	int i;

	for (i = 0; i < NFT_DATAGRAMS_MAX && got == MIP6_NL_DATAGRAM; i++) {
		got = mip6_nl_recv(&p->nfmon, &v);
		if (got == MIP6_NL_LOST)
			p->nft.missing = true;
		if (got != MIP6_NL_DATAGRAM)
			continue;
		while (mip6_nl_message(&v, &h, &body)) {
			if (h.type == deleted && nft_is_our_table(body))
				p->nft.missing = true;
		}
	}
	if (p->nft.missing && p->nft.on)
		mip6_work_restore(p);
}

int
mip6_nft_init(struct mip6_plat *p, char *err, size_t err_octets)
{
	int error;

	p->nft.ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	if (p->nft.ctx == NULL || nft_ctx_buffer_output(p->nft.ctx) != 0 ||
	    nft_ctx_buffer_error(p->nft.ctx) != 0) {
		(void)snprintf(err, err_octets, "no memory");
		return -1;
	}
	error = nft_run(p, "list tables");
	if (error == 0)
		error = mip6_nl_open(&p->nfmon, NETLINK_NETFILTER);
	if (error == 0)
		error = mip6_nl_join(&p->nfmon, NFNLGRP_NFTABLES);
	if (error == 0)
		return 0;
	(void)snprintf(err, err_octets,
	    "the kernel's packet filter (nf_tables): %s", strerror(error));
	return -1;
}

void
mip6_nft_fini(struct mip6_plat *p)
{
	struct mip6_nft *n = &p->nft;

	if (n->ctx != NULL)
		nft_ctx_free(n->ctx);
	free(n->link);
	free(n->tunnel);
	free(n->silence.addr);
	free(n->shield.addr);
	memset(n, 0, sizeof(*n));
}
