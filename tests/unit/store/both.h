/* Runs a store test on SQLite, in a fresh directory, and on PostgreSQL where INTERNBASE_TEST_PG names one. */
#ifndef TESTS_STORE_BOTH_H
#define TESTS_STORE_BOTH_H

#include <stdio.h>
#include <unistd.h>

static inline int on_both(const char *what, int (*run_on)(const char *name, const char *url))
{
    char path[] = "/tmp/internbase-store-XXXXXX", url[64], name[64];
    if (mkdtemp(path) == NULL)
        return 1;
    snprintf(url, sizeof url, "sqlite:%s/t.db", path);
    snprintf(name, sizeof name, "%s on sqlite", what);
    int failed = run_on(name, url);
    const char *pg = getenv("INTERNBASE_TEST_PG");
    snprintf(name, sizeof name, "%s on postgresql", what);
    if (pg != NULL)
        failed += run_on(name, pg);
    static const char *const files[] = { "t.db", "t.db-wal", "t.db-shm" };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char file[128];
        snprintf(file, sizeof file, "%s/%s", path, files[i]);
        unlink(file);
    }
    rmdir(path);
    return failed;
}

#endif
