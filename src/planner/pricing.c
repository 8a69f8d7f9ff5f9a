/* All units priced at the same prices, in two halves with a kernel each, so that two threads can do it. One thread does the
 * same halves one after the other: work, memory and what comes out are the same. The library makes no threads: the caller's
 * `parallel` runs the halves. */
#include "planner/exact.h"

enum { HALVES = 2 };

struct half {
    struct planner_kernel *kernel;
    int first, end;
    int64_t *extra;
    bool failed, empty, full;
    __int128 cost;
};

struct pass_of_all {
    struct internplan *r;
    const struct planner_prices *prices;
    const struct planner_scene *scene;
    const struct planner_leaf *leaf;
    struct planner_path *path;
    enum planner_answer *answer;
    struct half half[HALVES];
};

static void price_half(struct pass_of_all *p, struct half *h)
{
    for (int u = h->first; u < h->end && !h->failed && !h->empty; u++) {
        int64_t cost = 0;
        const int64_t *extra = p->scene != NULL ? planner_scene_extra(p->scene, p->leaf, u, h->extra) : NULL;
        p->answer[u] = planner_kernel_price(h->kernel, u, p->prices, extra, &cost, &p->path[u]);
        h->failed = p->answer[u] == PLANNER_TOO_BIG;
        h->empty = p->answer[u] == PLANNER_NONE;
        h->cost += cost;
    }
}

/* A full arena ends its own half; the pass says so when both are done. */
static void job(void *arg, int i)
{
    struct pass_of_all *p = arg;
    jmp_buf *here = i == 0 ? &p->r->full : &p->r->second_full, outer;
    assert(i >= 0 && i < HALVES);
    memcpy(&outer, here, sizeof outer);
    if (setjmp(*here) == 0)
        price_half(p, &p->half[i]);
    else
        p->half[i].full = true;
    memcpy(here, &outer, sizeof outer);
}

static void second_is_full(void *ctx)
{
    struct internplan *r = ctx;
    longjmp(r->second_full, 1);
}

/* The second kernel's memory is beside the pool, which two threads may not count in at once: an eighth of it at most. */
static void need_second(struct internplan *r)
{
    if (r->second.model == r->model)
        return;
    arena_free(&r->second_arena);
    r->second_arena = arena_make(r->work.pool->max_bytes / 8);
    r->second_arena.full = second_is_full;
    r->second_arena.full_ctx = r;
    r->second = planner_kernel_make(&r->second_arena, r->model);
}

/* Graphs lie in memory that both halves read: they are made before. */
static void need_graphs(struct internplan *r, const struct planner_prices *prices)
{
    for (int u = 0; u < r->model->units; u++)
        planner_kernel_prepare(&r->kernel, u, prices);
}

struct planner_sum planner_price_all(struct internplan *r, const struct planner_prices *prices, const struct planner_scene *s,
                                     const struct planner_leaf *leaf, struct planner_path *path, enum planner_answer *answer)
{
    int units = r->model->units, middle = units / 2;
    struct pass_of_all p = { .r = r, .prices = prices, .scene = s, .leaf = leaf, .path = path, .answer = answer };
    struct planner_sum sum = { .holds = true };
    need_second(r);
    need_graphs(r, prices);
    for (int u = 0; u < units; u++)
        answer[u] = PLANNER_NONE;
    p.half[0] = (struct half){ .kernel = &r->kernel, .first = 0, .end = middle, .extra = s != NULL ? s->extra[0] : NULL };
    p.half[1] = (struct half){ .kernel = &r->second, .first = middle, .end = units, .extra = s != NULL ? s->extra[1] : NULL };
    if (r->options.parallel != NULL && r->options.threads > 1)
        r->options.parallel(r->options.ctx, HALVES, job, &p);
    else
        for (int i = 0; i < HALVES; i++)
            job(&p, i);
    r->kernel.work += r->second.work;
    r->second.work = 0;
    if (p.half[0].full || p.half[1].full)
        r->work.full(r->work.full_ctx);
    for (int i = 0; i < HALVES; i++) {
        sum.holds = sum.holds && !p.half[i].failed;
        sum.empty = sum.empty || p.half[i].empty;
        sum.n += p.half[i].cost;
    }
    return sum;
}
