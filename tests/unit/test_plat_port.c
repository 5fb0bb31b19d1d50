/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Captured frames of every link type, cut at every octet, and the kernel's
 * filter: it misses no mobility packet and no packet to a home address.
 *
 * Links: platform path
 */
#include "support.h"

#include <pcap.h>

#include "platform/common/port_pcap.h"

#define ETH_IP 14

static void
frame_put(uint8_t *frame, size_t at, uint8_t next_header,
    const struct mip6_addr *dst)
{
	frame[at] = 0x60;
	frame[at + 6] = next_header;
	memcpy(frame + at + 24, dst->b, 16);
}

static void
test_frames(void **state)
{
	static const struct {
		int dlt;
		size_t ip;
		uint8_t head[18];
		bool taken, ethernet;
	} row[] = {
		{ DLT_EN10MB, 14,
		    { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd }, true,
		    true },
		{ DLT_EN10MB, 14,
		    { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0 }, false,
		    true },
		{ DLT_EN10MB, 18,
		    { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0xe0, 0,
			0x86, 0xdd },
		    true, true },
		{ DLT_EN10MB, 18,
		    { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 5, 0x86,
			0xdd },
		    false, true },
		{ DLT_RAW, 0, { 0 }, true, false },
		{ DLT_LINUX_SLL, 16,
		    { 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd },
		    true, false },
		{ DLT_LINUX_SLL, 16,
		    { 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0 },
		    false, false },
		{ DLT_NULL, 4, { 10 }, true, false },
		{ DLT_PPP, 4, { 0xff, 3, 0, 0x57 }, true, false },
		{ DLT_PPP, 4, { 0xff, 3, 0, 0x21 }, false, false },
		{ 9999, 0, { 0 }, false, false },
	};
	struct mip6_frame f;
	uint8_t *frame;
	size_t i, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		for (n = 0; n <= row[i].ip + 40; n++) {
			frame = calloc(1, n + 1);
			assert_non_null(frame);
			memcpy(frame, row[i].head,
			    n < row[i].ip ? n : row[i].ip);
			if (n > row[i].ip)
				frame[row[i].ip] = 0x60;
			if (mip6_port_pcap_frame(row[i].dlt, frame, n, &f)) {
				assert_true(row[i].taken);
				assert_int_equal(f.ip, row[i].ip);
				assert_int_equal(f.ethernet, row[i].ethernet);
				assert_true(n >= row[i].ip);
			} else {
				assert_true(!row[i].taken || n <= row[i].ip);
			}
			free(frame);
		}
	}
	assert_int_equal(row[0].head[11], 2);
	assert_true(mip6_port_pcap_frame(DLT_EN10MB, row[0].head, 14, &f));
	assert_int_equal(f.dst.b[5], 1);
	assert_int_equal(f.src.b[5], 2);
}

static bool
filter_takes(const struct mip6_addr *home, size_t homes, uint8_t next_header,
    const struct mip6_addr *dst)
{
	static char text[4096];
	struct bpf_program program;
	struct pcap_pkthdr h;
	uint8_t frame[ETH_IP + 40] = { 0 };
	pcap_t *p = pcap_open_dead(DLT_EN10MB, 65600);
	bool taken;

	assert_non_null(p);
	assert_true(mip6_port_pcap_filter(home, homes, text, sizeof(text)));
	assert_int_equal(pcap_compile(p, &program, text, 1,
			     PCAP_NETMASK_UNKNOWN),
	    0);
	frame[12] = 0x86;
	frame[13] = 0xdd;
	frame_put(frame, ETH_IP, next_header, dst);
	memset(&h, 0, sizeof(h));
	h.caplen = h.len = sizeof(frame);
	taken = pcap_offline_filter(&program, &h, frame) != 0;
	pcap_freecode(&program);
	pcap_close(p);
	return taken;
}

static void
test_filter(void **state)
{
	struct mip6_addr home[64], other;
	unsigned next;
	size_t i;

	(void)state;
	memset(home, 0, sizeof(home));
	for (i = 0; i < MIP6_COUNT(home); i++) {
		memset(home[i].b, 0xfd, 16);
		home[i].b[15] = (uint8_t)i;
	}
	memset(other.b, 0xfc, 16);
	/* All but native TCP and UDP; these too when sent to a home address. */
	for (next = 0; next < 256; next++) {
		assert_int_equal(filter_takes(NULL, 0, (uint8_t)next, &other),
		    next != 6 && next != 17);
		assert_int_equal(filter_takes(home, 3, (uint8_t)next, &other),
		    next != 6 && next != 17);
		assert_true(filter_takes(home, 3, (uint8_t)next, &home[2]));
	}
	for (i = 0; i < 32; i++)
		assert_true(filter_takes(home, 32, 6, &home[i]));
	assert_false(filter_takes(home, 32, 6, &home[32]));
	/* More homes than a filter should hold: everything. */
	assert_true(filter_takes(home, 33, 6, &home[32]));
	assert_true(filter_takes(home, 64, 17, &other));
}

static void
test_filter_fits(void **state)
{
	struct mip6_addr home[2];
	char text[256];
	size_t cap, whole;

	(void)state;
	memset(home, 0xfd, sizeof(home));
	assert_true(mip6_port_pcap_filter(home, 2, text, sizeof(text)));
	whole = strlen(text);
	for (cap = 0; cap <= whole; cap++)
		assert_false(mip6_port_pcap_filter(home, 2, text, cap));
	assert_true(mip6_port_pcap_filter(home, 2, text, whole + 1));
}

static void
test_clocks(void **state)
{
	struct mip6_now a = mip6_plat_now(), b = mip6_plat_now();

	(void)state;
	assert_true(b.boot.us >= a.boot.us && b.mono.us >= a.mono.us);
	assert_true(a.boot.us >= a.mono.us - 1000);
	assert_true(a.wall_us > UINT64_C(1700000000000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_filter_fits),
		cmocka_unit_test(test_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
