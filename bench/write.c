/* Durable writes against the bare fdatasync of the same run, in the same directory: one writer's p50, and eight at once,
 * which share commits. usage: write DIRECTORY -> one line of JSON. */
#include "store/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 400, WARM = 2000, THREADS = 8, PAGE_BYTES = 4096, REST_US = 1200000 };

static struct store *store;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_size);
    return v[n / 2];
}

static double sync_once(int fd, int k)
{
    static char page[PAGE_BYTES];
    double from = now_us();
    if (pwrite(fd, page, sizeof page, (off_t)(k % 256) * PAGE_BYTES) != PAGE_BYTES || fdatasync(fd) != 0)
        exit(1);
    return now_us() - from;
}

static double write_once(int64_t k)
{
    struct arena a = arena_make(1 << 20);
    struct tx *t;
    double from = now_us();
    if (tx_begin(store, &a, TX_WRITE, &t) != STATUS_OK)
        exit(1);
    struct audit_entry *e = record_new(&a, &record_audit_entry);
    e->at = k;
    e->usecase = STR("bench");
    e->detail = STR("{}");
    if (tx_save(t, &record_audit_entry, e) != STATUS_OK || tx_commit(t) != STATUS_OK)
        exit(1);
    double took = now_us() - from;
    arena_free(&a);
    return took;
}

static void *write_many(void *ctx)
{
    double *took = ctx;
    for (int k = 0; k < ROUNDS; k++)
        took[k] = write_once(k);
    return NULL;
}

int main(int argc, char **argv)
{
    static double sync_us[ROUNDS], one_us[ROUNDS], growing_us[ROUNDS], many_us[THREADS * ROUNDS];
    char path[512], url[600];
    struct arena a = arena_make(1 << 20);
    struct str why = STR("");
    int applied;
    snprintf(path, sizeof path, "%s/floor", argc > 1 ? argv[1] : ".");
    snprintf(url, sizeof url, "sqlite:%s/write.db", argc > 1 ? argv[1] : ".");
    int fd = open(path, O_CREAT | O_RDWR, 0600);
    struct store_options o = { .url = url, .readers = 1, .busy_ms = 30000, .keeps = true };
    if (fd < 0 || ftruncate(fd, 256 * PAGE_BYTES) != 0 || store_open(&a, &o, &store, &why) != STATUS_OK ||
        store_migrate(store, &applied) != STATUS_OK)
        return 1;
    /* Both write over blocks that are there already, as they do in a program that has run for a while. */
    for (int k = 0; k < 256; k++)
        (void)sync_once(fd, k);
    for (int k = 0; k < WARM; k++)
        growing_us[k % ROUNDS] = write_once(k);
    usleep(REST_US); /* the log is copied, and begins anew in the blocks it has */
    for (int k = 0; k < ROUNDS; k++) { /* in turn, so that both meet the same disk */
        sync_us[k] = sync_once(fd, k);
        one_us[k] = write_once(k);
    }
    pthread_t thread[THREADS];
    double from = now_us();
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&thread[i], NULL, write_many, &many_us[i * ROUNDS]) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    double all = (now_us() - from) / (THREADS * ROUNDS), floor = median(sync_us, ROUNDS), one = median(one_us, ROUNDS);
    printf("{\"fdatasync_p50_us\":%.0f,\"write_p50_us\":%.0f,\"ratio\":%.2f,\"growing_p50_us\":%.0f,\"eight_p50_us\":%.0f,\"eight_each_us\":%.0f,"
           "\"eight_per_fdatasync\":%.1f}\n",
           floor, one, one / floor, median(growing_us, ROUNDS), median(many_us, THREADS * ROUNDS), all, floor / all);
    store_close(store);
    close(fd);
    return 0;
}
