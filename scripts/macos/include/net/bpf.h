/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim. Structures follow libpcap's pcap/bpf.h; ioctl numbers are the Darwin ABI. */
#ifndef _NET_BPF_H_
#define _NET_BPF_H_
#include <sys/types.h>
#include <sys/time.h>
#include <sys/ioctl.h>
#include <net/if.h>
typedef int bpf_int32;
typedef u_int bpf_u_int32;
#define BPF_TIMEVAL timeval32
#define BPF_RELEASE 199606
#define BPF_ALIGNMENT sizeof(int)
#define BPF_WORDALIGN(x) (((x) + (BPF_ALIGNMENT - 1)) & ~(BPF_ALIGNMENT - 1))
#define BPF_MAXINSNS 512
#define BPF_MAXBUFSIZE 0x80000
#define BPF_MINBUFSIZE 32
#define BPF_MAJOR_VERSION 1
#define BPF_MINOR_VERSION 1
struct bpf_insn { u_short code; u_char jt, jf; bpf_u_int32 k; };
struct bpf_program { u_int bf_len; struct bpf_insn *bf_insns; };
struct bpf_stat { u_int bs_recv, bs_drop; };
struct bpf_version { u_short bv_major, bv_minor; };
#pragma pack(push, 4)
struct bpf_dltlist { u_int32_t bfl_len; union { u_int32_t *bflu_list; u_int64_t bflu_pad; } bfl_u; };
#pragma pack(pop)
#define bfl_list bfl_u.bflu_list
struct bpf_hdr { struct timeval32 bh_tstamp; bpf_u_int32 bh_caplen, bh_datalen; u_short bh_hdrlen; };
#define BIOCGBLEN _IOR('B', 102, u_int)
#define BIOCSBLEN _IOWR('B', 102, u_int)
#define BIOCSETF _IOW('B', 103, struct bpf_program)
#define BIOCFLUSH _IO('B', 104)
#define BIOCPROMISC _IO('B', 105)
#define BIOCGDLT _IOR('B', 106, u_int)
#define BIOCGETIF _IOR('B', 107, struct ifreq)
#define BIOCSETIF _IOW('B', 108, struct ifreq)
#define BIOCSRTIMEOUT _IOW('B', 109, struct timeval)
#define BIOCGRTIMEOUT _IOR('B', 110, struct timeval)
#define BIOCGSTATS _IOR('B', 111, struct bpf_stat)
#define BIOCIMMEDIATE _IOW('B', 112, u_int)
#define BIOCVERSION _IOR('B', 113, struct bpf_version)
#define BIOCGRSIG _IOR('B', 114, u_int)
#define BIOCSRSIG _IOW('B', 115, u_int)
#define BIOCGHDRCMPLT _IOR('B', 116, u_int)
#define BIOCSHDRCMPLT _IOW('B', 117, u_int)
#define BIOCGSEESENT _IOR('B', 118, u_int)
#define BIOCSSEESENT _IOW('B', 119, u_int)
#define BIOCSDLT _IOW('B', 120, u_int)
#define BIOCGDLTLIST _IOWR('B', 121, struct bpf_dltlist)
#define BIOCSETFNR _IOW('B', 126, struct bpf_program)
#define BPF_CLASS(c) ((c) & 0x07)
#define BPF_LD 0x00
#define BPF_LDX 0x01
#define BPF_ST 0x02
#define BPF_STX 0x03
#define BPF_ALU 0x04
#define BPF_JMP 0x05
#define BPF_RET 0x06
#define BPF_MISC 0x07
#define BPF_SIZE(c) ((c) & 0x18)
#define BPF_W 0x00
#define BPF_H 0x08
#define BPF_B 0x10
#define BPF_MODE(c) ((c) & 0xe0)
#define BPF_IMM 0x00
#define BPF_ABS 0x20
#define BPF_IND 0x40
#define BPF_MEM 0x60
#define BPF_LEN 0x80
#define BPF_MSH 0xa0
#define BPF_OP(c) ((c) & 0xf0)
#define BPF_ADD 0x00
#define BPF_SUB 0x10
#define BPF_MUL 0x20
#define BPF_DIV 0x30
#define BPF_OR 0x40
#define BPF_AND 0x50
#define BPF_LSH 0x60
#define BPF_RSH 0x70
#define BPF_NEG 0x80
#define BPF_JA 0x00
#define BPF_JEQ 0x10
#define BPF_JGT 0x20
#define BPF_JGE 0x30
#define BPF_JSET 0x40
#define BPF_SRC(c) ((c) & 0x08)
#define BPF_K 0x00
#define BPF_X 0x08
#define BPF_RVAL(c) ((c) & 0x18)
#define BPF_A 0x10
#define BPF_MISCOP(c) ((c) & 0xf8)
#define BPF_TAX 0x00
#define BPF_TXA 0x80
#define BPF_MEMWORDS 16
#if __has_include(<pcap/dlt.h>)
#include <pcap/dlt.h>
#else
#define DLT_NULL 0
#define DLT_EN10MB 1
#define DLT_SLIP 8
#define DLT_PPP 9
#define DLT_RAW 12
#define DLT_IEEE802_11 105
#define DLT_LOOP 108
#endif
#endif
