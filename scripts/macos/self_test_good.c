/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiles and links for macOS: every interface is the system's own. */
#include <sys/types.h>
#include <sys/event.h>
#include <sys/socket.h>

#include <net/if.h>
#include <net/if_utun.h>
#include <string.h>

int
main(void)
{
	char name[IFNAMSIZ];

	return strlcpy(name, UTUN_CONTROL_NAME, sizeof(name)) == 0 ||
	    kqueue() < 0;
}
