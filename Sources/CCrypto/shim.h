#pragma once
// The low-level SHA-256 functions are deprecated in favour of EVP, whose implicit fetch costs more than hashing a short
// message does. They stay in libcrypto 3, use the same assembly, and their context is a plain value.
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

/// HMAC-SHA-256 of one message; 1 on success.
static inline int saga_hmac_sha256(const void *key, int key_size, const void *message, size_t size, unsigned char *out) {
    unsigned int written = 0;
    return HMAC(EVP_sha256(), key, key_size, (const unsigned char *)message, size, out, &written) && written == 32;
}
