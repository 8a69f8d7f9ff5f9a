/* Pages and worker lock themselves in before they look at anything from outside. What a reading child does in addition stands in
 * read/sandbox.h. */
#ifndef MAIN_SANDBOX_H
#define MAIN_SANDBOX_H

#include "store/store.h"

#include <sys/types.h>

struct sandbox_needs {
    const char *self_exe;     /* the only text with which a program may be started: the address counts, not the words */
    struct store_reach reach; /* of the database */
    const char *temporary;    /* a folder for temporary files; NULL = none beside the database's */
    pid_t supervisor;         /* may be told that work has begun; 0 = none */
};

enum sandbox_outcome {
    SANDBOX_WHOLE,
    SANDBOX_NO_LANDLOCK, /* the kernel has none: system calls are limited, paths are not */
    SANDBOX_FAILED,      /* system calls can't be limited, or a forbidden act was not refused */
};

/* For good, for this thread and all that it starts: before any other thread. From here on the process may
 *  - read and change files below the folders of the database and of temporary files, read libraries and, for a server
 *    database, what libpq reads; nothing else can be opened, made, removed or started, other than this program itself;
 *  - serve the socket it has; open others only for a server database, never listen on one;
 *  - not trace, mount, load into the kernel, change its user, make memory executable, or signal others than by SIGKILL (the
 *    child it reads with) and the supervisor by SIGUSR1.
 * A system call that is not on the list answers "not implemented" and does nothing. Ends with a probe of itself. */
enum sandbox_outcome sandbox_lock(const struct sandbox_needs *needs) MUST;

#endif
