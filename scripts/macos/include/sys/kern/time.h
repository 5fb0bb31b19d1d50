/* SPDX-License-Identifier: BSD-2-Clause */
/* shim: Debian libpcap patch includes this Hurd header */
