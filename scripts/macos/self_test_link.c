/* SPDX-License-Identifier: BSD-2-Clause */
/* Must not link for macOS: accept4 is Linux's. */
int accept4(int fd, void *address, void *octets, int flags);

int
main(void)
{
	return accept4(0, 0, 0, 0) < 0;
}
