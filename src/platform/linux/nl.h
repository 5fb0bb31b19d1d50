/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Netlink: messages made and read with bounds, and sockets that believe the
 * kernel alone.
 */
#ifndef MIP6_PLATFORM_LINUX_NL_H
#define MIP6_PLATFORM_LINUX_NL_H

#include "base/addr.h"
#include "base/time.h"

#define MIP6_NLMSG_OCTETS 1024

/* A request under construction; `failed` when it grew too large. */
struct mip6_nlmsg {
	uint32_t word[MIP6_NLMSG_OCTETS / 4];
	size_t count; /* octets */
	bool failed;
};

/* Begins with a body of `octets` octets behind the netlink header. */
void mip6_nlmsg_init(struct mip6_nlmsg *m, uint16_t type, uint16_t flags,
    const void *body, size_t octets);
void mip6_nlmsg_attr(struct mip6_nlmsg *m, uint16_t type, const void *value,
    size_t octets);
void mip6_nlmsg_u32(struct mip6_nlmsg *m, uint16_t type, uint32_t value);
void mip6_nlmsg_addr(struct mip6_nlmsg *m, uint16_t type,
    const struct mip6_addr *a);
/* Opens a nested attribute; what it returns closes it. */
size_t mip6_nlmsg_nest(struct mip6_nlmsg *m, uint16_t type);
void mip6_nlmsg_nest_end(struct mip6_nlmsg *m, size_t nest);

/* Octets still to read. */
struct mip6_nl_view {
	const uint8_t *octets;
	size_t count;
};

struct mip6_nl_head {
	uint16_t type, flags;
	uint32_t seq, port;
};

/*
 * The next message of a datagram, or the next attribute of a list; moves `v`
 * behind it.  false: nothing more, or it does not fit what is there.
 */
bool mip6_nl_message(struct mip6_nl_view *v, struct mip6_nl_head *h,
    struct mip6_nl_view *body);
bool mip6_nl_attr(struct mip6_nl_view *v, uint16_t *type,
    struct mip6_nl_view *value);
/* Copies the fixed part of a body and moves behind it. */
bool mip6_nl_fixed(struct mip6_nl_view *v, void *to, size_t octets);
/* Values of attributes; false: wrong size. */
bool mip6_nl_get_u32(const struct mip6_nl_view *v, uint32_t *to);
bool mip6_nl_get_addr(const struct mip6_nl_view *v, struct mip6_addr *to);

/* The errno (>= 0) in the body of NLMSG_ERROR; EPROTO when malformed. */
int mip6_nl_error(const struct mip6_nl_view *body);

#define MIP6_NL_BUFFER 65536

struct mip6_nl {
	int fd;        /* -1: not open */
	uint32_t port; /* ours */
	uint32_t seq;
	uint64_t foreign; /* datagrams of others than the kernel, refused */
	uint8_t *buf;     /* MIP6_NL_BUFFER octets */
};

enum mip6_nl_got {
	MIP6_NL_NOTHING, /* now */
	MIP6_NL_DATAGRAM,
	MIP6_NL_LOST /* messages were lost; or the socket failed */
};

/* `family`: NETLINK_ROUTE ...  Returns 0 or an errno. */
int mip6_nl_open(struct mip6_nl *s, int family);
int mip6_nl_join(struct mip6_nl *s, uint32_t group);
void mip6_nl_close(struct mip6_nl *s);

/* Sends with a fresh sequence number (s->seq after it). 0 or an errno. */
int mip6_nl_send(struct mip6_nl *s, struct mip6_nlmsg *m);

/* Never blocks. `v` is good until the next call. */
enum mip6_nl_got mip6_nl_recv(struct mip6_nl *s, struct mip6_nl_view *v);

/* Waits for something to read; false after `limit`. For opening and closing. */
bool mip6_nl_wait(struct mip6_nl *s, struct mip6_span limit);

/*
 * Sends and waits for the acknowledgement (2 s at the most): only for opening
 * and closing, on a socket for nothing else.  0 or an errno.
 */
int mip6_nl_call(struct mip6_nl *s, struct mip6_nlmsg *m);

#endif
