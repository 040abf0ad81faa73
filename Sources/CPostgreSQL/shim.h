#pragma once
#include <libpq-fe.h>
#include <poll.h>

/// Waits until one of two descriptors can be read, or so many milliseconds; a negative descriptor is left out.
static inline int cpostgresql_wait(int first, int second, int milliseconds) {
    struct pollfd watched[2] = {{first, POLLIN, 0}, {second, POLLIN, 0}};
    return poll(watched, 2, milliseconds);
}
