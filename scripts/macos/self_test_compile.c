/* SPDX-License-Identifier: BSD-2-Clause */
/* Must not compile for macOS: epoll is Linux's. */
#include <sys/epoll.h>

int
main(void)
{
	return epoll_create1(0) < 0;
}
