/* Landlock by raw system calls (Debian's headers are older than many kernels): a process gives up, for good, whatever is not on
 * its list. For the reading child, and for whoever else locks himself in; system calls are limited by libseccomp, there. */
#ifndef READ_LANDLOCK_H
#define READ_LANDLOCK_H

#include "core/base.h"

/* What may be done below a folder, or with a file. */
enum landlock_may {
    LANDLOCK_READ = 1,    /* open files and folders for reading */
    LANDLOCK_CHANGE = 2,  /* also write, make and remove files */
    LANDLOCK_EXECUTE = 4, /* also start the file as a program */
};

struct landlock_path {
    const char *path; /* one that is not there is passed over */
    unsigned may;     /* of enum landlock_may */
};

struct landlock_rules {
    const struct landlock_path *path; /* everything else in the file system can't be opened, made, removed or started */
    size_t n;
    bool may_connect; /* to TCP ports; binding one is never allowed */
};

enum landlock_outcome { LANDLOCK_DONE, LANDLOCK_ABSENT, LANDLOCK_FAILED };

/* The kernel's version of Landlock; 0 = none. */
int landlock_version(void) MUST;
/* Locks this thread, and all it will start, in as far as that version goes: files from 1 on, TCP from 4 on, abstract sockets of
 * others from 6 on. Descriptors that are open stay open. The caller has set no_new_privs. Nothing is undone on LANDLOCK_FAILED. */
enum landlock_outcome landlock_enter(const struct landlock_rules *rules) MUST;

#endif
