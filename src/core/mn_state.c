/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine of a home address: a dense table of {action, next state}.  An
 * action never writes the state, and every change goes through mn_step.
 *
 * Implements: RFC 6275 sections 11.5.5 and 11.7.1.
 */
#include "core/mn_int.h"

enum mn_action {
	MN_DO_NOTHING,
	MN_DO_START,  /* a new series of Binding Updates */
	MN_DO_RESEND, /* the next update of the series, now */
	MN_DO_HOLD,   /* wait, long */
	MN_DO_STOP,   /* no more updates */
	MN_DO_BIND,   /* the tunnel of the acknowledgement */
	MN_DO_UNBIND, /* the binding is dead; go on registering */
	MN_DO_LOSE,   /* the binding is dead, and nowhere to register from */
	MN_DO_RETURN, /* de-register on the home link */
	MN_DO_ARRIVE, /* the home address is ours alone */
	MN_DO_CHECK,  /* is it free? Nothing else until that is known */
	MN_DO_PROBE,  /* the same, while the home agent is asked */
	MN_DO_DEFER,  /* it is another's: wait */
	MN_DO_CLAIM,  /* nobody else has it */
	MN_DO_LEAVE   /* from home to a foreign link */
};

struct mn_cell {
	enum mn_action act;
	enum mn_state next;
};

#define T(a, s)                                                                \
	{                                                                      \
		MN_DO_##a, MN_##s                                              \
	}

static const struct mn_cell mn_table[MN_STATE_COUNT][MN_EVENT_COUNT] = {
	[MN_NOWHERE] = {
		[MN_EV_COA] = T(START, REGISTERING),
		[MN_EV_NONE] = T(NOTHING, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(NOTHING, NOWHERE),
		[MN_EV_GONE] = T(NOTHING, NOWHERE),
		[MN_EV_UNSURE] = T(NOTHING, NOWHERE),
		[MN_EV_REFUSED] = T(NOTHING, NOWHERE),
		[MN_EV_AGAIN] = T(NOTHING, NOWHERE),
		[MN_EV_TIMEOUT] = T(NOTHING, NOWHERE),
		[MN_EV_SILENT] = T(NOTHING, NOWHERE),
		[MN_EV_REFRESH] = T(NOTHING, NOWHERE),
		[MN_EV_EXPIRED] = T(LOSE, NOWHERE),
		[MN_EV_UNIQUE] = T(NOTHING, NOWHERE),
		[MN_EV_DUPLICATE] = T(NOTHING, NOWHERE),
		[MN_EV_PROBE] = T(NOTHING, NOWHERE),
	},
	[MN_REGISTERING] = {
		[MN_EV_COA] = T(START, REGISTERING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(BIND, REGISTERED),
		[MN_EV_GONE] = T(NOTHING, REGISTERING),
		[MN_EV_UNSURE] = T(NOTHING, REGISTERING),
		[MN_EV_REFUSED] = T(HOLD, REGISTERING),
		[MN_EV_AGAIN] = T(RESEND, REGISTERING),
		[MN_EV_TIMEOUT] = T(RESEND, REGISTERING),
		[MN_EV_SILENT] = T(NOTHING, REGISTERING),
		[MN_EV_REFRESH] = T(NOTHING, REGISTERING),
		[MN_EV_EXPIRED] = T(UNBIND, REGISTERING),
		[MN_EV_UNIQUE] = T(NOTHING, REGISTERING),
		[MN_EV_DUPLICATE] = T(NOTHING, REGISTERING),
		[MN_EV_PROBE] = T(NOTHING, REGISTERING),
	},
	[MN_REGISTERED] = {
		[MN_EV_COA] = T(START, UPDATING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(BIND, REGISTERED),
		[MN_EV_GONE] = T(NOTHING, REGISTERED),
		[MN_EV_UNSURE] = T(NOTHING, REGISTERED),
		[MN_EV_REFUSED] = T(NOTHING, REGISTERED),
		[MN_EV_AGAIN] = T(NOTHING, REGISTERED),
		[MN_EV_TIMEOUT] = T(NOTHING, REGISTERED),
		[MN_EV_SILENT] = T(NOTHING, REGISTERED),
		[MN_EV_REFRESH] = T(START, UPDATING),
		[MN_EV_EXPIRED] = T(UNBIND, REGISTERING),
		[MN_EV_UNIQUE] = T(NOTHING, REGISTERED),
		[MN_EV_DUPLICATE] = T(NOTHING, REGISTERED),
		[MN_EV_PROBE] = T(NOTHING, REGISTERED),
	},
	[MN_UPDATING] = {
		[MN_EV_COA] = T(START, UPDATING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(BIND, REGISTERED),
		[MN_EV_GONE] = T(NOTHING, UPDATING),
		[MN_EV_UNSURE] = T(NOTHING, UPDATING),
		[MN_EV_REFUSED] = T(HOLD, UPDATING),
		[MN_EV_AGAIN] = T(RESEND, UPDATING),
		[MN_EV_TIMEOUT] = T(RESEND, UPDATING),
		[MN_EV_SILENT] = T(NOTHING, UPDATING),
		[MN_EV_REFRESH] = T(NOTHING, UPDATING),
		[MN_EV_EXPIRED] = T(UNBIND, REGISTERING),
		[MN_EV_UNIQUE] = T(NOTHING, UPDATING),
		[MN_EV_DUPLICATE] = T(NOTHING, UPDATING),
		[MN_EV_PROBE] = T(NOTHING, UPDATING),
	},
	[MN_RETURNING] = {
		[MN_EV_COA] = T(LEAVE, REGISTERING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(NOTHING, RETURNING),
		[MN_EV_GONE] = T(ARRIVE, AT_HOME),
		[MN_EV_UNSURE] = T(PROBE, CHECKING),
		[MN_EV_REFUSED] = T(HOLD, RETURNING),
		[MN_EV_AGAIN] = T(RESEND, RETURNING),
		[MN_EV_TIMEOUT] = T(RESEND, RETURNING),
		[MN_EV_SILENT] = T(PROBE, CHECKING),
		[MN_EV_REFRESH] = T(NOTHING, RETURNING),
		[MN_EV_EXPIRED] = T(LOSE, RETURNING),
		[MN_EV_UNIQUE] = T(NOTHING, RETURNING),
		[MN_EV_DUPLICATE] = T(NOTHING, RETURNING),
		[MN_EV_PROBE] = T(NOTHING, RETURNING),
	},
	[MN_CHECKING] = {
		[MN_EV_COA] = T(LEAVE, REGISTERING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(NOTHING, CHECKING),
		[MN_EV_GONE] = T(ARRIVE, AT_HOME),
		[MN_EV_UNSURE] = T(PROBE, CHECKING),
		[MN_EV_REFUSED] = T(HOLD, CHECKING),
		[MN_EV_AGAIN] = T(RESEND, CHECKING),
		[MN_EV_TIMEOUT] = T(RESEND, CHECKING),
		[MN_EV_SILENT] = T(NOTHING, CHECKING),
		[MN_EV_REFRESH] = T(NOTHING, CHECKING),
		[MN_EV_EXPIRED] = T(LOSE, CHECKING),
		[MN_EV_UNIQUE] = T(CLAIM, AT_HOME),
		[MN_EV_DUPLICATE] = T(DEFER, CONFLICT),
		[MN_EV_PROBE] = T(NOTHING, CHECKING),
	},
	[MN_CONFLICT] = {
		[MN_EV_COA] = T(LEAVE, REGISTERING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(NOTHING, CONFLICT),
		[MN_EV_GONE] = T(PROBE, CHECKING),
		[MN_EV_UNSURE] = T(PROBE, CHECKING),
		[MN_EV_REFUSED] = T(HOLD, CONFLICT),
		[MN_EV_AGAIN] = T(RESEND, CONFLICT),
		[MN_EV_TIMEOUT] = T(RESEND, CONFLICT),
		[MN_EV_SILENT] = T(NOTHING, CONFLICT),
		[MN_EV_REFRESH] = T(NOTHING, CONFLICT),
		[MN_EV_EXPIRED] = T(LOSE, CONFLICT),
		[MN_EV_UNIQUE] = T(NOTHING, CONFLICT),
		[MN_EV_DUPLICATE] = T(NOTHING, CONFLICT),
		[MN_EV_PROBE] = T(PROBE, CHECKING),
	},
	[MN_AT_HOME] = {
		[MN_EV_COA] = T(LEAVE, REGISTERING),
		[MN_EV_NONE] = T(STOP, NOWHERE),
		[MN_EV_HOME] = T(RETURN, RETURNING),
		[MN_EV_HOME_FREE] = T(CHECK, CHECKING),
		[MN_EV_ACK] = T(NOTHING, AT_HOME),
		[MN_EV_GONE] = T(ARRIVE, AT_HOME),
		[MN_EV_UNSURE] = T(ARRIVE, AT_HOME),
		[MN_EV_REFUSED] = T(HOLD, AT_HOME),
		[MN_EV_AGAIN] = T(RESEND, AT_HOME),
		[MN_EV_TIMEOUT] = T(RESEND, AT_HOME),
		[MN_EV_SILENT] = T(NOTHING, AT_HOME),
		[MN_EV_REFRESH] = T(NOTHING, AT_HOME),
		[MN_EV_EXPIRED] = T(LOSE, AT_HOME),
		[MN_EV_UNIQUE] = T(NOTHING, AT_HOME),
		[MN_EV_DUPLICATE] = T(NOTHING, AT_HOME),
		[MN_EV_PROBE] = T(NOTHING, AT_HOME),
	},
};

const char *
mn_state_name(enum mn_state s)
{
	static const char *const name[MN_STATE_COUNT] = {
		[MN_NOWHERE] = "nowhere",
		[MN_REGISTERING] = "registering",
		[MN_REGISTERED] = "registered",
		[MN_UPDATING] = "updating",
		[MN_RETURNING] = "returning",
		[MN_CHECKING] = "checking",
		[MN_CONFLICT] = "conflict",
		[MN_AT_HOME] = "at-home",
	};

	return name[s];
}

/* A new series: what was under way concerns another place. */
static void
mn_do_start(struct mip6_node *n, struct mn_home *h)
{
	if (h->ha->last_status != MIP6_BA_DAD_FAILED)
		h->do_not_send = false;
	mn_seek_start(n, h);
	mn_start_update(n, h);
}

/* The home address is ours alone. */
static void
mn_do_arrive(struct mip6_node *n, struct mn_home *h)
{
	node_timer_stop(n, &h->dad);
	node_timer_stop(n, &h->refresh);
	node_timer_stop(n, &h->expiry);
	h->conflict = false;
	mn_host_unbind(n, h);
	h->announcements = 3; /* MAX_NEIGHBOR_ADVERTISEMENT */
	mn_home_announce(n, h);
	if (h->handover != NULL && h->handover->ba_received.us == 0)
		h->handover->ba_received = n->now.boot;
}

/* Nobody else has it; the home agent is told, or goes on being told. */
static void
mn_do_claim(struct mip6_node *n, struct mn_home *h)
{
	if (h->ha->bul.unanswered >= MN_SILENT_UPDATES)
		MIP6_LOG(n->log, WARNING, "mn.home-agent-silent",
		    MIP6_KA("hoa", &h->hoa), MIP6_KA("agent", &h->ha->addr));
	mn_do_arrive(n, h);
	/* What another node's address was is no longer one. */
	if (h->ha->last_status == MIP6_BA_DAD_FAILED)
		h->ha->last_status = -1;
	h->do_not_send = false;
	if (!h->released && !mip6_timer_is_armed(&h->send.t))
		mn_do_start(n, h);
}

static void
mn_act(struct mip6_node *n, struct mn_home *h, enum mn_action act)
{
	switch (act) {
	case MN_DO_NOTHING:
		break;
	case MN_DO_START:
		mn_do_start(n, h);
		break;
	case MN_DO_RESEND:
		mn_send_update(n, h);
		break;
	case MN_DO_HOLD:
		h->ha->bul.timeout = MIP6_MAX_BINDACK_TIMEOUT;
		if (h->do_not_send)
			mn_send_update(n, h); /* in its time */
		else
			node_timer_in(n, &h->send, h->ha->bul.timeout);
		break;
	case MN_DO_STOP:
		node_timer_stop(n, &h->send);
		node_timer_stop(n, &h->refresh);
		mn_home_listen(n, h, false);
		break;
	case MN_DO_BIND:
		mn_host_bind(n, h);
		break;
	case MN_DO_UNBIND:
		mn_host_unbind(n, h);
		if (!mip6_timer_is_armed(&h->send.t))
			mn_do_start(n, h);
		break;
	case MN_DO_LOSE:
		h->proven = false;
		mn_host_unbind(n, h);
		break;
	case MN_DO_RETURN:
		mn_agent_use_bound(n, h);
		mn_seek_home(n, h);
		mn_home_listen(n, h, true);
		h->proven = mn_is_bound(n, h);
		h->released = false;
		node_timer_stop(n, &h->dad);
		mn_do_start(n, h);
		break;
	case MN_DO_CHECK:
		mip6_bul_forget_sent(&h->ha->bul);
		node_timer_stop(n, &h->send);
		mn_seek_home(n, h);
		mn_home_listen(n, h, true);
		mn_home_probe(n, h);
		break;
	case MN_DO_PROBE:
		mn_home_probe(n, h);
		break;
	case MN_DO_DEFER:
		mn_home_defer(n, h);
		break;
	case MN_DO_ARRIVE:
		node_timer_stop(n, &h->send);
		mn_do_arrive(n, h);
		break;
	case MN_DO_CLAIM:
		mn_do_claim(n, h);
		break;
	case MN_DO_LEAVE:
		mn_home_listen(n, h, false);
		mn_do_start(n, h);
		break;
	}
}

void
mn_step(struct mip6_node *n, struct mn_home *h, enum mn_event ev)
{
	static const char *const event[MN_EVENT_COUNT] = {
		[MN_EV_COA] = "care-of-address",
		[MN_EV_NONE] = "no-care-of-address",
		[MN_EV_HOME] = "home-link",
		[MN_EV_HOME_FREE] = "home-link-unbound",
		[MN_EV_ACK] = "accepted",
		[MN_EV_GONE] = "de-registered",
		[MN_EV_UNSURE] = "no-binding",
		[MN_EV_REFUSED] = "refused",
		[MN_EV_AGAIN] = "again",
		[MN_EV_TIMEOUT] = "time-out",
		[MN_EV_SILENT] = "silent",
		[MN_EV_REFRESH] = "refresh",
		[MN_EV_EXPIRED] = "expired",
		[MN_EV_UNIQUE] = "unique",
		[MN_EV_DUPLICATE] = "duplicate",
		[MN_EV_PROBE] = "probe",
	};
	const struct mn_cell *c = &mn_table[h->state][ev];
	enum mn_state from = h->state;

	h->state = c->next;
	/* A binding that is alive makes a registration an update. */
	if (h->state == MN_REGISTERING || h->state == MN_UPDATING)
		h->state = mn_is_bound(n, h) ? MN_UPDATING : MN_REGISTERING;
	if (from != h->state)
		MIP6_LOG(n->log, INFO, "mn.state", MIP6_KA("hoa", &h->hoa),
		    MIP6_KS("from", mn_state_name(from)),
		    MIP6_KS("to", mn_state_name(h->state)),
		    MIP6_KS("on", event[ev]));
	mn_act(n, h, c->act);
	mn_host_row(n, h);
	mn_ro_changed(n);
}
