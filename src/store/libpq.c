/* Finds libpq's calls. The headers' types are checked at compile time, the names at load time, all of them at once. */
#include "store/libpq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

struct libpq pq;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static bool find(void *library, const char *name, void *call)
{
    void *found = dlsym(library, name);
    memcpy(call, &found, sizeof found); /* ISO C has no cast from an object's address to a function's */
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    bool good = library != NULL;
#define CALL(name) good = good && find(library, "PQ" #name, &pq.name);
    LIBPQ_CALLS(CALL)
#undef CALL
    if (!good) {
        const char *said = dlerror();
        strncpy(failure, said != NULL ? said : "libpq.so.5", sizeof failure - 1);
    }
}

bool libpq_load(const char **why)
{
    pthread_once(&once, load);
    *why = failure;
    return failure[0] == '\0';
}
