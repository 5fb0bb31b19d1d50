/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From start to stop.
 *
 * Start: locks, the control socket, the platform (what a killed daemon left is
 * undone), the engine, the configuration, and only then packets.  Stop: the
 * node takes its leave, a bounded time for the answer, then everything on the
 * host is undone, in the opposite order.  Signals come as events of the loop.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/fmt.h"
#include "crypto/crypto.h"
#include "daemon/notify.h"
#include "daemon/proc.h"

#define DAEMON_LEAVE_S 1 /* for the answer to the leave */
#define DAEMON_TICK_S  10

static void
daemon_break(struct mip6_daemon *d)
{
	(void)event_base_loopbreak(d->base);
}

/* The peers have answered. */
static void
daemon_left(void *arg)
{
	daemon_break(arg);
}

/* The time for their answers is over. */
static void
daemon_leave(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	daemon_break(arg);
}

static void
daemon_stop(struct mip6_daemon *d, int number)
{
	const struct timeval limit = { DAEMON_LEAVE_S, 0 };

	if (d->stopping) {
		daemon_break(d);
		return;
	}
	d->stopping = true;
	mip6_notify("STOPPING=1");
	MIP6_LOG(&d->logger.log, INFO, "daemon.stop",
	    MIP6_KI("signal", number));
	/* Without it there is no end but the peers' answers. */
	if (evtimer_add(d->leave, &limit) != 0)
		daemon_break(d);
	mip6_host_stop(d->host);
}

static void
daemon_signal(evutil_socket_t number, short what, void *arg)
{
	struct mip6_daemon *d = arg;
	struct mip6_config_error err;
	json_t *answer;

	(void)what;
	switch (number) {
	case SIGHUP:
		answer = mip6_daemon_reload(d, err.text, sizeof(err.text));
		json_decref(answer);
		break;
	case SIGUSR1:
		mip6_daemon_log_counters(d);
		break;
	case SIGTERM:
	case SIGINT:
		daemon_stop(d, (int)number);
		break;
	default:
		break;
	}
}

static void
daemon_tick(evutil_socket_t fd, short what, void *arg)
{
	struct mip6_daemon *d = arg;

	(void)fd;
	(void)what;
	mip6_logger_flush(&d->logger);
}

/* ---- reload ---- */

struct daemon_changes {
	struct mip6_daemon *daemon;
	json_t *now, *later;
};

static void
daemon_note_change(void *arg, const char *place, const char *what,
    bool needs_restart)
{
	struct daemon_changes *c = arg;
	char text[128];

	(void)snprintf(text, sizeof(text), "%s%s%s", place,
	    place[0] != '\0' ? ": " : "", what);
	(void)json_array_append_new(needs_restart ? c->later : c->now,
	    json_string(text));
	MIP6_LOG(&c->daemon->logger.log, INFO, "config.changed",
	    MIP6_KS("what", text),
	    MIP6_KS("when", needs_restart ? "next start" : "now"));
}

static unsigned int
daemon_roles(const struct mip6_conf *conf)
{
	return (conf->mn.on ? (unsigned int)MIP6_CONFIG_MN : 0) |
	    (conf->ha.on ? (unsigned int)MIP6_CONFIG_HA : 0) |
	    (conf->cn.on ? (unsigned int)MIP6_CONFIG_CN : 0);
}

struct mip6_config *
mip6_daemon_config(const struct mip6_daemon *d, struct mip6_config_error *err)
{
	if (d->options.roles == MIP6_CONFIG_CN && !d->options.config_given &&
	    access(d->config_path, F_OK) != 0 && errno == ENOENT)
		return mip6_config_parse(d->config_path, "", 0,
		    d->options.roles, err);
	return mip6_config_load(d->config_path, d->options.roles, err);
}

json_t *
mip6_daemon_reload(struct mip6_daemon *d, char *error, size_t octets)
{
	struct mip6_config_error err;
	struct mip6_config *is, *was = d->config;
	struct daemon_changes changes = { .daemon = d };

	is = mip6_daemon_config(d, &err);
	if (is != NULL && daemon_roles(&is->conf) != daemon_roles(&was->conf)) {
		(void)snprintf(err.text, sizeof(err.text),
		    "%s: other roles than now: restart mip6d", d->config_path);
		mip6_config_free(is);
		is = NULL;
	}
	if (is == NULL) {
		MIP6_LOG(&d->logger.log, ERROR, "config.refused",
		    MIP6_KS("error", err.text));
		(void)snprintf(error, octets, "%s; nothing has changed",
		    err.text);
		return NULL;
	}
	changes.now = json_array();
	changes.later = json_array();
	if (mip6_config_diff(was, is, daemon_note_change, &changes) > 0) {
		mip6_config_keep(is, was);
		if (is->log_level != was->log_level)
			mip6_daemon_log(d, is->log_level);
		d->config = is;
		mip6_host_config(d->host, is);
		mip6_config_free(was);
	} else {
		/* The node is not told: it would register again for nothing. */
		mip6_config_free(is);
	}
	MIP6_LOG(&d->logger.log, INFO, "config.loaded",
	    MIP6_KS("file", d->config_path));
	return json_pack("{s:o,s:o}", "changed", changes.now, "at_next_start",
	    changes.later);
}

void
mip6_daemon_log(struct mip6_daemon *d, enum mip6_log_level level)
{
	mip6_logger_set_level(&d->logger, level);
}

/* ---- start ---- */

static bool
daemon_events(struct mip6_daemon *d)
{
	static const int signals[MIP6_DAEMON_SIGNALS] = { SIGHUP, SIGTERM,
		SIGINT, SIGUSR1 };
	const struct timeval tick = { DAEMON_TICK_S, 0 };
	struct event_config *how = event_config_new();
	size_t i;

	if (how == NULL)
		return false;
	(void)event_config_set_flag(how, EVENT_BASE_FLAG_PRECISE_TIMER);
	d->base = event_base_new_with_config(how);
	event_config_free(how);
	if (d->base == NULL)
		return false;
	for (i = 0; i < MIP6_DAEMON_SIGNALS; i++) {
		d->signal[i] =
		    evsignal_new(d->base, signals[i], daemon_signal, d);
		if (d->signal[i] == NULL || evsignal_add(d->signal[i], NULL))
			return false;
	}
	d->leave = evtimer_new(d->base, daemon_leave, d);
	d->tick = event_new(d->base, -1, EV_PERSIST, daemon_tick, d);
	return d->leave != NULL && d->tick != NULL &&
	    event_add(d->tick, &tick) == 0;
}

static bool
daemon_locks(struct mip6_daemon *d, struct mip6_fmt *why)
{
	d->state_dir = mip6_proc_state_dir(d->config->state_dir, why);
	if (d->state_dir < 0)
		return false;
	(void)snprintf(d->pid_path, sizeof(d->pid_path), "%s",
	    d->config->pid_file);
	mip6_proc_make_parent(d->pid_path);
	mip6_proc_make_parent(d->config->control_socket);
	d->pid_file = mip6_proc_pid_file(d->pid_path, why);
	return d->pid_file >= 0;
}

static bool
daemon_host(struct mip6_daemon *d, struct mip6_fmt *why)
{
	uint8_t secret[MIP6_SEED_OCTETS], seed[MIP6_SEED_OCTETS];
	struct mip6_host_env env = { .base = d->base,
		.logger = &d->logger,
		.state_dir = d->config->state_dir,
		.config = d->config,
		.stable_secret = secret,
		.seed = seed,
		.left = daemon_left,
		.left_arg = d };
	char err[512] = "";
	bool good;

	good = mip6_proc_secret(d->state_dir, secret, sizeof(secret), why);
	if (good && !mip6_proc_random(seed, sizeof(seed))) {
		mip6_fmt_str(why, "no randomness from the system");
		good = false;
	}
	if (good) {
		d->host = mip6_host_new(&env, err, sizeof(err));
		good = d->host != NULL &&
		    mip6_host_start(d->host, err, sizeof(err));
		mip6_fmt_str(why, err);
	}
	mip6_crypto_wipe(secret, sizeof(secret));
	mip6_crypto_wipe(seed, sizeof(seed));
	return good;
}

static bool
daemon_start(struct mip6_daemon *d, struct mip6_fmt *why)
{
	struct mip6_server_env env = { .logger = &d->logger,
		.path = d->config->control_socket,
		.answer = mip6_daemon_answer,
		.arg = d };

	if (!daemon_locks(d, why))
		return false;
	if (!daemon_events(d)) {
		mip6_fmt_str(why, "no event loop");
		return false;
	}
	if (!daemon_host(d, why))
		return false;
	/* Last: whoever can ask gets an answer. */
	env.base = d->base;
	d->server = mip6_server_new(&env, why);
	return d->server != NULL;
}

static void
daemon_close(struct mip6_daemon *d)
{
	size_t i;

	mip6_server_free(d->server);
	mip6_host_free(d->host);
	for (i = 0; i < MIP6_DAEMON_SIGNALS; i++)
		if (d->signal[i] != NULL)
			event_free(d->signal[i]);
	if (d->tick != NULL)
		event_free(d->tick);
	if (d->leave != NULL)
		event_free(d->leave);
	if (d->base != NULL)
		event_base_free(d->base);
	if (d->pid_file >= 0)
		mip6_proc_pid_remove(d->pid_file, d->pid_path);
	if (d->state_dir >= 0)
		(void)close(d->state_dir);
	mip6_config_free(d->config);
	d->config = NULL;
}

int
mip6_daemon_run(struct mip6_daemon *d, int ready)
{
	char text[1024];
	struct mip6_fmt why = mip6_fmt_make(text, sizeof(text));
	int code = MIP6_EXIT_STOPPED;

	d->state_dir = -1;
	d->pid_file = -1;
	d->started = mip6_plat_now().boot;
	(void)signal(SIGPIPE, SIG_IGN);
	if (!daemon_start(d, &why)) {
		(void)fprintf(stderr, "mip6d: %s\n", text);
		if (d->logger.out == NULL)
			MIP6_LOG(&d->logger.log, ERROR, "daemon.failed",
			    MIP6_KS("error", text));
		daemon_close(d);
		mip6_proc_ready(ready, MIP6_EXIT_FAILED);
		return MIP6_EXIT_FAILED;
	}
	MIP6_LOG(&d->logger.log, INFO, "daemon.start",
	    MIP6_KS("version", d->version), MIP6_KI("pid", getpid()),
	    MIP6_KS("config", d->config_path));
	mip6_proc_ready(ready, MIP6_EXIT_STOPPED);
	mip6_notify("READY=1");
	if (event_base_dispatch(d->base) < 0 || !d->stopping) {
		MIP6_LOG(&d->logger.log, ERROR, "daemon.loop",
		    MIP6_KS("error", "the event loop ended"));
		code = MIP6_EXIT_FAILED;
	}
	mip6_logger_flush(&d->logger);
	daemon_close(d);
	MIP6_LOG(&d->logger.log, INFO, "daemon.end", MIP6_KI("code", code));
	return code;
}
