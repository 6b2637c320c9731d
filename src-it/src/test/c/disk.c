/* A disk that is watched and that fails on request, for the processes under test.
 *
 * Loaded before libc (LD_PRELOAD). It looks at what the process does to the files under QUERN_DISK_DIR:
 *
 * - with QUERN_DISK_LOG it writes a log of all changes, in their order, with the data; and of all that
 *   the process writes to its standard output, so that whoever reads the log knows what had been
 *   promised at each moment;
 * - armed (quern_disk_arm), it lets operations fail, and the operations of others succeed.
 *
 * Memory that is mapped is not seen: SQLite maps its -shm file alone, which is made anew after a crash.
 */
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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096
#define REAL(type, name, ...)                              \
  static type (*real)(__VA_ARGS__);                        \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* What may fail. */
enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, OPEN = 8, UNLINK = 16, READ = 32, SYNC_WAL = 64 };

/* How it fails. */
enum {
  ONCE = 0,     /* the n-th operation */
  FOREVER = 1,  /* the n-th and all later ones */
  EVERY = 2,    /* each n-th */
  SHORT = 3,    /* the n-th, if it writes, writes one half and says so; no error */
  HALF = 4      /* the n-th writes one half, and says that it failed */
};

static const char *directory;
static size_t directory_length;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The open files under the directory, by descriptor. */
static struct {
  ino_t inode;
  int is_wal;
  int errors_seen;
} files[FILES];

/* Failed syncs, by inode: Linux tells each open file of an error, one time each. */
static struct {
  ino_t inode;
  int errors;
} failed[FILES];
static int failed_count;

static int kinds, mode, error_number;
static long nth, seen, hits, tickets;

__attribute__((constructor)) static void start(void) {
  directory = getenv("QUERN_DISK_DIR");
  if (!directory) return;
  directory_length = strlen(directory);
  const char *log = getenv("QUERN_DISK_LOG");
  if (log) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

/* ---- what is looked at */

static int inside(const char *path) {
  return directory_length && path && strncmp(path, directory, directory_length) == 0;
}

/* The inode behind a descriptor of a file under the directory, or 0. */
static ino_t inode_of(int fd) {
  struct stat now;
  if (fd < 0 || fd >= FILES || !files[fd].inode || fstat(fd, &now)) return 0;
  return now.st_ino == files[fd].inode ? now.st_ino : 0;
}

/* ---- the log */

static void put(char kind, const char *path, uint64_t inode, int64_t at, const void *data, size_t length) {
  if (log_fd < 0) return;
  uint16_t path_length = path ? strlen(path) : 0;
  uint64_t size = length;
  char head[27];
  head[0] = kind;
  memcpy(head + 1, &path_length, 2);
  memcpy(head + 3, &inode, 8);
  memcpy(head + 11, &at, 8);
  memcpy(head + 19, &size, 8);
  struct iovec parts[3] = {{head, sizeof head}, {(void *)path, path_length}, {(void *)data, length}};
  pthread_mutex_lock(&lock);
  ssize_t written = syscall(SYS_writev, log_fd, parts, 3);
  pthread_mutex_unlock(&lock);
  if (written != (ssize_t)(sizeof head + path_length + length)) {
    fprintf(stderr, "the log of the disk cannot be written\n");
    abort();
  }
}

/* ---- faults */

/* Lets operations fail from now on; n = 0 lets all succeed and counts them. */
void quern_disk_arm(int which, long n, int error, int how) {
  pthread_mutex_lock(&lock);
  kinds = which;
  error_number = error;
  mode = how;
  nth = n;
  seen = hits = 0;
  pthread_mutex_unlock(&lock);
}

/* How many operations there were since it was armed. */
long quern_disk_seen(void) { return __atomic_load_n(&seen, __ATOMIC_SEQ_CST); }

/* How many of them failed. */
long quern_disk_hits(void) { return __atomic_load_n(&hits, __ATOMIC_SEQ_CST); }

static int fails(int kind) {
  int hit = 0;
  pthread_mutex_lock(&lock);
  if (kinds & kind) {
    seen++;
    hit = nth && (seen == nth || (mode == FOREVER && seen > nth) || (mode == EVERY && seen % nth == 0));
    if (mode == SHORT && kind != WRITE) hit = 0;
    hits += hit;
  }
  pthread_mutex_unlock(&lock);
  if (hit) errno = error_number;
  return hit;
}

static int errors_of(ino_t inode) {
  for (int i = 0; i < failed_count; i++) {
    if (failed[i].inode == inode) return failed[i].errors;
  }
  return 0;
}

static void count_error(ino_t inode) {
  int i = 0;
  while (i < failed_count && failed[i].inode != inode) i++;
  if (i == FILES) abort();
  if (i == failed_count) failed_count++;
  failed[i].inode = inode;
  failed[i].errors++;
}

/* ---- operations */

typedef ssize_t writing(int, const void *, size_t, off64_t);

static ssize_t call_write(int fd, const void *data, size_t length, off64_t at) {
  return at < 0 ? syscall(SYS_write, fd, data, length) : syscall(SYS_pwrite64, fd, data, length, at);
}

static ssize_t written(int fd, const void *data, size_t length, off64_t at, ino_t inode) {
  int fault = fails(WRITE);
  int partly = fault && (mode == SHORT || mode == HALF);
  if (fault && !partly) return -1;
  ssize_t done = call_write(fd, data, partly ? (length + 1) / 2 : length, at);
  if (done > 0) {
    put('W', 0, inode, at < 0 ? lseek64(fd, 0, SEEK_CUR) - done : at, data, done);
  }
  if (partly && mode == HALF) {
    errno = error_number;
    return -1;
  }
  return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
  ino_t inode = inode_of(fd);
  return inode ? written(fd, data, length, at, inode) : call_write(fd, data, length, at);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

ssize_t write(int fd, const void *data, size_t length) {
  ino_t inode = inode_of(fd);
  if (inode) return written(fd, data, length, -1, inode);
  ssize_t done = call_write(fd, data, length, -1);
  if (fd == 1 && done > 0) put('A', 0, 0, 0, data, done);
  return done;
}

ssize_t pread64(int fd, void *data, size_t length, off64_t at) {
  if (inode_of(fd) && fails(READ)) return -1;
  return syscall(SYS_pread64, fd, data, length, at);
}

ssize_t pread(int fd, void *data, size_t length, off_t at) { return pread64(fd, data, length, at); }

/* What has been written before it begins is on disk when it ends. What a failed one leaves behind is
 * taken for written by the system, and is not. Syncs of directories do not fail: SQLite does not look
 * at their answers, and a file system that cannot write its directories stops. */
static int synced(int fd, long call) {
  ino_t inode = inode_of(fd);
  if (!inode) return syscall(call, fd);
  struct stat what;
  int kind = files[fd].is_wal ? SYNC | SYNC_WAL : SYNC;
  int fault = !fstat(fd, &what) && S_ISREG(what.st_mode) && fails(kind);
  pthread_mutex_lock(&lock);
  if (fault) count_error(inode);
  int told = files[fd].errors_seen != errors_of(inode);
  files[fd].errors_seen = errors_of(inode);
  long ticket = ++tickets;
  pthread_mutex_unlock(&lock);
  put('B', 0, inode, ticket, 0, 0);
  int result = told ? -1 : syscall(call, fd);
  put(result ? 'F' : 'S', 0, inode, ticket, 0, 0);
  if (told) errno = fault ? error_number : EIO;
  return result;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }

int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int ftruncate64(int fd, off64_t length) {
  ino_t inode = inode_of(fd);
  if (inode && fails(TRUNCATE)) return -1;
  int result = syscall(SYS_ftruncate, fd, length);
  if (inode && !result) put('T', 0, inode, length, 0, 0);
  return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int opened(int at, const char *path, int flags, mode_t permissions) {
  struct stat before, after;
  if (!inside(path)) return syscall(SYS_openat, at, path, flags, permissions);
  if (fails(OPEN)) return -1;
  int is_new = stat(path, &before) != 0;
  int fd = syscall(SYS_openat, at, path, flags, permissions);
  if (fd < 0 || fd >= FILES || fstat(fd, &after)) return fd;
  pthread_mutex_lock(&lock);
  files[fd].inode = after.st_ino;
  files[fd].is_wal = strlen(path) > 4 && !strcmp(path + strlen(path) - 4, "-wal");
  files[fd].errors_seen = errors_of(after.st_ino);
  pthread_mutex_unlock(&lock);
  put(S_ISDIR(after.st_mode) ? 'D' : is_new ? 'N' : 'O', path, after.st_ino, 0, 0, 0);
  if (flags & O_TRUNC) put('T', 0, after.st_ino, 0, 0, 0);
  return fd;
}

#define PERMISSIONS                    \
  mode_t permissions = 0;              \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list more;                      \
    va_start(more, flags);             \
    permissions = va_arg(more, mode_t); \
    va_end(more);                      \
  }

int open64(const char *path, int flags, ...) {
  PERMISSIONS
  return opened(AT_FDCWD, path, flags | O_LARGEFILE, permissions);
}

int open(const char *path, int flags, ...) {
  PERMISSIONS
  return opened(AT_FDCWD, path, flags, permissions);
}

int openat64(int at, const char *path, int flags, ...) {
  PERMISSIONS
  return opened(at, path, flags | O_LARGEFILE, permissions);
}

int openat(int at, const char *path, int flags, ...) {
  PERMISSIONS
  return opened(at, path, flags, permissions);
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  if (!inside(path)) return real(path);
  if (fails(UNLINK)) return -1;
  int result = real(path);
  if (!result) put('U', path, 0, 0, 0, 0);
  return result;
}

/* Nothing does these to the files of a database. If something begins to, its replay must be taught. */

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (inside(from) || inside(to)) put('X', from, 0, 0, 0, 0);
  return real(from, to);
}

int mkdir(const char *path, mode_t permissions) {
  REAL(int, "mkdir", const char *, mode_t);
  if (inside(path)) put('X', path, 0, 0, 0, 0);
  return real(path, permissions);
}

int fallocate64(int fd, int how, off64_t at, off64_t length) {
  REAL(int, "fallocate64", int, int, off64_t, off64_t);
  if (inode_of(fd)) put('X', "fallocate", 0, 0, 0, 0);
  return real(fd, how, at, length);
}

int fallocate(int fd, int how, off_t at, off_t length) { return fallocate64(fd, how, at, length); }
