#pragma once
#include <curl/curl.h>

// curl's setters and getters are variadic, which Swift cannot call; one wrapper for each type of argument.
typedef size_t (*saga_curl_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*saga_curl_prereq_callback)(void *context, char *, char *, int, int);

static inline CURLcode saga_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_bytes(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_data_callback(CURL *easy, CURLoption option, saga_curl_data_callback value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode saga_curl_set_prereq_callback(CURL *easy, saga_curl_prereq_callback value) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode saga_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode saga_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode saga_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, (char **)value);
}
static inline CURLMcode saga_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
/// The result of a finished transfer; the message's union does not reach Swift by a stable name.
static inline CURLcode saga_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}
