/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket in the event loop: root and the user who runs the daemon
 * may connect, a few at a time.  When descriptors run out it waits a second
 * before it accepts again, instead of spinning on a socket that stays
 * readable.
 *
 * Invariant: a client is freed by server_pump alone, which no callback of the
 * protocol calls; so an event logged while a request is answered cannot pull
 * the client away from under it.
 */
#include "daemon/server.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "control/event.h"
#include "control/sock.h"
#include "platform/platform.h"
#include "platform/process.h"

#define SERVER_READ_OCTETS 4096

struct server_client {
	struct mip6_server *server;
	struct mip6_control_client *client; /* NULL: unused */
	int fd;
	struct event *readable, *writable, *timer;
};

struct mip6_server {
	struct mip6_server_env env;
	int fd;
	struct event *acceptable, *again;
	struct server_client client[MIP6_CONTROL_CLIENTS_MAX];
};

static void
server_watch_level(struct mip6_server *s)
{
	int level = -1, wants;
	size_t i;

	for (i = 0; i < MIP6_CONTROL_CLIENTS_MAX; i++) {
		if (s->client[i].client == NULL)
			continue;
		wants = mip6_control_client_watches(s->client[i].client);
		if (wants > level)
			level = wants;
	}
	mip6_logger_watch_level(s->env.logger, level);
}

static void
server_close(struct server_client *c)
{
	if (c->readable != NULL)
		event_free(c->readable);
	if (c->writable != NULL)
		event_free(c->writable);
	if (c->timer != NULL)
		event_free(c->timer);
	mip6_control_client_free(c->client);
	(void)close(c->fd);
	c->readable = c->writable = c->timer = NULL;
	c->client = NULL;
}

/* Sends what can be sent without waiting; false: the peer is gone. */
static bool
server_send(struct server_client *c)
{
	const uint8_t *octets;
	size_t count;
	ssize_t n;

	while ((count = mip6_control_client_output(c->client, &octets)) > 0) {
		n = send(c->fd, octets, count, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		mip6_control_client_sent(c->client, (size_t)n);
	}
	return true;
}

/* Lets the client do what it can, and waits for what it needs next. */
static void
server_pump(struct server_client *c)
{
	struct mip6_time now = mip6_plat_now().boot, deadline;
	const uint8_t *octets;
	struct timeval tv;
	int64_t us;
	bool alive;

	do {
		mip6_control_client_run(c->client, now);
		alive = server_send(c);
	} while (alive && !mip6_control_client_done(c->client) &&
	    mip6_control_client_output(c->client, &octets) == 0 &&
	    mip6_control_client_pending(c->client));
	if (!alive || mip6_control_client_done(c->client)) {
		server_close(c);
		server_watch_level(c->server);
		return;
	}
	if (mip6_control_client_output(c->client, &octets) > 0)
		(void)event_add(c->writable, NULL);
	else
		(void)event_del(c->writable);
	if (mip6_control_client_room(c->client) > 0)
		(void)event_add(c->readable, NULL);
	else
		(void)event_del(c->readable);
	deadline = mip6_control_client_deadline(c->client);
	if (!mip6_time_is_never(deadline)) {
		us = mip6_time_sub(deadline, now).us;
		us = us < 0 ? 0 : us;
		tv.tv_sec = (time_t)(us / 1000000);
		tv.tv_usec = (suseconds_t)(us % 1000000);
		(void)event_add(c->timer, &tv);
	}
	server_watch_level(c->server);
}

static void
server_readable(evutil_socket_t fd, short what, void *arg)
{
	struct server_client *c = arg;
	char octets[SERVER_READ_OCTETS];
	size_t room = mip6_control_client_room(c->client);
	ssize_t n;

	(void)what;
	if (room > sizeof(octets))
		room = sizeof(octets);
	n = room > 0 ? recv((int)fd, octets, room, 0) : -1;
	if (n > 0)
		mip6_control_client_input(c->client, octets, (size_t)n);
	else if (n == 0 ||
	    (room > 0 && errno != EINTR && errno != EAGAIN &&
		errno != EWOULDBLOCK))
		mip6_control_client_eof(c->client);
	server_pump(c);
}

static void
server_go_on(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	server_pump(arg);
}

/* Says a line to somebody who will not be served, and hangs up. */
static void
server_refuse(int fd, const char *why)
{
	char line[160];
	int n = snprintf(line, sizeof(line),
	    "{\"v\":%d,\"ok\":false,\"error\":\"%s\"}\n", MIP6_CONTROL_VERSION,
	    why);

	(void)send(fd, line, (size_t)n, 0);
	(void)close(fd);
}

static void
server_welcome(struct mip6_server *s, int fd)
{
	struct event_base *base = s->env.base;
	struct server_client *c;
	uid_t uid;
	size_t i;

	if (!mip6_process_peer(fd, &uid) || (uid != 0 && uid != geteuid())) {
		server_refuse(fd, "not allowed for this user");
		return;
	}
	for (i = 0; i < MIP6_CONTROL_CLIENTS_MAX; i++)
		if (s->client[i].client == NULL)
			break;
	if (i == MIP6_CONTROL_CLIENTS_MAX) {
		server_refuse(fd, "too many clients");
		return;
	}
	c = &s->client[i];
	c->server = s;
	c->fd = fd;
	c->client = mip6_control_client_new(s->env.answer, s->env.arg,
	    mip6_plat_now().boot);
	c->readable =
	    event_new(base, fd, EV_READ | EV_PERSIST, server_readable, c);
	c->writable =
	    event_new(base, fd, EV_WRITE | EV_PERSIST, server_go_on, c);
	c->timer = evtimer_new(base, server_go_on, c);
	if (c->client == NULL || c->readable == NULL || c->writable == NULL ||
	    c->timer == NULL) {
		server_close(c);
		return;
	}
	server_pump(c);
}

static void
server_acceptable(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval second = { 1, 0 };
	struct mip6_server *s = arg;
	int client = mip6_control_accept((int)fd);

	(void)what;
	if (client >= 0) {
		server_welcome(s, client);
		return;
	}
	if (errno != EMFILE && errno != ENFILE && errno != ENOMEM &&
	    errno != ENOBUFS)
		return;
	MIP6_LOG(&s->env.logger->log, WARNING, "control.no-descriptors",
	    MIP6_KS("error", strerror(errno)));
	(void)event_del(s->acceptable);
	(void)evtimer_add(s->again, &second);
}

static void
server_accept_again(evutil_socket_t fd, short what, void *arg)
{
	struct mip6_server *s = arg;

	(void)fd;
	(void)what;
	(void)event_add(s->acceptable, NULL);
}

/* The logger has an event that somebody watches. */
static void
server_event(void *arg, uint64_t wall_us, enum mip6_log_level level,
    const char *event, const struct mip6_kv *kv, size_t count)
{
	struct mip6_server *s = arg;
	struct server_client *c;
	char *line = mip6_control_event_line(wall_us, level, event, kv, count);
	size_t i;

	for (i = 0; line != NULL && i < MIP6_CONTROL_CLIENTS_MAX; i++) {
		c = &s->client[i];
		if (c->client == NULL ||
		    mip6_control_client_watches(c->client) < (int)level)
			continue;
		mip6_control_client_event(c->client, level, line, strlen(line));
		/* Sent, or closed, from the loop. */
		event_active(c->timer, EV_TIMEOUT, 0);
	}
	free(line);
}

struct mip6_server *
mip6_server_new(const struct mip6_server_env *env, struct mip6_fmt *why)
{
	struct mip6_server *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		mip6_fmt_str(why, "out of memory");
		return NULL;
	}
	s->env = *env;
	s->fd = mip6_control_listen(env->path, why);
	if (s->fd < 0) {
		free(s);
		return NULL;
	}
	s->acceptable = event_new(env->base, s->fd, EV_READ | EV_PERSIST,
	    server_acceptable, s);
	s->again = evtimer_new(env->base, server_accept_again, s);
	if (s->acceptable == NULL || s->again == NULL ||
	    event_add(s->acceptable, NULL) != 0) {
		mip6_fmt_str(why, "out of memory");
		mip6_server_free(s);
		return NULL;
	}
	env->logger->watch = server_event;
	env->logger->watch_arg = s;
	return s;
}

void
mip6_server_free(struct mip6_server *s)
{
	size_t i;

	if (s == NULL)
		return;
	mip6_logger_watch_level(s->env.logger, -1);
	s->env.logger->watch = NULL;
	for (i = 0; i < MIP6_CONTROL_CLIENTS_MAX; i++)
		if (s->client[i].client != NULL)
			server_close(&s->client[i]);
	if (s->acceptable != NULL)
		event_free(s->acceptable);
	if (s->again != NULL)
		event_free(s->again);
	mip6_control_unlisten(s->fd, s->env.path);
	free(s);
}
