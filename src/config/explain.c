/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a daemon with this configuration would do to the host, in words: the
 * answer of `mip6d -t`.  It follows the actions of the core (addresses,
 * routes, rules, capture) and never shows a key.
 */
#include "config/config.h"

#include "config/keys.h"
#include "crypto/crypto.h"

static void
explain_sa(const struct mip6_conf_sa *sa, bool home_agent, FILE *out)
{
	if (!sa->present) {
		(void)fprintf(out, "\tNOT AUTHENTICATED (insecure = true)\n");
		return;
	}
	(void)fprintf(out,
	    "\tauthenticated with HMAC-SHA1 (RFC 4285), SPI %u, a key of %u "
	    "octets\n",
	    (unsigned int)sa->spi, (unsigned int)sa->key_octets);
	if (sa->sequence_ignore)
		(void)fprintf(out,
		    "\tsequence numbers ignored: the timestamp alone guards "
		    "against replay\n");
	if (home_agent)
		(void)fprintf(out, "\tits clock may differ by %lld ms\n",
		    (long long)(sa->clock_slack.us / 1000));
}

/* The two halves of a prefix, as they are routed to the virtual interface. */
static void
explain_halves(const struct mip6_conf_home *home, FILE *out)
{
	struct mip6_prefix p = mip6_prefix_make(&home->hoa, home->bits);
	uint8_t bits = (uint8_t)(p.bits + 1);

	(void)fprintf(out, "%s/%u", mip6_addr_text(&p.addr).s,
	    (unsigned int)bits);
	p.addr.b[p.bits / 8] |= (uint8_t)(0x80 >> (p.bits % 8));
	(void)fprintf(out, ", %s/%u", mip6_addr_text(&p.addr).s,
	    (unsigned int)bits);
}

/* Who is asked to register it: in order, then whom DHAAD finds. */
static void
explain_agents(const struct mip6_conf_home *home, FILE *out)
{
	uint32_t i;

	(void)fprintf(out, "\tregistered with ");
	for (i = 0; i < home->agents; i++)
		(void)fprintf(out, "%s%s", i > 0 ? ", else " : "",
		    home->agent[i].name[0] != '\0' ?
			home->agent[i].name :
			mip6_addr_text(&home->agent[i].addr).s);
	if (home->agent_auto)
		(void)fprintf(out,
		    "%sa home agent found by asking the home "
		    "link (DHAAD)",
		    home->agents > 0 ? ", else " : "");
	(void)fprintf(out, " for %lld s at a time\n",
	    (long long)(home->lifetime.us / 1000000));
}

static void
explain_home(const struct mip6_conf_home *home, FILE *out)
{
	struct mip6_prefix p = mip6_prefix_make(&home->hoa, home->bits);
	struct mip6_addr_text hoa = mip6_addr_text(&home->hoa);

	if (mip6_addr_equal(&p.addr, &home->hoa)) {
		(void)fprintf(out,
		    "home address formed in %s/%u, always the same on this "
		    "host (mip6ctl status)\n",
		    hoa.s, (unsigned int)home->bits);
		(void)snprintf(hoa.s, sizeof(hoa.s), "formed");
	} else {
		(void)fprintf(out, "home address %s\n", hoa.s);
	}
	explain_agents(home, out);
	if (home->nai[0] != '\0')
		(void)fprintf(out, "\tidentified as %s (RFC 4283)\n",
		    home->nai);
	explain_sa(&home->sa, false, out);
	(void)fprintf(out, "\taddress %s/128 on the virtual interface\n",
	    hoa.s);
	(void)fprintf(out,
	    "\troutes to the virtual interface: ::/1, 8000::/1, ");
	explain_halves(home, out);
	(void)fprintf(out,
	    "\n\trule: what comes from %s leaves by the virtual interface "
	    "only\n",
	    hoa.s);
}

static const char *
explain_coa_owner(enum mip6_coa_owner who)
{
	switch (who) {
	case MIP6_COA_OWNER_AUTO:
		break;
	case MIP6_COA_OWNER_KERNEL:
		return "the daemon forms a care-of address and gives it to the "
		       "kernel";
	case MIP6_COA_OWNER_DAEMON:
		return "the daemon forms a care-of address and keeps it to "
		       "itself";
	}
	return "the daemon forms a care-of address, kept by whom suits the "
	       "system";
}

static void
explain_optimize(const struct mip6_conf_mn *mn, FILE *out)
{
	uint32_t i;

	if (mn->optimize == MIP6_OPTIMIZE_NONE)
		return;
	(void)fprintf(out, "route optimization with");
	for (i = 0; i < mn->optimize_prefixes; i++)
		(void)fprintf(out, "%s %s/%u", i > 0 ? "," : "",
		    mip6_addr_text(&mn->optimize_prefix[i].addr).s,
		    (unsigned int)mn->optimize_prefix[i].bits);
	(void)fprintf(out,
	    "%s\n\ttraffic travels directly where the correspondent takes "
	    "part\n\treturn routability is unprotected on the tunnel\n",
	    mn->optimize == MIP6_OPTIMIZE_ALL ? " everybody" : "");
}

static void
explain_mn(const struct mip6_conf_mn *mn, FILE *out)
{
	uint32_t i;

	(void)fprintf(out, "MOBILE NODE on");
	for (i = 0; i < mn->interfaces; i++)
		(void)fprintf(out, "%s %s", i > 0 ? "," : "", mn->interface[i]);
	(void)fprintf(out, "\n");
	for (i = 0; i < mn->homes; i++)
		explain_home(&mn->home[i], out);
	(void)fprintf(out,
	    "while away\n"
	    "\ttraffic of a home address travels in a tunnel (protocol 41)\n"
	    "\tthe host's own traffic from a care-of address is left alone\n");
	explain_optimize(mn, out);
	(void)fprintf(out, "where no address of the host is usable\n\t%s\n",
	    explain_coa_owner(mn->coa_owner));
	(void)fprintf(out, "while nothing is registered\n\t%s\n",
	    mn->without_binding == MIP6_WITHOUT_BINDING_BLOCK ?
		"traffic of a home address is answered with Destination "
		"Unreachable" :
		"traffic goes out directly, from a care-of address");
	if (mn->bypass.count > 0)
		(void)fprintf(out, "past the tunnel, while away\n");
	for (i = 0; i < mn->bypass.count; i++)
		(void)fprintf(out, "\ttraffic for %s/%u\n",
		    mip6_addr_text(&mn->bypass.prefix[i].addr).s,
		    (unsigned int)mn->bypass.prefix[i].bits);
	(void)fprintf(out,
	    "packets sent on these interfaces\n"
	    "\tBinding Updates (protocol 135), first repeated after %lld ms\n"
	    "\tRouter and Neighbour Solicitations and Advertisements "
	    "(ICMPv6)\n",
	    (long long)(mn->initial_bindack_timeout_first_reg.us / 1000));
	(void)fprintf(out, "at exit\n\t%s\n",
	    mn->deregister_at_exit ? "the bindings are withdrawn" :
				     "the bindings are left to expire");
}

/* "600 s", "1.5 s", "for ever". */
static void
explain_span(struct mip6_span span, FILE *out)
{
	if (span.us == INT64_MAX)
		(void)fprintf(out, "for ever");
	else if (span.us % 1000000 == 0)
		(void)fprintf(out, "%lld s", (long long)(span.us / 1000000));
	else
		(void)fprintf(out, "%lld.%03lld s",
		    (long long)(span.us / 1000000),
		    (long long)(span.us % 1000000 / 1000));
}

static void
explain_prefix(const struct mip6_conf_home_prefix *p, bool is_virtual,
    FILE *out)
{
	(void)fprintf(out, "\tprefix %s/%u, as %s\n",
	    mip6_addr_text(&p->prefix.addr).s, (unsigned int)p->prefix.bits,
	    mip6_addr_is_any(&p->address) ?
		(is_virtual ? "the prefix's first address" :
			      "the interface's address in that prefix") :
		mip6_addr_text(&p->address).s);
	(void)fprintf(out, "\t\tvalid ");
	explain_span(p->valid, out);
	(void)fprintf(out, ", preferred ");
	explain_span(p->preferred, out);
	(void)fprintf(out, "%s\n",
	    p->decrement ? ", counting down from the start" : "");
}

static void
explain_limits(const struct mip6_conf_ha *ha, FILE *out)
{
	static const char *const dad[] = {
		"by Duplicate Address Detection before it is acknowledged",
		("by Duplicate Address Detection; its traffic flows meanwhile "
		 "(our own policy)"),
		"NOT AT ALL (home-dad = off)"
	};
	static const char *const durability[] = {
		"nowhere: a restart loses them",
		"on the disk before they are acknowledged",
		"with the system; a power cut may lose the last ones"
	};

	(void)fprintf(out, "\tat most %u bindings, each for at most ",
	    (unsigned int)ha->bindings_max);
	explain_span(ha->lifetime_max, out);
	(void)fprintf(out, "\n");
	if (ha->bindings_per_mobile_max > 0)
		(void)fprintf(out, "\tat most %u bindings of one identifier\n",
		    (unsigned int)ha->bindings_per_mobile_max);
	(void)fprintf(out, "\tbindings are kept %s\n",
	    durability[ha->durability]);
	if (!ha->is_virtual)
		(void)fprintf(out, "\ta home address is checked %s\n",
		    dad[ha->home_dad]);
	if (ha->refresh_requests)
		(void)fprintf(out,
		    "\tBinding Refresh Requests are sent before a binding "
		    "expires\n");
	if (!ha->is_virtual && !ha->join_groups)
		(void)fprintf(out,
		    "\t%s brings every multicast packet, instead of a group "
		    "joined for each home address\n",
		    ha->interface);
	(void)fprintf(out,
	    "\tthe host forwards IPv6 (switched on, and off again at exit)\n");
}

static void
explain_adverts(const struct mip6_conf_ha *ha, FILE *out)
{
	const struct mip6_conf_adverts *a = &ha->adverts;
	const struct mip6_conf_delivery *d = &ha->delivery;

	if (a->on) {
		(void)fprintf(out, "Router Advertisements on %s every ",
		    ha->interface);
		explain_span(a->min_interval, out);
		(void)fprintf(out, " to ");
		explain_span(a->max_interval, out);
		(void)fprintf(out, "\n\t%s",
		    a->router_lifetime.us == 0 ? "not as a default router" :
						 "as a default router for ");
		if (a->router_lifetime.us != 0)
			explain_span(a->router_lifetime, out);
		(void)fprintf(out, "\n\tas a home agent of preference %u for ",
		    (unsigned int)a->agent_preference);
		explain_span(a->agent_lifetime, out);
		(void)fprintf(out, "%s%s%s\n",
		    a->interval_option ? ", with the interval" : "",
		    a->managed ? ", managed addresses" : "",
		    a->other ? ", other configuration" : "");
	} else if (!ha->is_virtual) {
		(void)fprintf(out,
		    "no Router Advertisements of ours: another daemon sends "
		    "them\n");
	}
	(void)fprintf(out,
	    "mobile nodes that are away hear of changed prefixes %s\n",
	    d->unsolicited ? "when they change, and" : "only");
	(void)fprintf(out, "\twhen they ask; repeated after ");
	explain_span(d->min_interval, out);
	(void)fprintf(out, " to ");
	explain_span(d->max_interval, out);
	(void)fprintf(out, "\n");
}

#define EXPLAIN_MOBILES 20 /* listed; the others are counted */

static void
explain_mobiles(const struct mip6_conf_ha *ha, FILE *out)
{
	uint32_t count = mip6_conf_mobiles(ha), i = 0;
	struct mip6_conf_mobile m;
	uint64_t at = 0;

	if (count == 0 && !ha->has_master)
		(void)fprintf(out,
		    "\tno mobile node: every registration is refused\n");
	for (; i < EXPLAIN_MOBILES && mip6_conf_mobile_next(ha, &at, &m); i++) {
		(void)fprintf(out, "mobile node %s%s%s\n",
		    mip6_addr_text(&m.hoa).s, m.nai[0] != '\0' ? ", " : "",
		    m.nai);
		explain_sa(&m.sa, true, out);
	}
	mip6_crypto_wipe(&m, sizeof(m));
	if (count > EXPLAIN_MOBILES)
		(void)fprintf(out, "and %u more mobile nodes\n",
		    (unsigned int)(count - EXPLAIN_MOBILES));
	if (ha->has_master)
		(void)fprintf(out,
		    "every other home address in the prefixes\n"
		    "\tauthenticated with HMAC-SHA1 (RFC 4285), SPI %u, a key "
		    "derived from the master key\n",
		    (unsigned int)ha->master_spi);
}

static void
explain_ha(const struct mip6_conf_ha *ha, FILE *out)
{
	uint32_t i;

	if (ha->is_virtual)
		(void)fprintf(out,
		    "HOME AGENT of a virtual home link: its "
		    "prefixes are routed to this host\n");
	else
		(void)fprintf(out, "HOME AGENT of the link on %s\n",
		    ha->interface);
	for (i = 0; i < ha->prefixes; i++)
		explain_prefix(&ha->prefix[i], ha->is_virtual, out);
	explain_limits(ha, out);
	explain_adverts(ha, out);
	explain_mobiles(ha, out);
	if (ha->is_virtual)
		(void)fprintf(out,
		    "route to each prefix: the virtual interface; what is for "
		    "nobody registered is unreachable\n");
	(void)fprintf(out, "for each registered home address\n");
	if (!ha->is_virtual)
		(void)fprintf(out,
		    "\troute to it: the virtual interface\n"
		    "\tits neighbours on %s are told that it is here "
		    "(Neighbour Advertisements)\n",
		    ha->interface);
	(void)fprintf(out,
	    "\tits traffic travels in a tunnel (protocol 41) to its care-of "
	    "address\n");
}

static void
explain_cn(const struct mip6_conf_cn *cn, FILE *out)
{
	(void)fprintf(out,
	    "CORRESPONDENT NODE with every global address of this host\n"
	    "\tat most %u bindings, for %lld s at the longest\n"
	    "for each mobile node that proves its addresses\n"
	    "\troute to its home address: the virtual interface\n"
	    "\tits traffic travels directly to its care-of address (type 2 "
	    "routing header)\n",
	    (unsigned int)cn->bindings_max,
	    (long long)(cn->lifetime_max.us / 1000000));
}

void
mip6_config_explain(const struct mip6_config *c, FILE *out)
{
	if (c->conf.mn.on)
		explain_mn(&c->conf.mn, out);
	if (c->conf.ha.on)
		explain_ha(&c->conf.ha, out);
	if (c->conf.cn.on)
		explain_cn(&c->conf.cn, out);
	if (c->conf.mn.on || c->conf.ha.on || c->conf.cn.on)
		(void)fprintf(out,
		    "on every interface used\n"
		    "\tpackets are captured; the kernel does not see "
		    "protocols 41 and 135,\n\ttype 2 routing headers and "
		    "Home Address options sent to our addresses\n");
	(void)fprintf(out,
	    "control socket %s (root and this user only)\n"
	    "process number in %s\n"
	    "remembered in %s: what to undo, and one secret\n"
	    "logs from level %s, to the system log (%s) or, with -f, here\n",
	    c->control_socket, c->pid_file, c->state_dir,
	    mip6_config_level_name(c->log_level), c->syslog_facility);
}
