/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wire of the port tests (see wire.h).
 */
#include "wire.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static void *
io_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
io_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

void
io_clear(struct io *io)
{
	while (io->count > 0)
		mip6_pool_put(io->pool, io->got[--io->count]);
	while (io->backs > 0)
		mip6_pool_put(io->pool, io->back[--io->backs]);
}

struct io *
io_start(struct fix *f)
{
	static const struct mip6_alloc alloc = { io_alloc, io_release, NULL };
	struct io *io = calloc(1, sizeof(*io));
	char err[256] = "";

	assert_non_null(io);
	io->f = f;
	io->pool = mip6_pool_new(&alloc, 1024, 4);
	fix_start(f);
	io->port = mip6_plat_port_open(f->plat, fix_link(f, HOST_LINK), err,
	    sizeof(err));
	if (io->port == NULL)
		fail_msg("%s", err);
	io->peer =
	    mip6_port_pcap_open(fix_link(f, HOST_PEER), err, sizeof(err));
	if (io->peer == NULL)
		fail_msg("%s", err);
	assert_int_equal(fix_do(f, fix_effect(10, true)), 0);
	return io;
}

void
io_stop(struct io *io)
{
	io_clear(io);
	assert_int_equal(mip6_pool_out(io->pool), 0);
	io->peer->ops->close(io->peer);
	mip6_plat_port_close(io->f->plat, io->port);
	mip6_pool_free(io->pool);
	fix_stop(io->f);
	free(io);
}

void
io_take(struct io *io, int ms)
{
	struct pollfd w[2] = { { io->port->fd, POLLIN, 0 },
		{ io->peer->fd, POLLIN, 0 } };

	if (poll(w, 2, ms) <= 0)
		return;
	assert_true(io->count + MIP6_PKT_BURST <= MIP6_COUNT(io->got));
	assert_true(io->backs + MIP6_PKT_BURST <= MIP6_COUNT(io->back));
	io->count += io->port->ops->recv(io->port, io->pool,
	    io->got + io->count, MIP6_PKT_BURST);
	io->backs += io->peer->ops->recv(io->peer, io->pool,
	    io->back + io->backs, MIP6_PKT_BURST);
}

void
io_frame(struct io *io, const void *octets, size_t count)
{
	struct mip6_pkt *pkt = mip6_pool_get(io->pool, count);

	assert_non_null(pkt);
	memcpy(mip6_pkt_octets(pkt), octets, count);
	pkt->count = (uint32_t)count;
	assert_int_equal(io->peer->ops->send(io->peer, io->pool, &pkt, 1), 1);
}

struct io_packet *
io_begin(const char *to, uint8_t next_header)
{
	static const uint8_t link[] = { 2, 0, 0, 0, 0, 0x0a, 2, 0, 0, 0, 0,
		0x0b, 0x86, 0xdd };
	static struct io_packet p;
	struct mip6_addr src = fix_a(HOST_NEIGHBOUR), dst = fix_a(to);

	p.w = mip6_wr_make(p.octets, sizeof(p.octets));
	mip6_wr_octets(&p.w, link, sizeof(link));
	mip6_wr_u32(&p.w, 6u << 28);
	mip6_wr_u16(&p.w, 0);
	mip6_wr_u8(&p.w, next_header);
	mip6_wr_u8(&p.w, 64);
	mip6_wr_addr(&p.w, &src);
	mip6_wr_addr(&p.w, &dst);
	return &p;
}

void
io_send(struct io *io, struct io_packet *p)
{
	assert_false(p->w.failed);
	mip6_wr_patch_u16(&p->w, 14 + 4, (uint16_t)(p->w.pos - 54));
	io_frame(io, p->octets, p->w.pos);
}

uint16_t
io_checksum(const struct io_packet *p, uint8_t proto)
{
	uint32_t sum = proto + (uint32_t)(p->w.pos - 54);
	size_t i;

	for (i = 22; i < p->w.pos; i++)
		sum += i % 2 == 0 ? (uint32_t)p->octets[i] << 8 : p->octets[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

size_t
io_back(const struct io *io, uint8_t type, int seq)
{
	const uint8_t *o;
	size_t i, n = 0;

	for (i = 0; i < io->backs; i++) {
		o = mip6_pkt_octets(io->back[i]);
		n += io->back[i]->count >= 48 && o[6] == 58 && o[40] == type &&
		    (seq < 0 || (o[46] << 8 | o[47]) == seq);
	}
	return n;
}

size_t
io_errors(const struct io *io)
{
	return io_back(io, 1, -1) + io_back(io, 2, -1) + io_back(io, 3, -1) +
	    io_back(io, 4, -1);
}

void
io_barrier(struct io *io)
{
	struct io_packet *p = io_begin(HOST_ADDR, 58);

	mip6_wr_u32(&p->w, 128u << 24);
	mip6_wr_u16(&p->w, 7);
	mip6_wr_u16(&p->w, ++io->echo);
	mip6_wr_patch_u16(&p->w, 56, io_checksum(p, 58));
	io_send(io, p);
	IO_WAIT(io, io_back(io, 129, io->echo) == 1);
}

size_t
io_seen(const struct io *io)
{
	const uint8_t *o;
	size_t i, n = 0;

	for (i = 0; i < io->count; i++) {
		o = mip6_pkt_octets(io->got[i]);
		n += o[6] != 58;
	}
	return n;
}
