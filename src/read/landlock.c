/* See landlock.h. */
#include "read/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/landlock.h, as of version 6. The numbers are the same on every architecture. */
enum { NR_CREATE_RULESET = 444, NR_ADD_RULE = 445, NR_RESTRICT_SELF = 446, CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };
struct ruleset {
    uint64_t fs, net, scoped;
};
struct path_beneath {
    uint64_t fs;
    int32_t fd;
} __attribute__((packed));
static_assert(sizeof(struct ruleset) == 24 && sizeof(struct path_beneath) == 12, "as the kernel reads them");

/* Rights to files: bits 0 to 12 with version 1, then one each with 2 (between folders), 3 (truncate) and 5 (devices). */
enum {
    FS_EXECUTE = 1 << 0,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_REG = 1 << 8,
    FS_TRUNCATE = 1 << 14,
    FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE, /* the kernel refuses the others for a file */
    NET_BIND_TCP = 1 << 0,
    NET_CONNECT_TCP = 1 << 1,
    SCOPE_ABSTRACT_SOCKET = 1 << 0,
};

int landlock_version(void)
{
    long version = syscall(NR_CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

static uint64_t fs_known(int version)
{
    int bits = 13 + (version >= 2) + (version >= 3) + (version >= 5);
    assert(bits >= 13 && bits <= 16);
    return (UINT64_C(1) << bits) - 1;
}

static uint64_t fs_rights(unsigned may)
{
    uint64_t fs = 0;
    assert((may & ~(unsigned)(LANDLOCK_READ | LANDLOCK_CHANGE | LANDLOCK_EXECUTE)) == 0);
    if (may & LANDLOCK_READ)
        fs |= FS_READ_FILE | FS_READ_DIR;
    if (may & LANDLOCK_CHANGE)
        fs |= FS_READ_FILE | FS_READ_DIR | FS_WRITE_FILE | FS_REMOVE_FILE | FS_MAKE_REG | FS_TRUNCATE;
    if (may & LANDLOCK_EXECUTE)
        fs |= FS_READ_FILE | FS_EXECUTE;
    return fs;
}

static bool path_allow(int ruleset, const struct landlock_path *p, uint64_t known)
{
    struct stat s;
    struct path_beneath rule = { .fs = fs_rights(p->may) & known, .fd = open(p->path, O_PATH | O_CLOEXEC) };
    if (rule.fd < 0)
        return true; /* what is not there needs no permission */
    if (fstat(rule.fd, &s) == 0 && !S_ISDIR(s.st_mode))
        rule.fs &= FS_OF_FILES;
    bool done = rule.fs == 0 || syscall(NR_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0;
    close(rule.fd);
    return done;
}

enum landlock_outcome landlock_enter(const struct landlock_rules *rules)
{
    int version = landlock_version();
    if (version == 0)
        return LANDLOCK_ABSENT;
    struct ruleset set = { .fs = fs_known(version) };
    if (version >= 4)
        set.net = NET_BIND_TCP | (rules->may_connect ? 0 : NET_CONNECT_TCP);
    if (version >= 6)
        set.scoped = rules->may_connect ? 0 : SCOPE_ABSTRACT_SOCKET;
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int fd = (int)syscall(NR_CREATE_RULESET, &set, size, 0);
    if (fd < 0)
        return LANDLOCK_FAILED;
    bool done = true;
    for (size_t i = 0; i < rules->n && done; i++)
        done = path_allow(fd, &rules->path[i], set.fs);
    done = done && syscall(NR_RESTRICT_SELF, fd, 0) == 0;
    close(fd);
    return done ? LANDLOCK_DONE : LANDLOCK_FAILED;
}
