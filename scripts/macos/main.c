/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that the pure layers are linked into by scripts/check-macos. */
int
main(void)
{
	return 0;
}
