/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values as they are written in mip6.conf and in key files.  Each function
 * returns false, and leaves its result alone, when the text is none of them.
 */
#ifndef MIP6_CONFIG_VALUE_H
#define MIP6_CONFIG_VALUE_H

#include "base/addr.h"
#include "base/time.h"

/* "true", "yes", "on"; "false", "no", "off". */
bool mip6_value_bool(const char *text, bool *value);
/* Decimal digits alone, min..max. */
bool mip6_value_u32(const char *text, uint32_t min, uint32_t max,
    uint32_t *value);
/*
 * A number with up to six decimals and a unit: "ms", "s" (also without one),
 * "m", "h", "d".
 */
bool mip6_value_span(const char *text, struct mip6_span *value);
/* "ADDR/BITS", where ADDR may have bits past BITS. */
bool mip6_value_addr_bits(const char *text, struct mip6_addr *addr,
    uint8_t *bits);
/* The name of an interface; with `pattern`, a "*" may end it. */
bool mip6_value_ifname(const char *text, bool pattern);
/* The name of a host as the DNS takes it, and no IPv4 address. */
bool mip6_value_host(const char *text, size_t max);
/* Printable ASCII without spaces, 1..max octets. */
bool mip6_value_word(const char *text, size_t max);
/* Pairs of hexadecimal digits; *octets: how many, at most `max`. */
bool mip6_value_hex(const char *text, uint8_t *to, size_t max, size_t *octets);

#endif
