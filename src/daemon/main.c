/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6d: reads the command line and the configuration, and becomes a daemon.
 * Whatever is wrong with either is said on standard error, before anything on
 * the host is touched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/proc.h"
#include "daemon/selftest.h"
#include "platform/process.h"

static void
main_abort(const char *what, const char *file, int line)
{
	(void)fprintf(stderr, "mip6d: %s:%d: broken invariant: %s\n", file,
	    line, what);
	abort();
}

/*
 * The configuration as an absolute path, malloc'ed.  Links in it stay, so that
 * a reload reads what they lead to then.
 */
static char *
main_absolute(const char *path)
{
	char folder[MIP6_CONFIG_PATH_OCTETS];
	size_t octets;
	char *absolute;

	if (path[0] == '/' || getcwd(folder, sizeof(folder)) == NULL)
		return strdup(path);
	octets = strlen(folder) + strlen(path) + 2;
	absolute = malloc(octets);
	if (absolute != NULL)
		(void)snprintf(absolute, octets, "%s/%s", folder, path);
	return absolute;
}

/* In the background when that is wanted; *ready is for mip6_daemon_run. */
static bool
main_background(const struct mip6_daemon *d, int *ready)
{
	*ready = -1;
	if (d->options.foreground)
		return true;
	*ready = mip6_proc_background();
	if (*ready < 0)
		perror("mip6d: background");
	return *ready >= 0;
}

static void
main_logger(struct mip6_daemon *d)
{
	enum mip6_log_level level =
	    d->options.debug ? MIP6_LOG_DEBUG : d->config->log_level;

	mip6_logger_init(&d->logger, stderr, isatty(STDERR_FILENO) == 1, level,
	    mip6_plat_now);
	d->logger.packets = d->options.debug;
	if (!d->options.foreground)
		mip6_logger_syslog(&d->logger, d->config->syslog_facility);
}

static int
main_run(struct mip6_daemon *d)
{
	struct mip6_config_error err;
	int ready;

	d->config_path = main_absolute(d->options.config);
	if (d->config_path == NULL) {
		(void)fprintf(stderr, "mip6d: out of memory\n");
		return MIP6_EXIT_FAILED;
	}
	d->config = mip6_daemon_config(d, &err);
	if (d->config == NULL) {
		(void)fprintf(stderr, "mip6d: %s\n", err.text);
		return MIP6_EXIT_CONFIG;
	}
	if (d->options.test) {
		mip6_config_explain(d->config, stdout);
		mip6_config_free(d->config);
		return MIP6_EXIT_STOPPED;
	}
	if (!main_background(d, &ready)) {
		mip6_config_free(d->config);
		return MIP6_EXIT_FAILED;
	}
	main_logger(d);
	return mip6_daemon_run(d, ready);
}

int
main(int argc, char **argv)
{
	static struct mip6_daemon daemon;
	char err[128];
	int code;

	mip6_base_set_abort(main_abort);
	if (!mip6_options_parse(&daemon.options, argc, argv, err,
		sizeof(err))) {
		(void)fprintf(stderr, "mip6d: %s (mip6d --help)\n", err);
		return MIP6_EXIT_USAGE;
	}
	daemon.version = MIP6_VERSION;
	if (daemon.options.help) {
		mip6_options_help(stdout);
		return MIP6_EXIT_STOPPED;
	}
	if (daemon.options.version) {
		(void)printf("mip6d %s\n", daemon.version);
		return MIP6_EXIT_STOPPED;
	}
	if (daemon.options.selftest)
		return mip6_selftest(stdout) ? MIP6_EXIT_STOPPED :
					       MIP6_EXIT_FAILED;
	/* Before the first key is read. */
	if (!mip6_process_seal())
		perror("mip6d: core dumps stay possible");
	code = main_run(&daemon);
	free(daemon.config_path);
	return code;
}
