/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line an event.  On a terminal the time is short and the level has a
 * colour; in a file the time is whole and in UTC; the system log adds its own.
 */
#include "daemon/logger.h"

#include <string.h>
#include <syslog.h>
#include <time.h>

#include "base/fmt.h"
#include "wire/describe.h"

#define LOGGER_LINE_OCTETS 1024

static const struct {
	const char *word;
	const char *colour;
	int priority;
} logger_levels[] = {
	[MIP6_LOG_ERROR] = { "error", "\033[1;31m", LOG_ERR },
	[MIP6_LOG_WARNING] = { "warning", "\033[33m", LOG_WARNING },
	[MIP6_LOG_INFO] = { "info", "\033[32m", LOG_INFO },
	[MIP6_LOG_DEBUG] = { "debug", "\033[2m", LOG_DEBUG },
};
static const char logger_plain[] = "\033[0m";

static void
logger_line(struct mip6_logger *l, enum mip6_log_level level, uint64_t wall_us,
    const char *text)
{
	const char *word = logger_levels[level].word;
	time_t s = (time_t)(wall_us / 1000000);
	unsigned int ms = (unsigned int)(wall_us / 1000 % 1000);
	char stamp[32] = "";
	struct tm tm;

	if (l->out == NULL) {
		syslog(logger_levels[level].priority, "%s", text);
		return;
	}
	if (l->terminal) {
		if (localtime_r(&s, &tm) != NULL)
			(void)strftime(stamp, sizeof(stamp), "%H:%M:%S", &tm);
		(void)fprintf(l->out, "%s.%03u %s%-7s%s %s\n", stamp, ms,
		    logger_levels[level].colour, word, logger_plain, text);
	} else {
		if (gmtime_r(&s, &tm) != NULL)
			(void)strftime(stamp, sizeof(stamp),
			    "%Y-%m-%dT%H:%M:%S", &tm);
		(void)fprintf(l->out, "%s.%03uZ %-7s %s\n", stamp, ms, word,
		    text);
	}
	(void)fflush(l->out);
}

/* The row of `name`; a new one while there is room, else the last. */
static struct mip6_logger_name *
logger_find(struct mip6_logger *l, const char *name)
{
	struct mip6_logger_name *n;
	size_t i;

	for (i = 0; i < l->names; i++)
		if (strncmp(l->name[i].name, name,
			sizeof(l->name[i].name) - 1) == 0)
			return &l->name[i];
	if (l->names == MIP6_LOGGER_NAMES - 1)
		name = "others";
	if (l->names == MIP6_LOGGER_NAMES)
		return &l->name[MIP6_LOGGER_NAMES - 1];
	n = &l->name[l->names++];
	memset(n, 0, sizeof(*n));
	(void)snprintf(n->name, sizeof(n->name), "%s", name);
	return n;
}

/* One more of this name?  *suppressed: how many were left out before it. */
static bool
logger_allows(struct mip6_logger *l, enum mip6_log_level level,
    const char *name, struct mip6_time now, uint64_t *suppressed)
{
	bool often = level == MIP6_LOG_DEBUG;
	uint32_t burst = often ? MIP6_LOGGER_DEBUG_BURST : MIP6_LOGGER_BURST;
	int64_t us =
	    1000000 / (often ? MIP6_LOGGER_DEBUG_PER_S : MIP6_LOGGER_PER_S);
	struct mip6_logger_name *n = logger_find(l, name);
	int64_t due;

	if (n->at.us == 0) {
		n->tokens = burst;
		n->at = now;
	}
	due = mip6_time_sub(now, n->at).us / us;
	if (due >= (int64_t)burst - (int64_t)n->tokens) {
		n->tokens = burst;
		n->at = now;
	} else if (due > 0) {
		n->tokens += (uint32_t)due;
		n->at = mip6_time_add(n->at, MIP6_SPAN_US(due * us));
	}
	if (n->tokens == 0) {
		n->suppressed++;
		n->level = level;
		return false;
	}
	n->tokens--;
	*suppressed = n->suppressed;
	n->suppressed = 0;
	return true;
}

static void
logger_sink(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct mip6_logger *l = arg;
	char text[LOGGER_LINE_OCTETS];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));
	struct mip6_now now = l->now();
	uint64_t suppressed = 0;

	if (l->watch_level >= (int)level)
		l->watch(l->watch_arg, now.wall_us, level, event, kv, count);
	if (level > l->level ||
	    !logger_allows(l, level, event, now.boot, &suppressed))
		return;
	mip6_log_format(&f, event, kv, count);
	if (suppressed > 0) {
		mip6_fmt_str(&f, " suppressed=");
		mip6_fmt_u64(&f, suppressed);
	}
	logger_line(l, level, now.wall_us, text);
}

static void
logger_pass(struct mip6_logger *l)
{
	l->log.level = l->level;
	if (l->watch_level > (int)l->level)
		l->log.level = (enum mip6_log_level)l->watch_level;
}

void
mip6_logger_init(struct mip6_logger *l, FILE *out, bool terminal,
    enum mip6_log_level level, struct mip6_now (*now)(void))
{
	memset(l, 0, sizeof(*l));
	l->log.sink = logger_sink;
	l->log.arg = l;
	l->out = out;
	l->terminal = terminal;
	l->level = level;
	l->now = now;
	l->watch_level = -1;
	logger_pass(l);
}

void
mip6_logger_syslog(struct mip6_logger *l, const char *facility)
{
	static const struct {
		const char *name;
		int facility;
	} facilities[] = { { "daemon", LOG_DAEMON }, { "user", LOG_USER },
		{ "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 },
		{ "local2", LOG_LOCAL2 }, { "local3", LOG_LOCAL3 },
		{ "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 },
		{ "local6", LOG_LOCAL6 }, { "local7", LOG_LOCAL7 } };
	int number = LOG_DAEMON;
	size_t i;

	for (i = 0; i < MIP6_COUNT(facilities); i++)
		if (strcmp(facility, facilities[i].name) == 0)
			number = facilities[i].facility;
	openlog("mip6d", LOG_PID | LOG_NDELAY, number);
	l->out = NULL;
}

void
mip6_logger_set_level(struct mip6_logger *l, enum mip6_log_level level)
{
	l->level = level;
	logger_pass(l);
}

void
mip6_logger_watch_level(struct mip6_logger *l, int level)
{
	l->watch_level = l->watch != NULL ? level : -1;
	logger_pass(l);
}

void
mip6_logger_flush(struct mip6_logger *l)
{
	char text[LOGGER_LINE_OCTETS];
	struct mip6_fmt f;
	size_t i;

	for (i = 0; i < l->names; i++) {
		struct mip6_logger_name *n = &l->name[i];
		const struct mip6_kv kv[] = { MIP6_KS("event", n->name),
			MIP6_KU("count", n->suppressed) };

		if (n->suppressed == 0)
			continue;
		n->suppressed = 0;
		f = mip6_fmt_make(text, sizeof(text));
		mip6_log_format(&f, "log.suppressed", kv, MIP6_COUNT(kv));
		logger_line(l, n->level, l->now().wall_us, text);
	}
}

/* What is described first when packets are many: mobility, ND, errors. */
static bool
logger_is_control(bool frame, const uint8_t *octets, size_t count)
{
	size_t at = (frame ? 14 : 0) + 6; /* Next Header */

	return count > at &&
	    (octets[at] == 135 || octets[at] == 58 || octets[at] == 60 ||
		octets[at] == 43);
}

void
mip6_logger_packet(struct mip6_logger *l, const char *way,
    const char *interface, bool frame, const uint8_t *octets, size_t count)
{
	char text[LOGGER_LINE_OCTETS];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));
	bool control = logger_is_control(frame, octets, count);
	struct mip6_now now;
	uint64_t suppressed = 0;

	if (!l->packets || l->level < MIP6_LOG_DEBUG)
		return;
	now = l->now();
	if (!logger_allows(l, control ? MIP6_LOG_DEBUG : MIP6_LOG_INFO,
		control ? "packet.control" : "packet.data", now.boot,
		&suppressed))
		return;
	mip6_fmt_str(&f, "packet ");
	mip6_fmt_str(&f, way);
	mip6_fmt_char(&f, ' ');
	mip6_fmt_str(&f, interface);
	mip6_fmt_str(&f, ": ");
	if (frame)
		mip6_describe_frame(&f, octets, count);
	else
		mip6_describe_packet(&f, octets, count);
	if (suppressed > 0) {
		mip6_fmt_str(&f, " suppressed=");
		mip6_fmt_u64(&f, suppressed);
	}
	logger_line(l, MIP6_LOG_DEBUG, now.wall_us, text);
}
