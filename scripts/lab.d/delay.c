/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lab's long way: a TUN device that gives every packet back after a while.
 *
 * The internet router of the lab routes all traffic between sites into this
 * device and what comes out of it to its destination, so that each packet
 * spends the asked time here, once, in order.  The delay is constant, so the
 * queue is a ring of bytes in order of arrival.  Each packet is read straight
 * into the ring and written straight from it, with its virtio header, so that
 * merged packets (64 KB) and unfinished checksums stay what they are.
 *
 * The ring is bounded; what does not fit is dropped, counted and reported at
 * the end.  Multicast is not for other sites and is dropped.  Linux only.
 *
 * usage: delay DEVICE MICROSECONDS
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RING_OCTETS   ((size_t)64 << 20)
#define VNET_OCTETS   ((size_t)10) /* struct virtio_net_hdr */
#define PACKET_OCTETS (VNET_OCTETS + 65575)
#define BURST         64

struct entry {
	uint64_t due_ns;
	size_t octets; /* of the packet; 0: go on at the start of the ring */
};

/*
 * [tail, head) is waiting, or when head < tail: [tail, end) and [0, head).
 * head == tail only when nothing waits, so the ring is never filled quite.
 */
struct ring {
	uint8_t *mem;
	size_t head, tail;
};

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec);
}

static int
tun_open(const char *name)
{
	struct ifreq ifr;
	unsigned offloads =
	    TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0) {
		perror("/dev/net/tun");
		return (-1);
	}
	memset(&ifr, 0, sizeof(ifr));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ifr.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
	if (ioctl(fd, TUNSETIFF, &ifr) < 0) {
		perror("TUNSETIFF");
		return (-1);
	}
	/* Refused: the kernel cuts and completes packets before they come. */
	(void)ioctl(fd, TUNSETOFFLOAD, offloads);
	return (fd);
}

static size_t
entry_span(size_t octets)
{
	return (sizeof(struct entry) + ((octets + 15) & ~(size_t)15));
}

/* Where the next packet may be read to, or NULL when the ring is full. */
static struct entry *
ring_reserve(struct ring *r)
{
	size_t need = entry_span(PACKET_OCTETS) + sizeof(struct entry);

	if (r->head == r->tail)
		r->head = r->tail = 0;
	if (r->head < r->tail)
		return (r->tail - r->head > need ?
			(struct entry *)(void *)(r->mem + r->head) :
			NULL);
	if (RING_OCTETS - r->head <= need) {
		if (r->tail <= need)
			return (NULL);
		((struct entry *)(void *)(r->mem + r->head))->octets = 0;
		r->head = 0;
	}
	return ((struct entry *)(void *)(r->mem + r->head));
}

/* The packet that waits longest, or NULL. */
static struct entry *
ring_first(struct ring *r)
{
	struct entry *e;

	if (r->head == r->tail)
		return (NULL);
	e = (struct entry *)(void *)(r->mem + r->tail);
	if (e->octets == 0) {
		r->tail = 0;
		e = r->head == 0 ? NULL : (struct entry *)(void *)r->mem;
	}
	return (e);
}

/* Takes in what has arrived; returns how many packets found no room. */
static uint64_t
take_in(int fd, struct ring *r, uint64_t delay_ns)
{
	static uint8_t scratch[PACKET_OCTETS];
	uint64_t full = 0;
	int i;

	for (i = 0; i < BURST; i++) {
		struct entry *e = ring_reserve(r);
		uint8_t *to = e != NULL ? (uint8_t *)(e + 1) : scratch;
		ssize_t n = read(fd, to, PACKET_OCTETS);

		if (n <= 0)
			break;
		if (e == NULL) {
			full++;
			continue;
		}
		if ((size_t)n < VNET_OCTETS + 40 || to[VNET_OCTETS] >> 4 != 6 ||
		    to[VNET_OCTETS + 24] == 0xff)
			continue;
		e->due_ns = now_ns() + delay_ns;
		e->octets = (size_t)n;
		r->head += entry_span((size_t)n);
	}
	return (full);
}

/* Gives out what is due; returns how many packets the kernel refused. */
static uint64_t
give_out(int fd, struct ring *r)
{
	struct entry *e;
	uint64_t refused = 0;
	int i;

	for (i = 0;
	     i < BURST && (e = ring_first(r)) != NULL && e->due_ns <= now_ns();
	     i++) {
		if (write(fd, e + 1, e->octets) < 0)
			refused++;
		r->tail += entry_span(e->octets);
	}
	return (refused);
}

static void
be_punctual(void)
{
	struct sched_param sp = { .sched_priority = 1 };

	/* Best effort: without these the delay is only less exact. */
	(void)prctl(PR_SET_TIMERSLACK, 1000);
	(void)sched_setscheduler(0, SCHED_RR, &sp);
}

int
main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct ring r = { NULL, 0, 0 };
	struct pollfd pfd;
	sigset_t mask;
	uint64_t delay_ns, full = 0, refused = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: delay DEVICE MICROSECONDS\n");
		return (2);
	}
	delay_ns = strtoull(argv[2], NULL, 10) * 1000;
	r.mem = mmap(NULL, RING_OCTETS, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (r.mem == MAP_FAILED) {
		perror("mmap");
		return (1);
	}
	pfd.fd = tun_open(argv[1]);
	if (pfd.fd < 0)
		return (1);
	pfd.events = POLLIN;
	/* Signals come only while waiting, so none is missed before it. */
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	sigemptyset(&mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	be_punctual();
	printf("ready\n");
	fflush(stdout);
	while (!stop) {
		struct entry *e = ring_first(&r);
		struct timespec ts = { 0, 0 };
		uint64_t now = now_ns();

		if (e != NULL && e->due_ns > now) {
			ts.tv_sec = (time_t)((e->due_ns - now) / 1000000000u);
			ts.tv_nsec = (long)((e->due_ns - now) % 1000000000u);
		}
		if (ppoll(&pfd, 1, e != NULL ? &ts : NULL, &mask) > 0)
			full += take_in(pfd.fd, &r, delay_ns);
		refused += give_out(pfd.fd, &r);
	}
	printf("dropped: no room %" PRIu64 ", refused %" PRIu64 "\n", full,
	    refused);
	return (0);
}
