/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim: network events. */
#ifndef SHIM_KERN_EVENT_H
#define SHIM_KERN_EVENT_H
#include <sys/types.h>
#include <sys/ioccom.h>
#define KEV_VENDOR_APPLE 1
#define KEV_NETWORK_CLASS 1
#define KEV_ANY_SUBCLASS 0
struct kern_event_msg {
	u_int32_t total_size, vendor_code, kev_class, kev_subclass, id,
	    event_code, event_data[1];
};
struct kev_request {
	u_int32_t vendor_code, kev_class, kev_subclass;
};
#define SIOCSKEVFILT _IOW('e', 2, struct kev_request)
#endif
