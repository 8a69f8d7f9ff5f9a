/* libpq, loaded when a PostgreSQL database is opened: with it come Kerberos, LDAP and a second cryptographic library, which
 * cost a start on SQLite 1.1 ms in each process and which nobody there needs. What is called is listed here once. */
#ifndef STORE_LIBPQ_H
#define STORE_LIBPQ_H

#include <libpq-fe.h>
#include <stdbool.h>

#define LIBPQ_CALLS(CALL)                                                                                                     \
    CALL(clear) CALL(cmdStatus) CALL(cmdTuples) CALL(conndefaults) CALL(connectdb) CALL(conninfoFree)                         \
    CALL(conninfoParse) CALL(enterPipelineMode) CALL(errorMessage) CALL(exec) CALL(exitPipelineMode) CALL(finish)             \
    CALL(freemem) CALL(getResult) CALL(getisnull) CALL(getlength) CALL(getvalue) CALL(nfields) CALL(ntuples)                  \
    CALL(pipelineStatus) CALL(pipelineSync) CALL(prepare) CALL(reset) CALL(resultErrorField) CALL(resultErrorMessage)         \
    CALL(resultStatus) CALL(sendQueryPrepared) CALL(setSingleRowMode) CALL(status) CALL(transactionStatus)                    \
    CALL(unescapeBytea)

struct libpq {
#define CALL(name) __typeof__(PQ##name) *name;
    LIBPQ_CALLS(CALL)
#undef CALL
};

/* The library's calls; to be used after libpq_load() said true. */
extern struct libpq pq;

/* Loads the library, once in a process. False: it is not there or lacks a call, and `why` says so (static until the next
 * failure of this thread). */
bool libpq_load(const char **why);

#endif
