/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Netlink (see nl.h).  Anybody on the host may send datagrams to our sockets:
 * only what comes from port 0, the kernel, is looked at (the rule whose lack
 * was CVE-2010-2522).  Nothing in a datagram is believed before its length
 * was checked; a cut datagram counts as lost.
 */
#include "platform/linux/nl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#define NL_FOREIGN_MAX   64 /* refused in one go */
#define NL_RCVBUF        (1024 * 1024)
#define NL_CALL_TIMEOUT  MIP6_SPAN_S(2)
#define NL_CALL_MESSAGES 4096

static size_t
nl_align(size_t n)
{
	return (n + 3u) & ~(size_t)3u;
}

static void
nlmsg_octets(struct mip6_nlmsg *m, const void *from, size_t octets)
{
	size_t room = nl_align(octets);

	if (m->failed || room > sizeof(m->word) - m->count) {
		m->failed = true;
		return;
	}
	if (octets > 0)
		memcpy((uint8_t *)m->word + m->count, from, octets);
	m->count += room;
}

void
mip6_nlmsg_init(struct mip6_nlmsg *m, uint16_t type, uint16_t flags,
    const void *body, size_t octets)
{
	struct nlmsghdr h;

	memset(m, 0, sizeof(*m));
	memset(&h, 0, sizeof(h));
	h.nlmsg_type = type;
	h.nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST);
	nlmsg_octets(m, &h, sizeof(h));
	nlmsg_octets(m, body, octets);
}

void
mip6_nlmsg_attr(struct mip6_nlmsg *m, uint16_t type, const void *value,
    size_t octets)
{
	struct nlattr a;

	a.nla_type = type;
	a.nla_len = (uint16_t)(sizeof(a) + octets);
	nlmsg_octets(m, &a, sizeof(a));
	nlmsg_octets(m, value, octets);
}

void
mip6_nlmsg_u32(struct mip6_nlmsg *m, uint16_t type, uint32_t value)
{
	mip6_nlmsg_attr(m, type, &value, sizeof(value));
}

void
mip6_nlmsg_addr(struct mip6_nlmsg *m, uint16_t type, const struct mip6_addr *a)
{
	mip6_nlmsg_attr(m, type, a->b, sizeof(a->b));
}

size_t
mip6_nlmsg_nest(struct mip6_nlmsg *m, uint16_t type)
{
	size_t at = m->count;

	mip6_nlmsg_attr(m, (uint16_t)(type | NLA_F_NESTED), NULL, 0);
	return at;
}

void
mip6_nlmsg_nest_end(struct mip6_nlmsg *m, size_t nest)
{
	uint16_t octets = (uint16_t)(m->count - nest);

	if (!m->failed)
		memcpy((uint8_t *)m->word + nest, &octets, sizeof(octets));
}

bool
mip6_nl_message(struct mip6_nl_view *v, struct mip6_nl_head *h,
    struct mip6_nl_view *body)
{
	struct nlmsghdr n;
	size_t step;

	if (v->count < sizeof(n))
		return false;
	memcpy(&n, v->octets, sizeof(n));
	if (n.nlmsg_len < sizeof(n) || n.nlmsg_len > v->count)
		return false;
	h->type = n.nlmsg_type;
	h->flags = n.nlmsg_flags;
	h->seq = n.nlmsg_seq;
	h->port = n.nlmsg_pid;
	body->octets = v->octets + sizeof(n);
	body->count = n.nlmsg_len - sizeof(n);
	step = nl_align(n.nlmsg_len);
	if (step > v->count)
		step = v->count;
	v->octets += step;
	v->count -= step;
	return true;
}

bool
mip6_nl_attr(struct mip6_nl_view *v, uint16_t *type, struct mip6_nl_view *value)
{
	struct nlattr a;
	size_t step;

	if (v->count < sizeof(a))
		return false;
	memcpy(&a, v->octets, sizeof(a));
	if (a.nla_len < sizeof(a) || a.nla_len > v->count)
		return false;
	*type = (uint16_t)(a.nla_type & 0x3fffu); /* NLA_TYPE_MASK */
	value->octets = v->octets + sizeof(a);
	value->count = a.nla_len - sizeof(a);
	step = nl_align(a.nla_len);
	if (step > v->count)
		step = v->count;
	v->octets += step;
	v->count -= step;
	return true;
}

bool
mip6_nl_fixed(struct mip6_nl_view *v, void *to, size_t octets)
{
	size_t step = nl_align(octets);

	if (v->count < octets)
		return false;
	memcpy(to, v->octets, octets);
	if (step > v->count)
		step = v->count;
	v->octets += step;
	v->count -= step;
	return true;
}

bool
mip6_nl_get_u32(const struct mip6_nl_view *v, uint32_t *to)
{
	if (v->count != sizeof(*to))
		return false;
	memcpy(to, v->octets, sizeof(*to));
	return true;
}

bool
mip6_nl_get_addr(const struct mip6_nl_view *v, struct mip6_addr *to)
{
	if (v->count != sizeof(to->b))
		return false;
	memcpy(to->b, v->octets, sizeof(to->b));
	return true;
}

int
mip6_nl_error(const struct mip6_nl_view *body)
{
	int32_t error;

	if (body->count < sizeof(error))
		return EPROTO;
	memcpy(&error, body->octets, sizeof(error));
	return error > 0 || error < -4095 ? EPROTO : -error;
}

int
mip6_nl_open(struct mip6_nl *s, int family)
{
	struct sockaddr_nl self;
	socklen_t octets = sizeof(self);
	const int size = NL_RCVBUF, on = 1;
	int error;

	memset(s, 0, sizeof(*s));
	s->fd =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, family);
	if (s->fd < 0)
		return errno;
	memset(&self, 0, sizeof(self));
	self.nl_family = AF_NETLINK;
	s->buf = malloc(MIP6_NL_BUFFER);
	if (s->buf == NULL ||
	    bind(s->fd, (const struct sockaddr *)&self, sizeof(self)) != 0 ||
	    getsockname(s->fd, (struct sockaddr *)&self, &octets) != 0) {
		error = s->buf == NULL ? ENOMEM : errno;
		mip6_nl_close(s);
		return error;
	}
	s->port = self.nl_pid;
	/* Both are only better to have. */
	(void)setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
	    sizeof(size));
	(void)setsockopt(s->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

int
mip6_nl_join(struct mip6_nl *s, uint32_t group)
{
	if (setsockopt(s->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		sizeof(group)) != 0)
		return errno;
	return 0;
}

void
mip6_nl_close(struct mip6_nl *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->buf);
	s->buf = NULL;
	s->fd = -1;
}

int
mip6_nl_send(struct mip6_nl *s, struct mip6_nlmsg *m)
{
	struct sockaddr_nl kernel;
	struct nlmsghdr h;
	ssize_t n;

	if (m->failed)
		return EMSGSIZE;
	if (++s->seq == 0)
		s->seq = 1;
	memcpy(&h, m->word, sizeof(h));
	h.nlmsg_len = (uint32_t)m->count;
	h.nlmsg_seq = s->seq;
	h.nlmsg_pid = s->port;
	memcpy(m->word, &h, sizeof(h));
	memset(&kernel, 0, sizeof(kernel));
	kernel.nl_family = AF_NETLINK;
	n = sendto(s->fd, m->word, m->count, MSG_DONTWAIT,
	    (const struct sockaddr *)&kernel, sizeof(kernel));
	return n < 0 ? errno : 0;
}

enum mip6_nl_got
mip6_nl_recv(struct mip6_nl *s, struct mip6_nl_view *v)
{
	struct sockaddr_nl from;
	struct iovec iov = { s->buf, MIP6_NL_BUFFER };
	struct msghdr h;
	ssize_t n;
	int tries;

	for (tries = 0; tries < NL_FOREIGN_MAX; tries++) {
		memset(&h, 0, sizeof(h));
		memset(&from, 0xff, sizeof(from));
		h.msg_name = &from;
		h.msg_namelen = sizeof(from);
		h.msg_iov = &iov;
		h.msg_iovlen = 1;
		n = recvmsg(s->fd, &h, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return MIP6_NL_NOTHING;
		if (n < 0)
			return MIP6_NL_LOST;
		/* CVE-2010-2522: the kernel is port 0, nobody else is. */
		if (h.msg_namelen != sizeof(from) || from.nl_pid != 0) {
			s->foreign++;
			continue;
		}
		if ((h.msg_flags & MSG_TRUNC) != 0)
			return MIP6_NL_LOST;
		v->octets = s->buf;
		v->count = (size_t)n;
		return MIP6_NL_DATAGRAM;
	}
	return MIP6_NL_NOTHING;
}

bool
mip6_nl_wait(struct mip6_nl *s, struct mip6_span limit)
{
	struct pollfd f = { s->fd, POLLIN, 0 };

	return poll(&f, 1, (int)(limit.us / 1000)) > 0;
}

static bool
nl_answer(struct mip6_nl_view v, uint32_t seq, int *error)
{
	struct mip6_nl_view body;
	struct mip6_nl_head h;

	while (mip6_nl_message(&v, &h, &body)) {
		if (h.seq == seq && h.type == NLMSG_ERROR) {
			*error = mip6_nl_error(&body);
			return true;
		}
	}
	return false;
}

int
mip6_nl_call(struct mip6_nl *s, struct mip6_nlmsg *m)
{
	struct mip6_nl_view v;
	struct nlmsghdr h;
	int error, tries;

	memcpy(&h, m->word, sizeof(h));
	h.nlmsg_flags |= NLM_F_ACK;
	memcpy(m->word, &h, sizeof(h));
	error = mip6_nl_send(s, m);
	if (error != 0)
		return error;
	for (tries = 0; tries < NL_CALL_MESSAGES; tries++) {
		switch (mip6_nl_recv(s, &v)) {
		case MIP6_NL_DATAGRAM:
			if (nl_answer(v, s->seq, &error))
				return error;
			break;
		case MIP6_NL_LOST:
			return ENOBUFS;
		case MIP6_NL_NOTHING:
			if (!mip6_nl_wait(s, NL_CALL_TIMEOUT))
				return ETIMEDOUT;
			break;
		}
	}
	return ETIMEDOUT;
}
