#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <string.h>
#include <zlib.h>

/// Begins to inflate data without a header or checksum of its own, as archives hold it. Z_OK, or zlib's error.
/// (`inflateInit2` is a macro, which Swift does not see.)
static inline int czlib_begin_raw(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, -MAX_WBITS);
}

/// Names the bytes to inflate; they stay valid until the last call of `inflate`.
static inline void czlib_set_input(z_stream *stream, const void *bytes, unsigned count) {
    stream->next_in = (Bytef *)bytes;
    stream->avail_in = count;
}

#endif
