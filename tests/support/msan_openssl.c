/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenSSL as the memory sanitizer must see it.
 *
 * The library is not instrumented: what it writes would count as never
 * initialised, and what it reads of its own would be reported.  The linker
 * sends each call here (--wrap): the sanitizer looks away inside, what went in
 * is checked, and what comes out is declared initialised.  So our own crypto
 * layer is checked for real, with the real library; a call that is missing
 * here shows as a report in the msan build.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <sanitizer/msan_interface.h>

void __msan_scoped_disable_interceptor_checks(void);
void __msan_scoped_enable_interceptor_checks(void);

#define IN(octets, count)  __msan_check_mem_is_initialized((octets), (count))
#define OUT(octets, count) __msan_unpoison((octets), (count))

/* One call: before, the call itself, after. */
#define WRAP(type, name, parameters, arguments, before, after)                 \
	type __real_##name parameters;                                         \
	type __wrap_##name parameters;                                         \
	__attribute__((no_sanitize("memory"))) type __wrap_##name parameters   \
	{                                                                      \
		type result;                                                   \
                                                                               \
		before;                                                        \
		__msan_scoped_disable_interceptor_checks();                    \
		result = __real_##name arguments;                              \
		__msan_scoped_enable_interceptor_checks();                     \
		OUT(&result, sizeof(result));                                  \
		after;                                                         \
		return result;                                                 \
	}

#define WRAP_VOID(name, parameters, arguments)                                 \
	void __real_##name parameters;                                         \
	void __wrap_##name parameters;                                         \
	__attribute__((no_sanitize("memory"))) void __wrap_##name parameters   \
	{                                                                      \
		__msan_scoped_disable_interceptor_checks();                    \
		__real_##name arguments;                                       \
		__msan_scoped_enable_interceptor_checks();                     \
	}

#define NOTHING ((void)0)

/* One line a call, as a table. */
/* clang-format off */
WRAP(EVP_MD *, EVP_MD_fetch, (OSSL_LIB_CTX *l, const char *a, const char *p), (l, a, p), NOTHING, NOTHING)
WRAP(EVP_CIPHER *, EVP_CIPHER_fetch, (OSSL_LIB_CTX *l, const char *a, const char *p), (l, a, p), NOTHING, NOTHING)
WRAP(EVP_MD_CTX *, EVP_MD_CTX_new, (void), (), NOTHING, NOTHING)
WRAP(EVP_CIPHER_CTX *, EVP_CIPHER_CTX_new, (void), (), NOTHING, NOTHING)
WRAP(int, EVP_DigestInit_ex2, (EVP_MD_CTX *c, const EVP_MD *m, const OSSL_PARAM *p), (c, m, p), NOTHING, NOTHING)
WRAP(int, EVP_DigestUpdate, (EVP_MD_CTX *c, const void *d, size_t n), (c, d, n), IN(d, n), NOTHING)
WRAP(int, EVP_DigestFinal_ex, (EVP_MD_CTX *c, unsigned char *o, unsigned int *n), (c, o, n), NOTHING, OUT(n, sizeof(*n)); OUT(o, result == 1 ? *n : 0))
WRAP(int, EVP_EncryptInit_ex2, (EVP_CIPHER_CTX *c, const EVP_CIPHER *t, const unsigned char *k, const unsigned char *iv, const OSSL_PARAM *p), (c, t, k, iv, p), NOTHING, NOTHING)
WRAP(int, EVP_EncryptUpdate, (EVP_CIPHER_CTX *c, unsigned char *o, int *n, const unsigned char *i, int in), (c, o, n, i, in), IN(i, (size_t)in), OUT(n, sizeof(*n)); OUT(o, result == 1 ? (size_t)*n : 0))
WRAP(int, CRYPTO_memcmp, (const void *a, const void *b, size_t n), (a, b, n), IN(a, n); IN(b, n), NOTHING)
WRAP_VOID(EVP_MD_free, (EVP_MD *m), (m))
WRAP_VOID(EVP_CIPHER_free, (EVP_CIPHER *m), (m))
WRAP_VOID(EVP_MD_CTX_free, (EVP_MD_CTX *c), (c))
WRAP_VOID(EVP_CIPHER_CTX_free, (EVP_CIPHER_CTX *c), (c))
/* clang-format on */

/* Wiped memory is initialised memory. */
void __real_OPENSSL_cleanse(void *mem, size_t octets);
void __wrap_OPENSSL_cleanse(void *mem, size_t octets);

void
__wrap_OPENSSL_cleanse(void *mem, size_t octets)
{
	__real_OPENSSL_cleanse(mem, octets);
	OUT(mem, octets);
}
