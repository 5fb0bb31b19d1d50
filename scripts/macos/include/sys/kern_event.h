/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim: sys/kern_control.h only needs the name. */
#ifndef SHIM_KERN_EVENT_H
#define SHIM_KERN_EVENT_H
#endif
