# SPDX-License-Identifier: BSD-2-Clause
"""What the layers may see: the one table that the checks here read.

A layer may include its own headers, those of the layers in its row, and
include/mip6 where `mip6` stands in its row.  System headers are listed by
layer as well: so the library behind each decision has one user.
"""

# layer: layers (and "mip6" for include/mip6) it may include
MAY_INCLUDE = {
    "base": set(),
    "mip6": {"base"},
    "wire": {"base", "mip6"},
    "crypto": {"base", "wire", "mip6"},
    "core": {"base", "wire", "crypto", "mip6"},
    "path": {"base", "wire", "crypto", "mip6"},
    "engine": {"base", "wire", "crypto", "core", "path", "mip6"},
    "config": {"base", "wire", "crypto", "core", "mip6"},
    "control": {"base", "mip6"},
    "store": {"base"},
    # The types of the actions it carries out and of the events it reports.
    "platform": {"base", "wire", "core", "mip6"},
    "daemon": {"base", "wire", "crypto", "core", "path", "engine", "config",
               "control", "store", "platform", "mip6"},
    "ctl": {"base", "crypto", "config", "control", "mip6"},
}

# Single headers beyond that: base gives the names of the drop reasons, wire
# says under which of them a malformed header chain falls.
MAY_INCLUDE_ALSO = {"base": {"mip6/drop.h"}, "wire": {"mip6/drop.h"}}

PURE = ("base", "wire", "crypto", "core", "path", "engine")

# The only headers from outside that a pure layer may include.
PURE_HEADERS = {"stdbool.h", "stddef.h", "stdint.h", "stdarg.h", "stdalign.h",
                "limits.h", "inttypes.h", "string.h"}

# Libraries and the folders that may know them.
LIBRARY_USERS = {
    "openssl/": ("src/crypto/",),
    "event2/": ("src/daemon/",),
    "event.h": (),
    "pcap.h": ("src/platform/common/",),
    "pcap/": ("src/platform/common/",),
    "libnet.h": ("src/platform/common/",),
    "nftables/": ("src/platform/linux/",),
    "linux/": ("src/platform/linux/",),
    "confuse.h": ("src/config/",),
    "sqlite3.h": ("src/store/",),
    "jansson.h": ("src/control/", "src/ctl/", "src/daemon/"),
}

# Functions that a pure archive may leave undefined: pure, no allocation, no
# locale, no errno.
STRING_FUNCTIONS = {
    "memchr", "memcmp", "memcpy", "memmove", "memset", "bcmp",
    "strchr", "strcmp", "strcspn", "strlen", "strncmp", "strnlen", "strpbrk",
    "strrchr", "strspn", "strstr",
}

# What compilers add by themselves.
RUNTIME = (r"__stack_chk_(fail|guard)|_GLOBAL_OFFSET_TABLE_"
           r"|__(mem|str)[a-z]+_chk|__[a-z]+[dst]i[234]")

CRYPTO_SYMBOLS = r"(EVP|OSSL|CRYPTO|OPENSSL|HMAC|ERR|RAND)_[A-Za-z0-9_]+"

# Mutable file-scope variables that are allowed: set once by the program,
# before any other thread or function.  (layer, variable)
STATE_ALLOWED = {
    ("base", "base_abort_hook"),
}
