/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet filter as nft's text, from what is to be in it.
 */
#ifndef MIP6_PLATFORM_LINUX_NFT_TEXT_H
#define MIP6_PLATFORM_LINUX_NFT_TEXT_H

#include <stdint.h>
#include <stdio.h>

struct mip6_nft;

/* Both tables, replacing what there is of them, in one transaction. */
void mip6_nft_text(FILE *f, const struct mip6_nft *n);
/* The chain of one link. */
void mip6_nft_text_link(FILE *f, const struct mip6_nft *n, uint32_t i);
/* Both tables gone, whether they were there or not. */
void mip6_nft_text_remove(FILE *f);

#endif
