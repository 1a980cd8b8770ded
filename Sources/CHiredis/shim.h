#ifndef GLO_CHIREDIS_SHIM_H
#define GLO_CHIREDIS_SHIM_H

#include <hiredis/read.h>

/* redisReaderSetPrivdata and redisReaderGetError are macros with casts, which Swift does not import. */

static inline void glo_redis_reader_set_context(redisReader *reader, void *context) { reader->privdata = context; }

/** What is wrong with the bytes that were fed; lives as long as the reader. */
static inline const char *glo_redis_reader_error(const redisReader *reader) { return reader->errstr; }

#endif
