/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why traffic does not flow, in words: the cause of each failure that a node
 * can know of, as `mip6ctl status` says it.
 */
#include "core/show_int.h"

#include "core/ha_int.h"
#include "core/mn_int.h"

#include <string.h>

static const char *
show_icmp_name(uint8_t type, uint8_t code)
{
	static const char *const unreachable[] = { "no route to destination",
		"administratively prohibited", "beyond scope of source",
		"address unreachable", "port unreachable" };

	if (type == MIP6_ICMP6_UNREACHABLE && code < MIP6_COUNT(unreachable))
		return unreachable[code];
	if (type == MIP6_ICMP6_TIME_EXCEEDED)
		return "time exceeded";
	if (type == MIP6_ICMP6_PARAM_PROBLEM)
		return code == MIP6_ICMP6_NEXT_HEADER ?
		    "does not know the Mobility Header" :
		    "parameter problem";
	return "ICMPv6 error";
}

static void
show_why_nowhere(const struct mip6_node *n, const struct mn_home *h,
    struct mip6_fmt *f)
{
	const struct mip6_link *l, *up = NULL;
	bool any = false;
	uint32_t i;

	(void)h;
	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		any = any || (l->used && l->is_mn);
		if (l->used && l->is_mn && l->ev.up &&
		    (up == NULL || l->ra_at.us != 0))
			up = l;
	}
	if (!any) {
		mip6_fmt_str(f, "no interface of the configuration is there");
	} else if (up == NULL) {
		mip6_fmt_str(f, "no link is up");
	} else if (!up->captured) {
		mip6_fmt_str(f, "cannot capture packets on ");
		mip6_fmt_str(f, up->ev.name);
	} else if (up->ra_at.us == 0) {
		mip6_fmt_str(f, "no Router Advertisement on ");
		mip6_fmt_str(f, up->ev.name);
		mip6_fmt_str(f, ": ");
		mip6_fmt_u64(f, up->solicited);
		mip6_fmt_str(f, " solicitations sent");
	} else {
		mip6_fmt_str(f, "no usable care-of address on ");
		mip6_fmt_str(f, up->ev.name);
	}
}

static void
show_why_silent(const struct mip6_node *n, const struct mip6_now *now,
    const struct mn_home *h, struct mip6_fmt *f)
{
	const struct mip6_link *l = NULL;
	uint32_t i;
	struct mip6_span s =
	    mip6_time_sub(now->boot, h->ha->bul.first_unanswered);

	mip6_fmt_str(f, "no Binding Acknowledgement from ");
	mip6_fmt_addr(f, &h->ha->addr);
	mip6_fmt_str(f, " for ");
	mip6_fmt_u64(f, (uint64_t)(s.us / 1000000));
	mip6_fmt_str(f, " s: ");
	mip6_fmt_u64(f, h->ha->bul.unanswered);
	mip6_fmt_str(f, " sent");
	if (h->icmp_seen) {
		mip6_fmt_str(f, ", ");
		mip6_fmt_str(f, show_icmp_name(h->icmp_type, h->icmp_code));
		mip6_fmt_str(f, " from ");
		mip6_fmt_addr(f, &h->icmp_from);
	}
	for (i = 0; i < MIP6_LINKS_MAX; i++)
		if (n->link[i].used && n->link[i].ev.ifindex == h->at.ifindex)
			l = &n->link[i];
	if (l != NULL && l->blamed > 0) {
		mip6_fmt_str(f, "; nothing comes through ");
		mip6_fmt_str(f, l->ev.name);
	}
}

static void
show_why_refused(const struct mip6_now *now, const struct mn_home *h,
    struct mip6_fmt *f)
{
	mip6_fmt_str(f, "refused by ");
	mip6_fmt_addr(f, &h->ha->addr);
	mip6_fmt_str(f, ": ");
	mip6_fmt_str(f, mip6_ba_status_name((uint8_t)h->ha->last_status));
	mip6_fmt_str(f, " (");
	mip6_fmt_u64(f, (uint64_t)h->ha->last_status);
	if (h->ha->last_status_authentic)
		mip6_fmt_str(f, ")");
	else if (h->ha->last_status == MIP6_BA_AUTH_FAIL)
		mip6_fmt_str(f,
		    ", not authenticated: is the key the same on both sides?)");
	else /* it has no key for us, or it is not its answer */
		mip6_fmt_str(f, ", not authenticated)");
	if (h->ha->last_status == MIP6_BA_ID_MISMATCH &&
	    h->ha->clock_offset_us != 0) {
		mip6_fmt_str(f, "; its clock said ");
		mip6_fmt_i64(f, h->ha->clock_offset_us / 1000000);
		mip6_fmt_str(f, " s more than ours");
	}
	if (h->do_not_send && mip6_time_before(now->boot, h->refused_until)) {
		mip6_fmt_str(f, "; asked again in ");
		mip6_fmt_u64(f,
		    (uint64_t)(mip6_time_sub(h->refused_until, now->boot).us /
			1000000));
		mip6_fmt_str(f, " s");
	}
}

/* Nobody to ask yet: what is being done about that. */
static void
show_why_seek(const struct mn_home *h, struct mip6_fmt *f)
{
	const struct mn_name *k;
	uint32_t i;

	for (i = 0; i < h->c->agents; i++) {
		k = &h->seek.name[i];
		if (!mip6_addr_is_any(&h->c->agent[i].addr))
			continue;
		mip6_fmt_str(f, f->count > 0 ? "; " : "");
		mip6_fmt_str(f,
		    k->error > 0 ? "cannot resolve " : "resolving ");
		mip6_fmt_str(f, h->c->agent[i].name);
		if (k->error > 0) {
			mip6_fmt_str(f, ": errno ");
			mip6_fmt_i64(f, k->error);
		}
	}
	if (!h->c->agent_auto)
		return;
	mip6_fmt_str(f, f->count > 0 ? "; " : "");
	mip6_fmt_str(f, "no home agent answers the address discovery: ");
	mip6_fmt_u64(f, h->seek.sent);
	mip6_fmt_str(f, " sent");
}

bool
show_agents_left(const struct mn_home *h, struct mip6_fmt *f)
{
	const struct mn_agent *a;
	bool any = false;
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++) {
		a = &h->agent[i];
		if (!a->used || a == h->ha || a->left == MN_LEFT_NOT)
			continue;
		mip6_fmt_str(f, any ? "; home agent " : "home agent ");
		any = true;
		mip6_fmt_addr(f, &a->addr);
		if (a->left == MN_LEFT_SILENT) {
			mip6_fmt_str(f, " does not answer (");
			mip6_fmt_u64(f, a->left_sent);
			mip6_fmt_str(f, " sent)");
		} else if (a->left == MN_LEFT_REFUSED) {
			mip6_fmt_str(f, " refuses: ");
			mip6_fmt_str(f,
			    mip6_ba_status_name((uint8_t)a->last_status));
		} else {
			mip6_fmt_str(f, " cannot be reached or is none");
		}
	}
	return any;
}

/* On the home link: is the address free? */
static void
show_why_check(const struct mip6_node *n, const struct mip6_now *now,
    const struct mn_home *h, struct mip6_fmt *f)
{
	mip6_fmt_str(f, h->conflict ? "" : "checking whether ");
	mip6_fmt_addr(f, &h->hoa);
	if (!h->conflict) {
		mip6_fmt_str(f, " is free on the home link");
	} else if (nd_usable(n, h->at_hop) &&
	    memcmp(&n->neighbour[h->at_hop].lladdr, &h->other,
		sizeof(h->other)) == 0) {
		mip6_fmt_str(f, " is still defended by the home agent");
	} else {
		mip6_fmt_str(f, " is used by another node on the home link: ");
		mip6_fmt_lladdr(f, &h->other);
	}
	if (h->ha->bul.unanswered > 1) {
		mip6_fmt_str(f, "; ");
		show_why_silent(n, now, h, f);
	}
}

static void
show_why_barred(const struct mip6_now *now, const struct mn_home *h,
    struct mip6_fmt *f)
{
	if (!mn_is_barred(h, now->boot))
		return;
	mip6_fmt_str(f, "the tunnel to ");
	mip6_fmt_addr(f, &h->bound->addr);
	mip6_fmt_str(f, " does not get through: ");
	mip6_fmt_str(f, show_icmp_name(MIP6_ICMP6_UNREACHABLE, h->barred.code));
	mip6_fmt_str(f, " from ");
	mip6_fmt_addr(f, &h->barred.from);
}

void
show_why_home(const struct mip6_node *n, const struct mip6_now *now,
    const struct mn_home *h, struct mip6_fmt *f)
{
	switch (h->state) {
	case MN_REGISTERED:
		show_why_barred(now, h, f);
		break;
	case MN_AT_HOME:
		break;
	case MN_NOWHERE:
		show_why_nowhere(n, h, f);
		break;
	case MN_REGISTERING:
	case MN_UPDATING:
	case MN_RETURNING:
		if (mip6_addr_is_any(&h->ha->addr))
			show_why_seek(h, f);
		else if (show_agents_left(h, f)) {
			mip6_fmt_str(f, "; trying ");
			mip6_fmt_addr(f, &h->ha->addr);
		} else if (h->ha->last_status >= 128)
			show_why_refused(now, h, f);
		else if (h->ha->bul.unanswered > 1)
			show_why_silent(n, now, h, f);
		else
			mip6_fmt_str(f, "waiting for the home agent's answer");
		break;
	case MN_CHECKING:
	case MN_CONFLICT:
		show_why_check(n, now, h, f);
		break;
	case MN_STATE_COUNT:
		break;
	}
}

void
mip6_show_why(const struct mip6_node *n, const struct mip6_now *now,
    struct mip6_fmt *f)
{
	uint32_t i;

	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX && f->count == 0; i++)
		if (n->mn->home[i].used)
			show_why_home(n, now, &n->mn->home[i], f);
	if (f->count == 0 && n->ha != NULL)
		ha_place_why(n, f);
	if (f->count == 0 && host_unfulfilled(n) > 0) {
		mip6_fmt_str(f, "the host refused ");
		mip6_fmt_u64(f, host_unfulfilled(n));
		mip6_fmt_str(f, " changes, the last: ");
		mip6_fmt_str(f, mip6_action_name(n->host_refusal_kind));
		mip6_fmt_str(f, ", errno ");
		mip6_fmt_i64(f, n->host_refusal_error);
	}
}
