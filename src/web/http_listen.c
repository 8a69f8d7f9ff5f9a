/* The socket that a server listens on: one of its own, or one that its parent opened. */
#include "web/http_part.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

int http_listen(const char *address, int port, int *got)
{
    struct sockaddr_storage sa = { 0 };
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&sa;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&sa;
    socklen_t n = sizeof *v4;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
    } else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        n = sizeof *v6;
    } else {
        errno = EINVAL;
        return -1;
    }
    int one = 1, fd = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&sa, n) != 0 || listen(fd, 256) != 0 ||
        getsockname(fd, (struct sockaddr *)&sa, &n) != 0) {
        int kept = errno;
        close(fd);
        errno = kept;
        return -1;
    }
    *got = ntohs(sa.ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
    return fd;
}

int http_listen_for(const struct http_options *o, int *port)
{
    struct sockaddr_storage sa = { 0 };
    socklen_t n = sizeof sa;
    if (o->listen_fd <= 0)
        return http_listen(o->address != NULL ? o->address : "127.0.0.1", o->port, port);
    if (getsockname(o->listen_fd, (struct sockaddr *)&sa, &n) != 0 || fcntl(o->listen_fd, F_SETFD, FD_CLOEXEC) != 0)
        return -1;
    *port = ntohs(sa.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&sa)->sin_port
                                          : ((struct sockaddr_in6 *)(void *)&sa)->sin6_port);
    return o->listen_fd;
}
