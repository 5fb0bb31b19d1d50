/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Telling a service manager how it stands, the way systemd's sd_notify(3)
 * defines it: a datagram to the socket that $NOTIFY_SOCKET names.
 */
#ifndef MIP6_DAEMON_NOTIFY_H
#define MIP6_DAEMON_NOTIFY_H

/*
 * "READY=1", "STOPPING=1", ...; several lines are several words.  Nothing
 * happens where nobody asked for it.
 */
void mip6_notify(const char *words);

#endif
