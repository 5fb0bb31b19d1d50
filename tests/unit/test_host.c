/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine on a host, with an engine and a platform of this test: what is
 * called when, that nothing is entered from within itself, that every packet
 * is sent or given back.  Each call adds a word to a script.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <event2/event.h>

#include "core/show.h"
#include "daemon/host.h"

/* ---- the script ---- */

static char script[4096];
static bool inside; /* the engine is at work */

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
say(const char *format, ...)
{
	size_t used = strlen(script);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(script + used, sizeof(script) - used, format, ap);
	va_end(ap);
}

static void
expect(const char *expected)
{
	assert_string_equal(script, expected);
	script[0] = '\0';
}

/* ---- a platform ---- */

struct mip6_plat {
	struct mip6_plat_env env;
	int event_pipe[2];
};

struct fake_port {
	struct mip6_port port;
	int pipe[2];
};

static struct mip6_plat plat;
static struct mip6_now now;
static struct fake_port tun, link_port;
static bool port_fails, start_fails, undo_reports;
static struct mip6_pkt packet[8];
static unsigned int given_back;

static size_t
fake_recv(struct mip6_port *port, struct mip6_pool *pool, struct mip6_pkt **pkt,
    size_t n)
{
	char octet;

	(void)pool;
	assert_false(inside);
	assert_int_equal(n, MIP6_PKT_BURST);
	/* Each octet in the pipe is a packet. */
	if (read(port->fd, &octet, 1) != 1)
		return 0;
	pkt[0] = &packet[octet - '0'];
	return 1;
}

static size_t
fake_send(struct mip6_port *port, struct mip6_pool *pool,
    struct mip6_pkt *const *pkt, size_t n)
{
	size_t i;

	(void)pool;
	say("send%u(", (unsigned int)port->ifindex);
	for (i = 0; i < n; i++)
		say("%ld", (long)(pkt[i] - packet));
	say(") ");
	return n;
}

static const struct mip6_port_ops fake_ops = { fake_recv, fake_send, NULL };

static void
port_make(struct fake_port *p, uint32_t ifindex)
{
	if (p->pipe[1] == 0) {
		assert_int_equal(pipe(p->pipe), 0);
		assert_int_equal(evutil_make_socket_nonblocking(p->pipe[0]), 0);
	}
	p->port.ops = &fake_ops;
	p->port.fd = p->pipe[0];
	p->port.ifindex = ifindex;
}

struct mip6_plat *
mip6_plat_new(const struct mip6_plat_env *env, char *err, size_t err_octets)
{
	(void)err;
	(void)err_octets;
	plat.env = *env;
	if (plat.event_pipe[1] == 0)
		assert_int_equal(pipe(plat.event_pipe), 0);
	say("plat_new ");
	return &plat;
}

void
mip6_plat_free(struct mip6_plat *p)
{
	say("plat_free ");
	if (undo_reports)
		p->env.done(p->env.arg, 9, 0, NULL);
}

int
mip6_plat_recover(struct mip6_plat *p)
{
	(void)p;
	say("recover ");
	return 0;
}

int
mip6_plat_start(struct mip6_plat *p, char *err, size_t err_octets)
{
	const struct mip6_ev_link l = { .ifindex = 2,
		.name = "eth0",
		.mtu = 1500,
		.up = true };

	say("start ");
	if (start_fails) {
		(void)snprintf(err, err_octets, "no privilege");
		return -1;
	}
	assert_true(p->env.wants_link(p->env.arg, "eth0"));
	assert_false(p->env.wants_link(p->env.arg, "wlan0"));
	p->env.link(p->env.arg, &l);
	return 0;
}

void
mip6_plat_do(struct mip6_plat *p, const struct mip6_action *act)
{
	(void)p;
	say("do:%s%s ", mip6_action_name(act->kind),
	    act->kind != MIP6_ACT_CAPTURE ? "" :
		act->u.set.on             ? "+" :
					    "-");
}

static void
plat_ready(struct mip6_plat *p)
{
	char octet;

	assert_false(inside);
	assert_int_equal(read(p->event_pipe[0], &octet, 1), 1);
	if (octet == 'd')
		p->env.done(p->env.arg, 77, 0, NULL);
	else if (octet == '0')
		p->env.done(p->env.arg, 0, 0, NULL);
	else if (octet == 'r')
		p->env.routes(p->env.arg);
}

size_t
mip6_plat_fds(struct mip6_plat *p, struct mip6_plat_fd fd[MIP6_PLAT_FDS])
{
	fd[0].fd = p->event_pipe[0];
	fd[0].ready = plat_ready;
	return 1;
}

const char *
mip6_plat_tun_name(const struct mip6_plat *p)
{
	(void)p;
	return "mip0";
}

struct mip6_now
mip6_plat_now(void)
{
	return now;
}

struct mip6_port *
mip6_plat_tun_port(struct mip6_plat *p)
{
	(void)p;
	port_make(&tun, 0);
	return &tun.port;
}

struct mip6_port *
mip6_plat_port_open(struct mip6_plat *p, const struct mip6_ev_link *link,
    char *err, size_t err_octets)
{
	(void)p;
	assert_false(inside);
	say("open:%s ", link->name);
	if (port_fails) {
		(void)snprintf(err, err_octets, "no");
		return NULL;
	}
	port_make(&link_port, link->ifindex);
	return &link_port.port;
}

void
mip6_plat_port_close(struct mip6_plat *p, struct mip6_port *port)
{
	(void)p;
	assert_false(inside);
	say("close%u ", (unsigned int)port->ifindex);
}

/* ---- an engine ---- */

struct mip6_engine {
	struct mip6_engine_env env;
};

static struct mip6_engine engine;
static enum mip6_action_kind asks; /* at the next event, with id 5 */
static bool asks_any, asks_on;
static uint32_t answers_to; /* a packet that comes goes out there */
static struct mip6_time deadline;
static uint32_t unanswered;

const struct mip6_engine_limits mip6_engine_limits_default = { .rows = 10 };

struct mip6_engine *
mip6_engine_new(const struct mip6_engine_env *env, const struct mip6_now *at)
{
	(void)at;
	engine.env = *env;
	say("engine_new ");
	return &engine;
}

void
mip6_engine_free(struct mip6_engine *e)
{
	if (e != NULL)
		say("engine_free ");
}

struct mip6_pool *
mip6_engine_pool(struct mip6_engine *e)
{
	(void)e;
	return NULL;
}

void
mip6_pool_put(struct mip6_pool *p, struct mip6_pkt *pkt)
{
	(void)p;
	(void)pkt;
	given_back++;
}

void
mip6_engine_event(struct mip6_engine *e, const struct mip6_now *at,
    const struct mip6_event *ev)
{
	static const char *const names[] = { "config", "link", "addr", "routes",
		"hint", "timer", "done", "command", "restore", "name", "stop" };
	struct mip6_action act = { .kind = asks, .id = 5 };

	(void)at;
	assert_false(inside);
	inside = true;
	say("[%s", names[ev->kind]);
	if (ev->kind == MIP6_EV_DONE)
		say(":%llu,%d", (unsigned long long)ev->u.done.action,
		    ev->u.done.error);
	say("] ");
	if (asks_any) {
		asks_any = false;
		act.u.set.ifindex = 2;
		act.u.set.on = asks_on;
		e->env.act(e->env.arg, &act);
	}
	inside = false;
}

void
mip6_engine_packets(struct mip6_engine *e, const struct mip6_now *at,
    uint32_t ifindex, struct mip6_pkt *const *pkt, size_t n)
{
	size_t i;

	(void)at;
	assert_false(inside);
	inside = true;
	say("from%u ", (unsigned int)ifindex);
	for (i = 0; i < n; i++)
		e->env.transmit(e->env.arg, answers_to, pkt[i]);
	inside = false;
}

void
mip6_engine_timer(struct mip6_engine *e, const struct mip6_now *at)
{
	(void)e;
	(void)at;
	assert_false(inside);
	say("timer ");
	deadline = MIP6_TIME_NEVER;
}

struct mip6_time
mip6_engine_deadline(const struct mip6_engine *e)
{
	(void)e;
	return deadline;
}

const struct mip6_node *
mip6_engine_node(const struct mip6_engine *e)
{
	(void)e;
	return NULL;
}

size_t
mip6_show_registrations(const struct mip6_node *n, const struct mip6_now *at,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_registration *), void *arg)
{
	struct mip6_show_registration r = { .unanswered = unanswered };

	(void)n;
	(void)at;
	(void)skip;
	(void)max;
	r.coa.b[0] = 0x20;
	row(arg, &r);
	return 1;
}

/* ---- the tests ---- */

static struct mip6_config config;
static struct mip6_logger logger;
static struct event_base *base;
static struct mip6_host *host;
static char log_text[4096];
static FILE *log_out;

static void
left(void *arg)
{
	(void)arg;
	say("left ");
}

static struct mip6_host *
make(char *err, size_t octets)
{
	static const uint8_t secret[MIP6_SEED_OCTETS];
	struct mip6_host_env env = { .base = base,
		.logger = &logger,
		.state_dir = "/nonexistent",
		.config = &config,
		.stable_secret = secret,
		.seed = secret,
		.left = left };

	return mip6_host_new(&env, err, octets);
}

static int
setup(void **state)
{
	(void)state;
	script[0] = '\0';
	asks_any = port_fails = start_fails = undo_reports = false;
	deadline = MIP6_TIME_NEVER;
	unanswered = 0;
	given_back = 0;
	now.boot.us = 1000000;
	memset(&config, 0, sizeof(config));
	config.conf.mn.on = true;
	config.conf.mn.deregister_at_exit = true;
	memcpy(config.conf.mn.interface[0], "eth*", 5);
	config.conf.mn.interfaces = 1;
	memset(log_text, 0, sizeof(log_text));
	log_out = fmemopen(log_text, sizeof(log_text), "w");
	assert_non_null(log_out);
	mip6_logger_init(&logger, log_out, false, MIP6_LOG_INFO, mip6_plat_now);
	base = event_base_new();
	assert_non_null(base);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	event_base_free(base);
	return fclose(log_out);
}

static void
start(void)
{
	char err[128] = "";

	host = make(err, sizeof(err));
	assert_non_null(host);
	assert_true(mip6_host_start(host, err, sizeof(err)));
	script[0] = '\0';
}

/* One turn of the loop, which has something to do. */
static void
turn(void)
{
	assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
}

static void
poke(int fd, char octet)
{
	assert_int_equal(write(fd, &octet, 1), 1);
}

static void
test_start(void **state)
{
	char err[128] = "";

	(void)state;
	/* What the first configuration asks for waits for the TUN. */
	asks_any = true;
	asks = MIP6_ACT_TUN_MTU;
	host = make(err, sizeof(err));
	assert_non_null(host);
	expect("plat_new recover engine_new ");
	assert_true(mip6_host_start(host, err, sizeof(err)));
	expect("[config] [restore] start [link] do:tun-mtu ");
	assert_string_equal(mip6_host_link_name(host, 2), "eth0");
	assert_string_equal(mip6_host_link_name(host, 0), "mip0");
	assert_string_equal(mip6_host_link_name(host, 3), "?");
	assert_int_equal(mip6_host_link_index(host, "eth0"), 2);
	assert_int_equal(mip6_host_link_index(host, "eth1"), 0);
	assert_ptr_equal(mip6_host_port(host, 0), &tun.port);
	assert_null(mip6_host_port(host, 1));
	undo_reports = true;
	mip6_host_free(host);
	/* What is reported while everything is undone reaches nobody. */
	expect("engine_free plat_free ");
}

static void
test_start_fails(void **state)
{
	char err[128] = "";

	(void)state;
	start_fails = true;
	host = make(err, sizeof(err));
	assert_non_null(host);
	assert_false(mip6_host_start(host, err, sizeof(err)));
	assert_string_equal(err, "no privilege");
	script[0] = '\0';
	mip6_host_free(host);
	expect("engine_free plat_free ");
}

static void
test_capture(void **state)
{
	struct mip6_ev_command command = { .kind = MIP6_CMD_MOVE };

	(void)state;
	start();
	asks_any = asks_on = true;
	asks = MIP6_ACT_CAPTURE;
	mip6_host_command(host, &command);
	/* Opened when the engine has returned; then the kernel's part. */
	expect("[command] open:eth0 do:capture+ ");
	assert_ptr_equal(mip6_host_port(host, 1), &link_port.port);
	/* On again: nothing is opened twice. */
	asks_any = true;
	mip6_host_command(host, &command);
	expect("[command] do:capture+ ");
	asks_any = true;
	asks_on = false;
	mip6_host_command(host, &command);
	expect("[command] close2 do:capture- ");
	assert_null(mip6_host_port(host, 1));
	/* What cannot be opened ends with an error, and is logged. */
	asks_any = asks_on = port_fails = true;
	mip6_host_command(host, &command);
	expect("[command] open:eth0 [done:5,5] ");
	assert_non_null(
	    strstr(log_text, "ev=host.capture-failed link=eth0 error=no"));
	assert_null(mip6_host_port(host, 1));
	mip6_host_free(host);
}

static void
test_packets(void **state)
{
	struct mip6_ev_command command = { .kind = MIP6_CMD_MOVE };

	(void)state;
	start();
	asks_any = asks_on = true;
	asks = MIP6_ACT_CAPTURE;
	mip6_host_command(host, &command);
	script[0] = '\0';
	/* In by the link, out by the TUN, and all in one go. */
	answers_to = 0;
	poke(link_port.pipe[1], '1');
	poke(link_port.pipe[1], '2');
	poke(link_port.pipe[1], '3');
	turn();
	expect("from2 from2 from2 send0(123) ");
	answers_to = 2;
	poke(tun.pipe[1], '4');
	turn();
	expect("from0 send2(4) ");
	/* A link that is not open: back to the pool, and forgotten. */
	answers_to = 9;
	poke(tun.pipe[1], '4');
	turn();
	expect("from0 ");
	assert_int_equal(given_back, 1);
	/* More than its share: the rest comes at once, after the others. */
	answers_to = 0;
	poke(link_port.pipe[1], '1');
	poke(link_port.pipe[1], '1');
	poke(link_port.pipe[1], '1');
	poke(link_port.pipe[1], '1');
	poke(link_port.pipe[1], '2');
	turn();
	expect("from2 from2 from2 from2 send0(1111) ");
	turn();
	expect("from2 send0(2) ");
	mip6_host_free(host);
	expect("close2 engine_free plat_free ");
}

static void
test_reports(void **state)
{
	(void)state;
	start();
	poke(plat.event_pipe[1], 'd');
	turn();
	expect("[done:77,0] ");
	/* Nobody waits for it. */
	poke(plat.event_pipe[1], '0');
	turn();
	expect("");
	asks_any = asks_on = true;
	asks = MIP6_ACT_CAPTURE;
	poke(plat.event_pipe[1], 'r');
	turn();
	/* A port is opened when the platform has returned, too. */
	expect("[routes] open:eth0 do:capture+ ");
	mip6_host_free(host);
}

static void
test_timer(void **state)
{
	(void)state;
	start();
	/* Due in 2 ms: when the loop comes back, it is. */
	deadline.us = now.boot.us + 2000;
	poke(plat.event_pipe[1], 'r');
	turn();
	expect("[routes] ");
	turn();
	expect("timer ");
	/* In the past: at once. */
	deadline.us = 5;
	poke(plat.event_pipe[1], 'r');
	turn();
	script[0] = '\0';
	turn();
	expect("timer ");
	mip6_host_free(host);
}

static void
test_leave(void **state)
{
	(void)state;
	start();
	unanswered = 1;
	assert_false(mip6_host_leaving(host));
	mip6_host_stop(host);
	expect("[stop] ");
	assert_true(mip6_host_leaving(host));
	/* Told at once when nobody owes an answer any more. */
	unanswered = 0;
	poke(plat.event_pipe[1], 'r');
	turn();
	expect("[routes] left ");
	assert_false(mip6_host_leaving(host));
	unanswered = 1;
	config.conf.mn.deregister_at_exit = false;
	assert_false(mip6_host_leaving(host));
	mip6_host_free(host);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_start, setup, teardown),
		cmocka_unit_test_setup_teardown(test_start_fails, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_capture, setup, teardown),
		cmocka_unit_test_setup_teardown(test_packets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leave, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
