/* Preloaded into the service by faults/power.py: writes down, in order, what is written to a SQLite database and its
   write-ahead log, and when either is synced. Names of the two and of the record are in the environment. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct entry {
    int64_t moment, offset, length;
    char operation, file, padding[6];
};

static int record = -1;

/* 'd' for the database, 'l' for its log, 0 for any other file. */
static char which(int descriptor) {
    char link[64], path[PATH_MAX];
    const char *database = getenv("POWER_DATABASE");
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (database == NULL || length < 0) return 0;
    path[length] = 0;
    size_t common = strlen(database);
    if (strncmp(path, database, common) != 0) return 0;
    return strcmp(path + common, "") == 0 ? 'd' : strcmp(path + common, "-wal") == 0 ? 'l' : 0;
}

static void note(char operation, char file, int64_t offset, const void *data, int64_t length) {
    struct timespec now;
    if (record < 0) record = open(getenv("POWER_RECORD"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct entry entry = {now.tv_sec * 1000000000LL + now.tv_nsec, offset, length, operation, file, {0}};
    struct iovec parts[] = {{&entry, sizeof entry}, {(void *)data, data == NULL ? 0 : (size_t)length}};
    if (writev(record, parts, 2) < (ssize_t)sizeof entry) abort();
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
    ssize_t written = syscall(SYS_pwrite64, descriptor, data, length, offset);
    char file = which(descriptor);
    if (file && written > 0) note('w', file, offset, data, written);
    return written;
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    return pwrite64(descriptor, data, length, offset);
}

ssize_t write(int descriptor, const void *data, size_t length) {
    char file = which(descriptor);
    off_t offset = file ? lseek(descriptor, 0, SEEK_CUR) : 0;
    ssize_t written = syscall(SYS_write, descriptor, data, length);
    if (file && written > 0) note('w', file, offset, data, written);
    return written;
}

int ftruncate64(int descriptor, off64_t length) {
    int done = (int)syscall(SYS_ftruncate, descriptor, length);
    char file = which(descriptor);
    if (file && done == 0) note('t', file, 0, NULL, length);
    return done;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fsync(int descriptor) {
    int done = (int)syscall(SYS_fsync, descriptor);
    char file = which(descriptor);
    if (file && done == 0) note('s', file, 0, NULL, 0);
    return done;
}

int fdatasync(int descriptor) {
    int done = (int)syscall(SYS_fdatasync, descriptor);
    char file = which(descriptor);
    if (file && done == 0) note('s', file, 0, NULL, 0);
    return done;
}
