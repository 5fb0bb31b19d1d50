/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a daemon with this configuration would do to the host, in words: the
 * answer of `mip6d -t`.  It follows the actions of the core (addresses,
 * routes, rules, capture) and never shows a key.
 */
#include "config/config.h"

#include "config/keys.h"

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

static void
explain_home(const struct mip6_conf_home *home, FILE *out)
{
	struct mip6_addr_text hoa = mip6_addr_text(&home->hoa);

	(void)fprintf(out, "home address %s\n", hoa.s);
	(void)fprintf(out,
	    "\tregistered with the home agent %s for %lld s at a time\n",
	    mip6_addr_text(&home->agent[0].addr).s,
	    (long long)(home->lifetime.us / 1000000));
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
	(void)fprintf(out, "while nothing is registered\n\t%s\n",
	    mn->without_binding == MIP6_WITHOUT_BINDING_BLOCK ?
		"traffic of a home address is answered with Destination "
		"Unreachable" :
		"traffic goes out directly, from a care-of address");
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

#define EXPLAIN_MOBILES 20 /* listed; the others are counted */

static void
explain_ha(const struct mip6_conf_ha *ha, FILE *out)
{
	uint32_t i;

	(void)fprintf(out, "HOME AGENT for %s/%u on %s, as %s\n",
	    mip6_addr_text(&ha->prefix[0].prefix.addr).s,
	    (unsigned int)ha->prefix[0].prefix.bits,
	    ha->is_virtual ? "a virtual home link" : ha->interface,
	    mip6_addr_is_any(&ha->prefix[0].address) ?
		(ha->is_virtual ? "the prefix's first address" :
				  "the interface's address in that prefix") :
		mip6_addr_text(&ha->prefix[0].address).s);
	(void)fprintf(out,
	    "\tat most %u bindings, each for at most %lld s\n"
	    "\tthe host forwards IPv6 (switched on, and off again at exit)\n",
	    (unsigned int)ha->bindings_max,
	    (long long)(ha->lifetime_max.us / 1000000));
	if (ha->mobiles == 0)
		(void)fprintf(out,
		    "\tno mobile node: every registration is refused\n");
	for (i = 0; i < ha->mobiles && i < EXPLAIN_MOBILES; i++) {
		(void)fprintf(out, "mobile node %s%s%s\n",
		    mip6_addr_text(&ha->mobile[i].hoa).s,
		    ha->mobile[i].nai[0] != '\0' ? ", " : "",
		    ha->mobile[i].nai);
		explain_sa(&ha->mobile[i].sa, true, out);
	}
	if (ha->mobiles > EXPLAIN_MOBILES)
		(void)fprintf(out, "and %u more mobile nodes\n",
		    (unsigned int)(ha->mobiles - EXPLAIN_MOBILES));
	if (ha->is_virtual) {
		(void)fprintf(out,
		    "\troute to the prefix: the virtual interface; what is for "
		    "nobody registered is unreachable\n"
		    "\teach registered home address: its traffic travels in a "
		    "tunnel (protocol 41) to its care-of address\n");
		return;
	}
	if (!ha->join_groups)
		(void)fprintf(out, "\t%s brings every multicast packet\n",
		    ha->interface);
	(void)fprintf(out,
	    "for each registered home address\n"
	    "\troute to it: the virtual interface\n"
	    "\tits neighbours on %s are told that it is here "
	    "(Neighbour Advertisements)\n"
	    "\tits traffic travels in a tunnel (protocol 41) to its care-of "
	    "address\n",
	    ha->interface);
}

void
mip6_config_explain(const struct mip6_config *c, FILE *out)
{
	if (c->conf.mn.on)
		explain_mn(&c->conf.mn, out);
	if (c->conf.ha.on)
		explain_ha(&c->conf.ha, out);
	if (c->conf.cn.on)
		(void)fprintf(out,
		    "CORRESPONDENT NODE\n"
		    "\tnothing to do: without route optimization mobile nodes "
		    "are hosts like others\n");
	if (c->conf.mn.on || c->conf.ha.on)
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
