// A recorder of what a process does to the files of one folder, preloaded with LD_PRELOAD.
//
// IOTRACE_DIR   the folder (absolute); nothing outside it is looked at
// IOTRACE_LOG   where the record is written, in the order of the calls
// FAIL_AT       the first operation that fails, from 0; FAIL_COUNT of them (1; -1 for ever) with
// FAIL_ERRNO    an error number (5, EIO); FAIL_KIND limits it to one kind of operation (W or S)
//
// A record: kind, u16 length of the path, u64 offset, u32 length of the data, path, data. Kinds: W write, T truncate,
// E extend, S sync, D sync of a folder, C create, U unlink, R rename (data: the new path), F an operation that was made
// to fail (data: its kind), A an acknowledgement: what is written to the file called `ack`, which stays empty.
// A call that would change a file unrecorded ends the process with a message.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024, PATH_LIMIT = 512 };
static char paths[DESCRIPTORS][PATH_LIMIT];
static const char *folder;
static int record = -1;
static long operations, fail_at = -1, fail_count = 1;
static int fail_errno = EIO;
static char fail_kind;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name, result, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)

static long number(const char *name, long standard) {
    const char *text = getenv(name);
    return text ? atol(text) : standard;
}

__attribute__((constructor)) static void start(void) {
    const char *log = getenv("IOTRACE_LOG");
    if (log) {
        REAL("open64", int, const char *, int, ...);
        record = real(log, O_CREAT | O_WRONLY | O_APPEND | O_TRUNC | O_CLOEXEC, 0600);
        if (record < 0) { fprintf(stderr, "iotrace: cannot write %s\n", log); _exit(70); }
    }
    fail_at = number("FAIL_AT", -1);
    fail_count = number("FAIL_COUNT", 1);
    fail_errno = (int)number("FAIL_ERRNO", EIO);
    const char *kind = getenv("FAIL_KIND");
    fail_kind = kind ? *kind : 0;
    folder = getenv("IOTRACE_DIR");
}

static int is_inside(const char *path) {
    size_t length = folder ? strlen(folder) : 0;
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static const char *path_of(int fd) {
    if (fd < 0 || fd >= DESCRIPTORS || !folder) return NULL;
    if (!paths[fd][0]) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, paths[fd], PATH_LIMIT - 1);
        paths[fd][length < 0 ? 0 : length] = 0;
        if (length <= 0) strcpy(paths[fd], "-");
    }
    return is_inside(paths[fd]) ? paths[fd] : NULL;
}

static void unsupported(const char *call) {
    fprintf(stderr, "iotrace: %s changes a file and is not recorded: teach the recorder\n", call);
    _exit(70);
}

static void note(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
    if (record < 0) return;
    char head[15];
    uint16_t path_length = (uint16_t)strlen(path);
    head[0] = kind;
    memcpy(head + 1, &path_length, 2);
    memcpy(head + 3, &offset, 8);
    memcpy(head + 11, &length, 4);
    struct iovec parts[3] = {{head, 15}, {(void *)path, path_length}, {(void *)data, length}};
    REAL("writev", ssize_t, int, const struct iovec *, int);
    ssize_t whole = 15 + (ssize_t)path_length + (ssize_t)length;
    if (real(record, parts, 3) != whole) unsupported("a record that is cut short");
}

// Records an operation and answers whether it may be carried out.
static int step(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
    pthread_mutex_lock(&lock);
    int fails = 0;
    if (strchr("WTESD", kind) && (!fail_kind || fail_kind == kind)) {
        long i = operations++;
        fails = fail_at >= 0 && i >= fail_at && (fail_count < 0 || i < fail_at + fail_count);
    }
    if (fails) note('F', path, offset, &kind, 1); else note(kind, path, offset, data, length);
    pthread_mutex_unlock(&lock);
    if (fails) errno = fail_errno;
    return !fails;
}

static int is_ack(const char *path) {
    const char *name = strrchr(path, '/');
    return name && !strcmp(name, "/ack");
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off_t);
    const char *path = path_of(fd);
    if (path && !step('W', path, offset, data, length)) return -1;
    return real(fd, data, length, offset);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    const char *path = path_of(fd);
    if (path && is_ack(path)) {
        step('A', path, 0, data, length);
        return length;
    }
    if (path) {
        struct stat status;
        off_t at = fcntl(fd, F_GETFL) & O_APPEND ? (fstat(fd, &status) ? 0 : status.st_size) : lseek(fd, 0, SEEK_CUR);
        if (!step('W', path, at, data, length)) return -1;
    }
    return real(fd, data, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL("writev", ssize_t, int, const struct iovec *, int);
    if (path_of(fd)) unsupported("writev");
    return real(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    REAL("pwritev", ssize_t, int, const struct iovec *, int, off_t);
    if (path_of(fd)) unsupported("pwritev");
    return real(fd, parts, count, offset);
}

#define SYNC(name) \
    int name(int fd) { \
        REAL(#name, int, int); \
        const char *path = path_of(fd); \
        struct stat status; \
        int is_folder = path && !fstat(fd, &status) && S_ISDIR(status.st_mode); \
        if (path && !step(is_folder ? 'D' : 'S', path, 0, NULL, 0)) return -1; \
        return real(fd); \
    }
SYNC(fsync)
SYNC(fdatasync)

int ftruncate64(int fd, off_t length) {
    REAL("ftruncate64", int, int, off_t);
    const char *path = path_of(fd);
    if (path && !step('T', path, length, NULL, 0)) return -1;
    return real(fd, length);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fallocate64(int fd, int mode, off_t offset, off_t length) {
    REAL("fallocate64", int, int, int, off_t, off_t);
    const char *path = path_of(fd);
    if (path && mode) unsupported("fallocate with a mode");
    if (path && !step('E', path, offset + length, NULL, 0)) return -1;
    return real(fd, mode, offset, length);
}
int fallocate(int fd, int mode, off_t offset, off_t length) { return fallocate64(fd, mode, offset, length); }
int posix_fallocate64(int fd, off_t offset, off_t length) {
    REAL("posix_fallocate64", int, int, off_t, off_t);
    const char *path = path_of(fd);
    if (path && !step('E', path, offset + length, NULL, 0)) return errno;
    return real(fd, offset, length);
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

int unlink(const char *path) {
    REAL("unlink", int, const char *);
    int result = real(path);
    if (!result && is_inside(path)) step('U', path, 0, NULL, 0);
    return result;
}
int rename(const char *from, const char *to) {
    REAL("rename", int, const char *, const char *);
    int result = real(from, to);
    if (!result && is_inside(from)) step('R', from, 0, to, strlen(to));
    return result;
}

static int opened(int fd, const char *path, int flags, int existed) {
    if (fd < 0 || !is_inside(path) || is_ack(path)) return fd;
    if (fd < DESCRIPTORS) paths[fd][0] = 0;
    if (!existed) step('C', path, 0, NULL, 0);
    else if (flags & O_TRUNC) step('T', path, 0, NULL, 0);
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(#name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0; \
        va_end(rest); \
        int existed = !(flags & O_CREAT) || !access(path, F_OK); \
        return opened(real(path, flags, mode), path, flags, existed); \
    }
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...) {
    REAL("openat", int, int, const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;
    va_end(rest);
    if (is_inside(path) && flags & (O_CREAT | O_TRUNC)) unsupported("openat");
    return real(at, path, flags, mode);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    REAL("mmap64", void *, void *, size_t, int, int, int, off_t);
    const char *path = flags & MAP_SHARED && protection & PROT_WRITE ? path_of(fd) : NULL;
    // The index of the write-ahead log is made anew after a crash; what it holds is of no account.
    if (path && (strlen(path) < 4 || strcmp(path + strlen(path) - 4, "-shm"))) unsupported("a shared mapping");
    return real(address, length, protection, flags, fd, offset);
}

int close(int fd) {
    REAL("close", int, int);
    if (fd >= 0 && fd < DESCRIPTORS) paths[fd][0] = 0;
    return real(fd);
}
