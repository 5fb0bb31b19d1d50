/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system calls of a Mac, as they are (see os.h).  Nothing here decides
 * anything: what is more than a call is run on other systems too, in tests.
 */
#include "platform/darwin/os.h"

#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "platform/common/port_pcap.h"
#include "platform/common/run.h"

static int
os_socket(int domain, int type, int protocol)
{
	int fd = socket(domain, type, protocol);
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	if (fd < 0)
		return -1;
	if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
		return fd;
	flags = errno;
	close(fd);
	errno = flags;
	return -1;
}

static int
os_connect(int fd, const void *addr, uint32_t octets)
{
	return connect(fd, addr, octets);
}

static int
os_getsockopt(int fd, int level, int option, void *value, uint32_t *octets)
{
	return getsockopt(fd, level, option, value, octets);
}

static int
os_setsockopt(int fd, int level, int option, const void *value, uint32_t octets)
{
	return setsockopt(fd, level, option, value, octets);
}

static int
os_ioctl(int fd, unsigned long request, void *value)
{
	return ioctl(fd, request, value);
}

static int
os_sysctl(const int *name, uint32_t names, void *value, size_t *octets)
{
	int copy[CTL_MAXNAME];

	if (names > CTL_MAXNAME) {
		errno = EINVAL;
		return -1;
	}
	memcpy(copy, name, names * sizeof(*name));
	return sysctl(copy, names, value, octets, NULL, 0);
}

static int
os_sysctl_int(const char *name, int *value, const int *to)
{
	size_t octets = sizeof(*value);
	int wish = to != NULL ? *to : 0;

	return sysctlbyname(name, value, value != NULL ? &octets : NULL,
	    to != NULL ? &wish : NULL, to != NULL ? sizeof(wish) : 0);
}

/* A queue with one timer is readable when the timer has rung. */
static int
os_timer_open(void)
{
	int fd = kqueue();

	if (fd >= 0)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

static int
os_timer_set(int fd, int64_t us)
{
	struct kevent change, rung;
	const struct timespec none = { 0, 0 };

	/* Rung ones are taken out, a waiting one is replaced. */
	(void)kevent(fd, NULL, 0, &rung, 1, &none);
	EV_SET(&change, 1, EVFILT_TIMER, EV_DELETE, 0, 0, NULL);
	(void)kevent(fd, &change, 1, NULL, 0, &none);
	if (us < 0)
		return 0;
	EV_SET(&change, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_USECONDS,
	    us > 0 ? us : 1, NULL);
	return kevent(fd, &change, 1, NULL, 0, &none);
}

static int
os_boot_id(char *to, size_t cap)
{
	size_t octets = cap;

	memset(to, 0, cap);
	return sysctlbyname("kern.bootsessionuuid", to, &octets, NULL, 0);
}

const struct mip6_os mip6_os_system = {
	.socket = os_socket,
	.connect = os_connect,
	.getsockopt = os_getsockopt,
	.setsockopt = os_setsockopt,
	.ioctl = os_ioctl,
	.close = close,
	.read = read,
	.write = write,
	.readv = readv,
	.writev = writev,
	.sysctl = os_sysctl,
	.sysctl_int = os_sysctl_int,
	.if_nametoindex = if_nametoindex,
	.timer_open = os_timer_open,
	.timer_set = os_timer_set,
	.run = mip6_run,
	.port_open = mip6_port_pcap_open_with,
	.port_tx_fd = mip6_port_pcap_tx_fd,
	.port_homes = mip6_port_pcap_homes,
	.boot_id = os_boot_id,
};
