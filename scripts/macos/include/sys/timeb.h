/* SPDX-License-Identifier: BSD-2-Clause */
/* shim: obsolete header still named by libnet */
