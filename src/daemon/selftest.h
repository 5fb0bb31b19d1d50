/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6d --selftest: does this system offer what the daemon needs?
 *
 * Each facility is opened, used and closed in turn, on a TUN of the test's own
 * and with addresses that nobody else has (RFC 4193).  Nothing lasts.  It is
 * refused while a daemon runs, whose rules it would take for its own.
 */
#ifndef MIP6_DAEMON_SELFTEST_H
#define MIP6_DAEMON_SELFTEST_H

#include <stdio.h>

#include "base/base.h"

/*
 * Says "pass", "FAIL" or "skip" for each facility on `out`, with the reason.
 * Whether none failed.
 */
bool mip6_selftest(FILE *out);

#endif
