/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The descriptors of this process on the Mac made of memory, and telling them.
 */
#ifndef TESTS_DARWIN_MAC_OS_H
#define TESTS_DARWIN_MAC_OS_H

#include <stddef.h>
#include <stdint.h>

struct mip6_os_run;

/* To every routing socket; one that is full loses it without a word. */
void mac_os_tell(const uint8_t *octets, size_t count);
/* To every event socket, and so is a change of links or addresses. */
void mac_os_event(uint32_t subclass, uint32_t code);

/* pfctl; as mip6_run. */
int mac_pfctl(struct mip6_os_run *r);

#endif
