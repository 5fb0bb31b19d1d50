/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether peers still owe an answer to the node's leave.
 */
#ifndef MIP6_DAEMON_LEAVE_H
#define MIP6_DAEMON_LEAVE_H

#include "engine/engine.h"

bool mip6_leave_waits(const struct mip6_conf *conf,
    const struct mip6_engine *engine);

#endif
