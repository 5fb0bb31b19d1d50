/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A link's port on a Mac: frames leave as they are given, what it brings
 * besides follows the home addresses, and what fails leaves nothing open.
 *
 * Links: darwin path
 */
#include "darwin_fake.h"

#include "platform/common/port_pcap.h"
#include "platform/darwin/darwin.h"

#define TX_FD 77

static const struct mip6_ev_link en0 = { .ifindex = FAKE_EN0,
	.name = "en0",
	.mtu = 1500,
	.up = true };

static struct {
	uint32_t opened, closed, warned;
	bool no_capture, no_ioctl, no_filter;
	uint32_t complete; /* BIOCSHDRCMPLT as it was set; 0: not */
	size_t homes;
	struct mip6_addr home[128];
} port;

static void
port_close(struct mip6_port *p)
{
	port.closed++;
	free(p);
}

static const struct mip6_port_ops port_ops = { .close = port_close };

static struct mip6_port *
port_open(const struct mip6_ev_link *link,
    const struct mip6_port_pcap_options *options, char *err, size_t err_octets)
{
	struct mip6_port *p;

	if (port.no_capture) {
		(void)snprintf(err, err_octets, "capture on %s", link->name);
		return NULL;
	}
	assert_int_equal(options->raw_fd, -1);
	p = calloc(1, sizeof(*p));
	assert_non_null(p);
	p->ops = &port_ops;
	p->ifindex = link->ifindex;
	port.opened++;
	return p;
}

static int
port_tx_fd(const struct mip6_port *p)
{
	(void)p;
	return TX_FD;
}

static int
port_homes(struct mip6_port *p, const struct mip6_addr *home, size_t n)
{
	(void)p;
	assert_true(n <= MIP6_COUNT(port.home));
	port.homes = n;
	memcpy(port.home, home, n * sizeof(*home));
	return port.no_filter ? EIO : 0;
}

static int
port_ioctl(int fd, unsigned long request, void *value)
{
	if (port.no_ioctl)
		return fake_no(EPERM);
	assert_int_equal(fd, TX_FD);
	assert_int_equal(request, DARWIN_BIOCSHDRCMPLT);
	memcpy(&port.complete, value, sizeof(port.complete));
	return 0;
}

static void
on_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	(void)arg;
	(void)level;
	(void)kv;
	(void)count;
	port.warned += strcmp(event, "plat.filter") == 0;
}

static struct mip6_plat *
plat(void)
{
	static const struct mip6_log log = { on_log, NULL, MIP6_LOG_DEBUG };
	static struct mip6_os os;
	static struct mip6_plat p;

	memset(&port, 0, sizeof(port));
	memset(&p, 0, sizeof(p));
	os = mip6_os_system;
	os.port_open = port_open;
	os.port_tx_fd = port_tx_fd;
	os.port_homes = port_homes;
	os.ioctl = port_ioctl;
	p.os = &os;
	p.env.log = &log;
	mip6_group_init(&p);
	return &p;
}

static void
test_open(void **state)
{
	struct mip6_plat *p = plat();
	struct mip6_port *a, *b;
	char err[64] = "";

	(void)state;
	a = mip6_plat_port_open(p, &en0, err, sizeof(err));
	assert_non_null(a);
	assert_int_equal(port.complete, 1);
	assert_int_equal(port.homes, 0);
	b = mip6_plat_port_open(p, &en0, err, sizeof(err));
	assert_non_null(b);
	mip6_plat_port_close(p, a);
	assert_int_equal(port.closed, 1);
	mip6_ports_fini(p);
	assert_int_equal(port.closed, 2);
	assert_null(p->ports);
	assert_string_equal(err, "");
}

static void
test_refused(void **state)
{
	struct mip6_plat *p = plat();
	char err[64] = "";

	(void)state;
	port.no_capture = true;
	assert_null(mip6_plat_port_open(p, &en0, err, sizeof(err)));
	assert_string_equal(err, "capture on en0");
	/* Frames with a header of the kernel's before ours are no use. */
	port.no_capture = false;
	port.no_ioctl = true;
	assert_null(mip6_plat_port_open(p, &en0, err, sizeof(err)));
	assert_non_null(strstr(err, "injection on en0: "));
	assert_non_null(strstr(err, strerror(EPERM)));
	assert_int_equal(port.opened, 1);
	assert_int_equal(port.closed, 1);
	assert_null(p->ports);
}

static void
test_homes(void **state)
{
	struct mip6_plat *p = plat();
	struct mip6_pf_list *shield = &p->pf.list[MIP6_PF_SHIELD];
	struct mip6_addr home[100];
	char err[64] = "";
	size_t i;

	(void)state;
	memset(home, 0xfd, sizeof(home));
	for (i = 0; i < MIP6_COUNT(home); i++)
		home[i].b[15] = (uint8_t)i;
	shield->addr = home;
	shield->count = 2;
	assert_non_null(mip6_plat_port_open(p, &en0, err, sizeof(err)));
	assert_int_equal(port.homes, 2);
	assert_memory_equal(port.home, home, 2 * sizeof(home[0]));
	shield->count = 3;
	mip6_ports_homes(p);
	assert_int_equal(port.homes, 3);
	/* More than a filter takes one by one: then it takes everything. */
	shield->count = MIP6_COUNT(home);
	mip6_ports_homes(p);
	assert_in_range(port.homes, 33, MIP6_COUNT(home));
	assert_int_equal(port.warned, 0);
	/* A filter that is refused is told of, and the port stays. */
	port.no_filter = true;
	mip6_ports_homes(p);
	assert_int_equal(port.warned, 1);
	assert_int_equal(port.closed, 0);
	shield->addr = NULL;
	mip6_ports_fini(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_homes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
