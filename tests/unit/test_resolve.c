/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names are asked of the servers that resolv.conf names, from the address that
 * is given; every question is answered once, and late enough.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <event2/dns.h>
#include <event2/dns_struct.h>
#include <event2/event.h>

#include "daemon/resolve.h"

static struct event_base *base;
static struct mip6_logger logger;
static char conf[] = "/tmp/mip6-test-resolve-XXXXXX";

struct said {
	struct mip6_ev_name ev;
	int count;
	bool inside; /* the question is being asked */
};

/* What the server says of a name; and who asked it. */
static struct {
	struct evdns_server_port *port;
	uint16_t number;
	int questions, aaaa;
	struct sockaddr_in6 from;
} server;

static void
serve(struct evdns_server_request *rq, void *arg)
{
	uint8_t addrs[10][16] = { { 0 } };
	const char *name;
	int i;

	(void)arg;
	server.questions += rq->nquestions;
	assert_int_equal(rq->nquestions, 1);
	name = rq->questions[0]->name;
	(void)evdns_server_request_get_requesting_addr(rq,
	    (struct sockaddr *)&server.from, sizeof(server.from));
	server.aaaa += rq->questions[0]->type == EVDNS_TYPE_AAAA;
	for (i = 0; i < 10; i++)
		addrs[i][15] = (uint8_t)(i + 1);
	if (strcasecmp(name, "silent.example") == 0) {
		(void)evdns_server_request_drop(rq);
		return;
	}
	if (strcasecmp(name, "ha.example") == 0)
		(void)evdns_server_request_add_aaaa_reply(rq, name, 2, addrs,
		    60);
	else if (strcasecmp(name, "many.example") == 0)
		(void)evdns_server_request_add_aaaa_reply(rq, name, 10, addrs,
		    60);
	(void)evdns_server_request_respond(rq,
	    strcasecmp(name, "none.example") == 0 ? DNS_ERR_NOTEXIST : 0);
}

static int
setup(void **state)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t octets = sizeof(a);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	(void)state;
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, octets) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &octets) != 0 ||
	    evutil_make_socket_nonblocking(fd) != 0)
		return -1;
	server.number = ntohs(a.sin6_port);
	base = event_base_new();
	server.port = evdns_add_server_port_with_base(base, fd, 0, serve, NULL);
	fd = mkstemp(conf);
	return fd < 0 || close(fd) != 0;
}

static int
teardown(void **state)
{
	(void)state;
	evdns_close_server_port(server.port);
	event_base_free(base);
	return unlink(conf);
}

static void
write_conf(const char *text)
{
	FILE *f = fopen(conf, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
answer(void *arg, const struct mip6_event *ev)
{
	struct said *s = arg;

	assert_false(s->inside);
	assert_int_equal(ev->kind, MIP6_EV_NAME);
	s->ev = ev->u.name;
	s->count++;
}

static void
rest(void *arg)
{
	struct said *s = arg;

	assert_true(s->count > 0);
	(void)event_base_loopbreak(base);
}

static struct mip6_resolver *
begin(struct said *s)
{
	const struct mip6_resolver_env env = { .base = base,
		.logger = &logger,
		.resolv_conf = conf,
		.port = server.number,
		.event = answer,
		.rest = rest,
		.arg = s };
	struct mip6_resolver *r = mip6_resolver_new(&env);

	memset(s, 0, sizeof(*s));
	server.questions = server.aaaa = 0;
	assert_non_null(r);
	return r;
}

static void
ask(struct mip6_resolver *r, struct said *s, const char *name, const char *src,
    uint64_t id)
{
	struct mip6_action act;
	char copy[64];

	memset(&act, 0, sizeof(act));
	act.kind = MIP6_ACT_RESOLVE;
	act.id = id;
	(void)snprintf(copy, sizeof(copy), "%s", name);
	act.u.resolve.name = copy;
	if (src != NULL)
		assert_true(mip6_addr_parse(src, &act.u.resolve.src));
	s->inside = true;
	mip6_resolver_ask(r, &act);
	s->inside = false;
	memset(copy, 'x', sizeof(copy)); /* of no use to it any more */
}

static void
test_answers(void **state)
{
	static const struct {
		const char *name;
		int error;
		uint32_t addrs;
	} row[] = {
		{ "ha.example", 0, 2 },
		{ "many.example", 0, MIP6_NAME_ADDRS_MAX },
		{ "none.example", ENOENT, 0 },
		{ "empty.example", ENOENT, 0 },
	};
	struct mip6_resolver *r;
	struct said s;
	size_t i;

	(void)state;
	write_conf("# names\nsearch example\nnameserver ::1\n");
	for (i = 0; i < MIP6_COUNT(row); i++) {
		r = begin(&s);
		ask(r, &s, row[i].name, NULL, 7 + i);
		(void)event_base_dispatch(base);
		assert_int_equal(s.count, 1);
		assert_int_equal(s.ev.action, 7 + i);
		assert_int_equal(s.ev.error, row[i].error);
		assert_int_equal(s.ev.addrs, row[i].addrs);
		assert_int_equal(server.questions, 1);
		assert_int_equal(server.aaaa, 1);
		if (row[i].addrs > 1)
			assert_int_equal(s.ev.addr[1].b[15], 2);
		mip6_resolver_free(r);
	}
}

/* Bound to an address that is not ours: no question leaves from another. */
static void
test_source(void **state)
{
	struct mip6_resolver *r;
	struct said s;

	(void)state;
	write_conf("nameserver ::1\n");
	r = begin(&s);
	ask(r, &s, "ha.example", "::1", 1);
	(void)event_base_dispatch(base);
	assert_int_equal(s.ev.error, 0);
	assert_true(IN6_IS_ADDR_LOOPBACK(&server.from.sin6_addr));
	mip6_resolver_free(r);
	/* libevent does not bind towards this host; towards another it does. */
	write_conf("nameserver 2001:db8::53\n");
	r = begin(&s);
	ask(r, &s, "ha.example", "2001:db8:dead::1", 2);
	(void)event_base_dispatch(base);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ev.error, EDESTADDRREQ);
	mip6_resolver_free(r);
}

static void
test_no_servers(void **state)
{
	static const char *const text[] = { "", "nameserver\n",
		"nameserver example.org\n", "options timeout:1\n" };
	struct mip6_resolver *r;
	struct said s;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(text); i++) {
		write_conf(text[i]);
		r = begin(&s);
		ask(r, &s, "ha.example", NULL, 3);
		(void)event_base_dispatch(base);
		assert_int_equal(s.count, 1);
		assert_int_equal(s.ev.error, EDESTADDRREQ);
		mip6_resolver_free(r);
	}
}

/* A silent server, and a resolver that goes away meanwhile. */
static void
test_silent(void **state)
{
	const struct timeval soon = { 0, 50000 };
	struct mip6_resolver *r;
	struct said s;
	int i;

	(void)state;
	write_conf("nameserver ::1\n");
	r = begin(&s);
	for (i = 0; i < 100; i++) /* more than there is room for */
		ask(r, &s, "silent.example", NULL, 4);
	(void)event_base_loopexit(base, &soon);
	(void)event_base_dispatch(base);
	assert_int_equal(s.count, 0);
	assert_true(server.questions > 0);
	mip6_resolver_free(r);
	(void)event_base_loopexit(base, &soon);
	(void)event_base_dispatch(base);
	assert_int_equal(s.count, 0);
	r = begin(&s);
	ask(r, &s, "silent.example", NULL, 5);
	(void)event_base_dispatch(base);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ev.error, ETIMEDOUT);
	assert_int_equal(server.questions, 2);
	mip6_resolver_free(r);
}

/*
 * The answer is there in the instant in which it is too late: libevent tells
 * of it after our own timer, and what it is told about still exists.
 */
static void
test_answer_at_the_last_moment(void **state)
{
	static const uint8_t tail[] = { 0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0,
		16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t octets = sizeof(a);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), i;
	struct mip6_resolver *r;
	struct said s;
	uint8_t buf[512];
	ssize_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, octets), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &octets), 0);
	write_conf("nameserver ::1\n");
	memset(&s, 0, sizeof(s));
	r = mip6_resolver_new(&(struct mip6_resolver_env){ .base = base,
	    .logger = &logger,
	    .resolv_conf = conf,
	    .port = ntohs(a.sin6_port),
	    .limit_ms = 1,
	    .event = answer,
	    .rest = rest,
	    .arg = &s });
	assert_non_null(r);
	ask(r, &s, "ha.example", NULL, 7);
	octets = sizeof(a);
	n = recvfrom(fd, buf, sizeof(buf) - sizeof(tail), 0,
	    (struct sockaddr *)&a, &octets);
	assert_true(n > 12);
	buf[2] |= 0x80;
	buf[3] = 0x80;
	buf[7] = 1;
	memcpy(buf + n, tail, sizeof(tail));
	n += (ssize_t)sizeof(tail);
	assert_int_equal(sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&a,
			     octets),
	    n);
	/* Until both are due when the loop looks. */
	(void)poll(NULL, 0, 5);
	for (i = 0; i < 50 && s.count == 0; i++)
		assert_int_not_equal(event_base_loop(base, EVLOOP_ONCE), -1);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.ev.action, 7);
	for (i = 0; i < 5; i++)
		(void)event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	assert_int_equal(s.count, 1);
	mip6_resolver_free(r);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_no_servers),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_answer_at_the_last_moment),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
