/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet path, driven by octets: see path_drive.h.
 *
 * Links: path
 */
#include "fuzz/path_drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	drive_run(octets, count, NULL);
	return 0;
}
