#ifndef GLO_CCURL_SHIM_H
#define GLO_CCURL_SHIM_H

#include <curl/curl.h>
#include <stddef.h>

/* curl_easy_setopt and curl_easy_getinfo are variadic, which Swift does not import: one inline for each type. */

/** Takes `size * count` bytes (size is always 1) and returns how many it took; fewer stops the transfer. */
typedef size_t (*glo_curl_sink)(char *bytes, size_t size, size_t count, void *context);

/** Called now and then while a transfer runs; anything but 0 stops it. */
typedef int (*glo_curl_progress)(void *context, curl_off_t download_total, curl_off_t downloaded,
                                 curl_off_t upload_total, curl_off_t uploaded);

static inline CURLcode glo_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode glo_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode glo_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode glo_curl_set_bytes(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode glo_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline void glo_curl_set_callbacks(CURL *handle, glo_curl_sink on_header, glo_curl_sink on_body,
                                          glo_curl_progress on_progress, void *context) {
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

/** No other scheme than http and https, whatever a URL says. */
static inline CURLcode glo_curl_set_http_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/** The errno of the last connect that failed, or 0. */
static inline long glo_curl_os_errno(CURL *handle) {
  long value = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &value);
  return value;
}

/** How many connections the last transfer opened: 0 when it reused one. */
static inline long glo_curl_new_connections(CURL *handle) {
  long value = 0;
  curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &value);
  return value;
}

/** What a client that sends to hosts it was told of needs besides: where it may connect, and whose transfer this is. */
static inline void glo_curl_set_guard(CURL *handle, curl_opensocket_callback on_open, void *context) {
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, context);
}

/** The context of `glo_curl_set_guard`, or NULL. */
static inline void *glo_curl_private(CURL *handle) {
  char *value = NULL;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &value);
  return value;
}

/** Where libcurl says more about a failure; CURL_ERROR_SIZE bytes that outlive the handle. */
static inline void glo_curl_set_error_buffer(CURL *handle, char *buffer) {
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

/** No other scheme than https. */
static inline CURLcode glo_curl_set_https_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
#else
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
}

/** A transfer that ends while its name is looked up does not wait for the resolver's thread (since 7.87). */
static inline void glo_curl_set_quick_exit(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
#endif
}

static inline CURLMcode glo_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
  return curl_multi_setopt(handle, option, value);
}

/** Takes the next transfer that ended, with its result, or NULL. */
static inline CURL *glo_curl_multi_next_ended(CURLM *handle, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(handle, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

#endif
