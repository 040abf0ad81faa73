#pragma once
#include <malloc.h>
#include <sqlite3.h>

// sqlite3_config and mallopt's constants are not imported into Swift: the one is variadic, the others are macros.

/// Stops SQLite from counting its memory: the count takes a process-wide mutex in every allocation.
static inline int csqlite_memory_statistics_off(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// Keeps glibc from giving memory back to the kernel all the time when one thread frees what another has allocated.
static inline void csqlite_tune_allocator(void) {
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_MMAP_THRESHOLD, 256 << 20);
}
