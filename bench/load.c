/* Latency of a page at many connections at once: each asks again as soon as it is answered.
 * usage: load PORT COOKIE PATH CONNECTIONS SECONDS -> one line of JSON. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES_MOST = 200000, ANSWER_BYTES = 1 << 20, CONNECTIONS_MOST = 64 };

static char request[1024];
static int port;
static double seconds;

struct client {
    float *ms;
    size_t n;
    int failed;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int answered(int fd, char *in)
{
    size_t got = 0, want = 0;
    while (want == 0 || got < want) {
        ssize_t r = recv(fd, in + got, ANSWER_BYTES - 1 - got, 0);
        if (r <= 0)
            return 0;
        got += (size_t)r;
        in[got] = '\0';
        char *end = strstr(in, "\r\n\r\n"), *length = strstr(in, "Content-Length: ");
        if (want == 0 && end != NULL && length != NULL)
            want = (size_t)(end + 4 - in) + strtoul(length + 16, NULL, 10);
    }
    return strncmp(in, "HTTP/1.1 200", 12) == 0;
}

static void *client(void *ctx)
{
    struct client *c = ctx;
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char *in = malloc(ANSWER_BYTES);
    c->failed = in == NULL || connect(fd, (struct sockaddr *)&sa, sizeof sa) != 0;
    double end = now_ms() + seconds * 1e3;
    while (!c->failed && now_ms() < end && c->n < SAMPLES_MOST) {
        double from = now_ms();
        if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 || !answered(fd, in))
            c->failed = 1;
        else
            c->ms[c->n++] = (float)(now_ms() - from);
    }
    close(fd);
    free(in);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static struct client c[CONNECTIONS_MOST];
    pthread_t thread[CONNECTIONS_MOST];
    if (argc != 6 || atoi(argv[4]) > CONNECTIONS_MOST) {
        fprintf(stderr, "usage: load PORT COOKIE PATH CONNECTIONS SECONDS\n");
        return 2;
    }
    port = atoi(argv[1]);
    seconds = atof(argv[5]);
    int n = atoi(argv[4]), failed = 0;
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: bench\r\nCookie: ib=%s\r\n\r\n", argv[3], argv[2]);
    for (int i = 0; i < n; i++) {
        c[i].ms = malloc(SAMPLES_MOST * sizeof(float));
        if (c[i].ms == NULL || pthread_create(&thread[i], NULL, client, &c[i]) != 0)
            return 1;
    }
    size_t all = 0;
    for (int i = 0; i < n; i++) {
        pthread_join(thread[i], NULL);
        all += c[i].n;
        failed += c[i].failed;
    }
    float *ms = malloc((all + 1) * sizeof *ms);
    if (ms == NULL || all == 0)
        return 1;
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        memcpy(ms + at, c[i].ms, c[i].n * sizeof *ms);
        at += c[i].n;
    }
    qsort(ms, all, sizeof *ms, by_size);
    printf("{\"requests\":%zu,\"failed\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"most_ms\":%.2f}\n", all, failed, (double)ms[all / 2],
           (double)ms[all * 99 / 100], (double)ms[all - 1]);
    return failed != 0;
}
