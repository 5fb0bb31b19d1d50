/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names to IPv6 addresses; see resolve.h.
 *
 * The name servers are read anew for each question: a host that moves has
 * others at each place.  Those with an IPv6 address are asked from the source
 * address of the question; those with an IPv4 address from whatever the host
 * has, for IPv4 is outside of the tunnel anyway; and one on this host (a local
 * cache) asks on its own.
 *
 * Invariants: a question holds its place until its answer was given; what
 * libevent still works with is freed by the loop, not from within its call.
 */
#include "daemon/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/dns.h>
#include <event2/event.h>

#define RESOLVE_ASKED_MAX   64
#define RESOLVE_SERVERS_MAX 3 /* as resolv.conf(5) has it */
#define RESOLVE_LIMIT_MS    10000

struct resolve_question {
	struct mip6_resolver *resolver;
	struct evdns_base *dns;
	struct event *end; /* too late, or answered */
	struct mip6_ev_name answer;
	bool used;
	bool answered;
};

struct mip6_resolver {
	struct mip6_resolver_env env;
	struct resolve_question question[RESOLVE_ASKED_MAX];
};

struct mip6_resolver *
mip6_resolver_new(const struct mip6_resolver_env *env)
{
	struct mip6_resolver *r = calloc(1, sizeof(*r));

	if (r != NULL)
		r->env = *env;
	return r;
}

static void
resolve_close(struct resolve_question *q)
{
	if (q->dns != NULL)
		evdns_base_free(q->dns, 0);
	if (q->end != NULL)
		event_free(q->end);
	memset(q, 0, sizeof(*q));
}

void
mip6_resolver_free(struct mip6_resolver *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < RESOLVE_ASKED_MAX; i++)
		if (r->question[i].used)
			resolve_close(&r->question[i]);
	free(r);
}

static void
resolve_finish(struct resolve_question *q, int error)
{
	const struct timeval now = { 0, 0 };

	if (q->answered)
		return;
	q->answered = true;
	q->answer.error = error;
	(void)event_add(q->end, &now);
}

/* The answer is here, or it is too late for one. */
static void
resolve_end(evutil_socket_t fd, short what, void *arg)
{
	struct resolve_question *q = arg;
	struct mip6_resolver *r = q->resolver;
	struct mip6_event ev;

	(void)fd;
	(void)what;
	/*
	 * Too late: but libevent may be about to tell of an answer that came
	 * in this turn of the loop.  So the question lives until the next one.
	 */
	if (!q->answered) {
		evdns_base_free(q->dns, 0);
		q->dns = NULL;
		resolve_finish(q, ETIMEDOUT);
		return;
	}
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_NAME;
	ev.u.name = q->answer;
	resolve_close(q);
	r->env.event(r->env.arg, &ev);
	r->env.rest(r->env.arg);
}

static int
resolve_errno(int result)
{
	switch (result) {
	case DNS_ERR_NONE:
		return 0;
	case DNS_ERR_NOTEXIST:
	case DNS_ERR_NODATA:
		return ENOENT;
	case DNS_ERR_TIMEOUT:
		return ETIMEDOUT;
	case DNS_ERR_REFUSED:
		return EACCES;
	default:
		return EIO;
	}
}

static void
resolve_answered(int result, char type, int count, int ttl, void *addresses,
    void *arg)
{
	struct resolve_question *q = arg;
	int error = resolve_errno(result);

	(void)ttl;
	/* As the question is withdrawn. */
	if (result == DNS_ERR_CANCEL || result == DNS_ERR_SHUTDOWN)
		return;
	if (q->answered)
		return;
	if (error == 0 && (type != DNS_IPv6_AAAA || count <= 0))
		error = ENOENT;
	if (error == 0) {
		q->answer.addrs = (uint32_t)count < MIP6_NAME_ADDRS_MAX ?
		    (uint32_t)count :
		    MIP6_NAME_ADDRS_MAX;
		memcpy(q->answer.addr, addresses,
		    q->answer.addrs * sizeof(q->answer.addr[0]));
	}
	resolve_finish(q, error);
}

/* ---- name servers ---- */

static bool
resolve_server(struct resolve_question *q, const char *text, int family)
{
	char port[8];
	struct addrinfo hints, *ai = NULL;
	bool good;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = family;
	hints.ai_socktype = SOCK_DGRAM;
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	(void)snprintf(port, sizeof(port), "%u",
	    q->resolver->env.port != 0 ? (unsigned int)q->resolver->env.port :
					 53u);
	if (getaddrinfo(text, port, &hints, &ai) != 0)
		return false;
	good = evdns_base_nameserver_sockaddr_add(q->dns, ai->ai_addr,
		   (ev_socklen_t)ai->ai_addrlen, 0) == 0;
	freeaddrinfo(ai);
	return good;
}

/* Those of one family; returns how many could be added. */
static int
resolve_servers(struct resolve_question *q, int family)
{
	FILE *f = fopen(q->resolver->env.resolv_conf, "re");
	char line[256], text[128];
	int listed = 0, added = 0;

	if (f == NULL)
		return 0;
	while (listed < RESOLVE_SERVERS_MAX &&
	    fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, " nameserver %127s", text) != 1)
			continue;
		listed++;
		added += resolve_server(q, text, family);
	}
	(void)fclose(f);
	return added;
}

/* 0 or an errno. */
static int
resolve_begin(struct resolve_question *q, const struct mip6_act_resolve *a)
{
	char second[] = "2", twice[] = "2";
	struct mip6_addr src = a->src;
	int servers;

	q->dns = evdns_base_new(q->resolver->env.base,
	    EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	q->end = evtimer_new(q->resolver->env.base, resolve_end, q);
	if (q->dns == NULL || q->end == NULL)
		return ENOMEM;
	(void)evdns_base_set_option(q->dns, "timeout", second);
	(void)evdns_base_set_option(q->dns, "attempts", twice);
	/* The source is that of the servers which come after it. */
	servers = resolve_servers(q, AF_INET);
	if (!mip6_addr_is_any(&src) &&
	    evdns_base_set_option(q->dns, "bind-to", mip6_addr_text(&src).s) !=
		0)
		return EADDRNOTAVAIL;
	servers += resolve_servers(q, AF_INET6);
	if (servers == 0)
		return EDESTADDRREQ;
	if (evdns_base_resolve_ipv6(q->dns, a->name, DNS_QUERY_NO_SEARCH,
		resolve_answered, q) == NULL)
		return EIO;
	return 0;
}

void
mip6_resolver_ask(struct mip6_resolver *r, const struct mip6_action *act)
{
	uint32_t ms = r->env.limit_ms != 0 ? r->env.limit_ms : RESOLVE_LIMIT_MS;
	const struct timeval limit = { ms / 1000, ms % 1000 * 1000 };
	struct resolve_question *q = NULL;
	size_t i;
	int error;

	for (i = 0; i < RESOLVE_ASKED_MAX && q == NULL; i++)
		if (!r->question[i].used)
			q = &r->question[i];
	/* Reloaded again and again: the core asks once more by itself. */
	if (q == NULL)
		return;
	q->used = true;
	q->resolver = r;
	q->answer.action = act->id;
	error = resolve_begin(q, &act->u.resolve);
	MIP6_LOG(&r->env.logger->log, INFO, "name.asked",
	    MIP6_KS("name", act->u.resolve.name),
	    MIP6_KA("src", &act->u.resolve.src), MIP6_KI("errno", error));
	if (q->end == NULL)
		resolve_close(q);
	else if (error != 0)
		resolve_finish(q, error);
	else if (!q->answered) /* it may be: a name that is an address */
		(void)event_add(q->end, &limit);
}
