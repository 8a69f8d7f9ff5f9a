/* See keeper.h. */
#include "app/keeper.h"
#include "app/resume.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SEEN_MOST = 256, EVERY_S = 1, KEEPER_ARENA_BYTES = 4 << 20 };

struct seen {
    int64_t login_id, at;
};

struct keeper {
    const struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct seen seen[SEEN_MOST];
    size_t n;
    bool stop;
};

void keeper_saw(struct keeper *k, int64_t login_id, int64_t now)
{
    assert(login_id > 0 && now > 0);
    pthread_mutex_lock(&k->lock);
    size_t i = 0;
    while (i < k->n && k->seen[i].login_id != login_id)
        i++;
    if (i < SEEN_MOST) {
        k->seen[i] = (struct seen){ login_id, now };
        k->n = MAX(k->n, i + 1);
    }
    assert(k->n <= SEEN_MOST);
    pthread_mutex_unlock(&k->lock);
}

static enum status write_seen(const struct app *app, const struct seen *seen, size_t n)
{
    struct arena a = arena_make(KEEPER_ARENA_BYTES);
    struct tx *t;
    struct rows rows;
    enum status st = tx_begin(app->store, &a, TX_WRITE, &t);
    if (st == STATUS_OK) {
        for (size_t i = 0; i < n && st == STATUS_OK; i++)
            st = tx_run(t, SQL_login_seen, &rows, P(seen[i].at), P(seen[i].login_id), P(seen[i].at));
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
    }
    arena_free(&a);
    return st;
}

/* A failure loses these notes and nothing else; the next page of the same login makes another. */
static void flush(struct keeper *k)
{
    struct seen seen[SEEN_MOST];
    pthread_mutex_lock(&k->lock);
    size_t n = k->n;
    assert(n <= SEEN_MOST);
    memcpy(seen, k->seen, n * sizeof *seen);
    k->n = 0;
    pthread_mutex_unlock(&k->lock);
    enum status st = n > 0 ? write_seen(k->app, seen, n) : STATUS_OK;
    (void)st;
}

static void *keep(void *ctx)
{
    struct keeper *k = ctx;
    bool stop = false, begun = false;
    while (!stop) {
        begun = begun || resume_begin(k->app) == STATUS_OK; /* tried again while the database can't be written to */
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_S;
        pthread_mutex_lock(&k->lock);
        if (!k->stop)
            pthread_cond_timedwait(&k->wake, &k->lock, &until);
        stop = k->stop;
        pthread_mutex_unlock(&k->lock);
        flush(k);
    }
    if (begun && resume_end(k->app) != STATUS_OK)
        fprintf(stderr, "internbase: the end could not be noted; the next start will say that it found none\n");
    return NULL;
}

struct keeper *keeper_start(const struct app *app)
{
    struct keeper *k = calloc(1, sizeof *k);
    if (k == NULL)
        return NULL;
    k->app = app;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&k->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&k->lock, NULL);
    if (pthread_create(&k->thread, NULL, keep, k) == 0)
        return k;
    free(k);
    return NULL;
}

void keeper_stop(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->stop = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
    free(k);
}
