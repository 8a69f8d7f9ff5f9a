/* Starting and stopping the web side of a server: routes over http.h, use cases of app.h behind them. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "app/account.h"

struct web;

struct web_options {
    const struct app *app;
    const char *address; /* NULL = loopback */
    int port;
    int listen_fd; /* above 0: a socket that listens already */
    bool is_secure;
    const char *trusted_proxy;
    const char *spool_dir; /* where uploads lie, nameless, while they are read; NULL = /tmp */
};

/* Whether every route names its handler and, unless public, a capability; prints the holes. */
bool web_tables_hold(void) MUST;
/* Opens a listening socket; -1 with errno. */
int web_listen(const char *address, int port, int *got) MUST;
struct web *web_start(const struct web_options *o) MUST;
int web_port(const struct web *w) MUST;
void web_stop(struct web *w);

#endif
