/* Finding the header: which column of a file is which of ours. */
#include "app/import.h"

/* 一 to 九 at the begin of *s, taken off it; 0 = none. */
static int take_digit(struct str *s)
{
    static const char *const digit[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九" };
    for (int i = 0; i < (int)LEN(digit); i++)
        if (str_starts(*s, str_of(digit[i]))) {
            *s = (struct str){ s->p + strlen(digit[i]), s->n - strlen(digit[i]) };
            return i + 1;
        }
    return 0;
}

/* A number at the begin of *s, in digits or 一 to 九十九, taken off it; 0 = none. */
static int take_number(struct str *s)
{
    int value = 0;
    if (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
        for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9' && value < 1000; *s = (struct str){ s->p + 1, s->n - 1 })
            value = value * 10 + (s->p[0] - '0');
        return value;
    }
    value = take_digit(s);
    if (str_starts(*s, STR("十"))) {
        *s = (struct str){ s->p + strlen("十"), s->n - strlen("十") };
        value = MAX(value, 1) * 10 + take_digit(s);
    }
    return value;
}

/* Whether a folded header is the folded pattern, in which # stands for a number from 1 on. *repeat: that number, else 1. */
static bool fits(struct str pattern, struct str word, int *repeat)
{
    *repeat = 1;
    const char *mark = pattern.n > 0 ? memchr(pattern.p, '#', pattern.n) : NULL;
    if (mark == NULL)
        return str_eq(pattern, word);
    struct str head = { pattern.p, (size_t)(mark - pattern.p) };
    struct str tail = { mark + 1, pattern.n - head.n - 1 };
    if (!str_starts(word, head))
        return false;
    struct str rest = { word.p + head.n, word.n - head.n };
    *repeat = take_number(&rest);
    return *repeat >= 1 && *repeat <= CELLS_JOINED_MOST && str_eq(rest, tail);
}

static void word_add(struct importing *im, struct str word, int column)
{
    *ARENA_PUSH(im->arena, im->word, im->words_n, im->words_cap) = (struct import_word){ import_fold(im->arena, word, false), column };
}

void import_header_begin(struct importing *im)
{
    for (int i = 0; i < im->columns; i++) {
        for (int lang = 0; lang < LANG_COUNT; lang++)
            word_add(im, str_of(msg_text(im->column[i].header, (enum lang)lang)), i);
        struct str rest = str_of(im->column[i].synonyms);
        while (rest.n > 0)
            word_add(im, str_cut(&rest, '|'), i);
    }
}

static int column_of(const struct importing *im, struct str word, int *repeat)
{
    for (size_t i = 0; i < im->words_n; i++)
        if (fits(im->word[i].pattern, word, repeat))
            return im->word[i].column;
    return -1;
}

bool import_header_try(struct importing *im, const struct str *cell, size_t n, struct import_header *out, int *matched)
{
    struct arena *a = im->arena;
    memset(out, 0, sizeof *out);
    *matched = 0;
    out->ignored = ARENA_ARRAY(a, n, struct str);
    out->doubled = ARENA_ARRAY(a, n, struct str);
    for (size_t i = 0; i < n; i++) {
        int repeat;
        struct str word = import_fold(a, cell[i], true);
        if (word.n == 0)
            continue;
        int at = column_of(im, word, &repeat);
        if (at < 0) {
            out->ignored[out->ignoreds++] = arena_str(a, cell[i]);
        } else if (out->at[at][repeat - 1] != 0) {
            out->doubled[out->doubleds++] = arena_str(a, cell[i]);
        } else {
            out->at[at][repeat - 1] = (int)i + 1;
            out->repeats[at] = MAX(out->repeats[at], repeat);
            ++*matched;
        }
    }
    for (int i = 0; i < im->columns; i++)
        if ((im->column[i].flags & NEED) && out->repeats[i] == 0)
            out->missing |= 1u << i;
    return out->missing == 0;
}
