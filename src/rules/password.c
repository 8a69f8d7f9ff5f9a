/* Passwords that are easy to guess. A password is cut into the fewest pieces that a guesser would put together: a common word,
 * a keyboard run, a sequence, a repetition, a date or year, what everybody knows of the person; each is worth as much as one
 * random character. Fewer than PIECES_LEAST pieces are too few. */
#include "rules/password.h"

#include "core/date.h"
#include "core/limits.h"

enum { PIECES_LEAST = 6, KINDS_LEAST = 5, RUN_LEAST = 3, WORD_LEAST = 3, BYTES_MOST = 4 * LIMIT_password_most };

static const char *const common[] = {
#define COMMON(words) words,
#include "rules/common_words.def"
#undef COMMON
};

/* Rows of a keyboard, and its columns as fingers go down them. */
static const char *const keyboard[] = {
    "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()_+", "abcdefghijklmnopqrstuvwxyz", "147258369", "741852963",
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* A letter, or what people write for it. */
static bool is_like(char found, char letter)
{
    static const char *const stands[] = { "a@4", "e3", "i1!", "l1", "o0", "s$5", "t7", "b8", "g9" };
    found = small(found);
    if (found == letter)
        return true;
    for (size_t i = 0; i < LEN(stands); i++)
        if (stands[i][0] == letter && found != '\0' && strchr(stands[i] + 1, found) != NULL)
            return true;
    return false;
}

static size_t match(struct str rest, struct str word)
{
    if (word.n < WORD_LEAST || word.n > rest.n)
        return 0;
    for (size_t i = 0; i < word.n; i++)
        if (!is_like(rest.p[i], small(word.p[i])))
            return 0;
    return word.n;
}

static size_t longest_of(struct str rest, struct str words, size_t best)
{
    while (words.n > 0) {
        size_t n = match(rest, str_cut(&words, ' '));
        best = MAX(best, n);
    }
    return best;
}

static size_t common_word(struct str rest)
{
    size_t best = 0;
    for (size_t i = 0; i < LEN(common); i++)
        best = longest_of(rest, str_of(common[i]), best);
    return best;
}

static size_t keyboard_run(struct str rest)
{
    size_t best = 0;
    for (size_t i = 0; i < LEN(keyboard); i++) {
        const char *keys = keyboard[i], *at = strchr(keys, small(rest.p[0]));
        int64_t n = (int64_t)strlen(keys);
        for (int step = -1; at != NULL && step <= 1; step += 2) {
            size_t run = 0;
            for (int64_t k = at - keys; run < rest.n && k >= 0 && k < n && small(rest.p[run]) == keys[k]; k += step)
                run++;
            best = MAX(best, run);
        }
    }
    return best >= RUN_LEAST ? best : 0;
}

/* The same character again and again, or up or down by one. */
static size_t sequence(struct str rest)
{
    size_t best = 0;
    for (int step = -1; step <= 1; step++) {
        size_t run = 1;
        while (run < rest.n && rest.p[run] - rest.p[run - 1] == step)
            run++;
        best = MAX(best, run);
    }
    return best >= RUN_LEAST ? best : 0;
}

/* What stood before already. */
static size_t repetition(struct str all, size_t at)
{
    size_t best = 0;
    for (size_t from = 0; from < at; from++) {
        size_t run = 0;
        while (at + run < all.n && small(all.p[from + run]) == small(all.p[at + run]))
            run++;
        best = MAX(best, run);
    }
    return best >= RUN_LEAST ? best : 0;
}

static int number(const char *p, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

/* yyyymmdd, ddmmyyyy, yymmdd, yyyymm, yyyy of a life: a birthday or a year of entry. */
static size_t date_run(struct str rest)
{
    enum { YEAR_FIRST = 1930, YEAR_LAST = 2059 };
    bool day_in = rest.n >= 8 && number(rest.p, 8) >= 0;
    int year = rest.n >= 4 ? number(rest.p, 4) : -1;
    bool is_year = year >= YEAR_FIRST && year <= YEAR_LAST;
    if (day_in && is_year && date_exists(year, number(rest.p + 4, 2), number(rest.p + 6, 2)))
        return 8;
    if (day_in && number(rest.p + 4, 4) >= YEAR_FIRST && number(rest.p + 4, 4) <= YEAR_LAST &&
        date_exists(number(rest.p + 4, 4), number(rest.p + 2, 2), number(rest.p, 2)))
        return 8;
    if (rest.n >= 6 && number(rest.p, 6) >= 0) {
        int month = number(rest.p + 4, 2);
        if (is_year && month >= 1 && month <= 12)
            return 6;
        if (date_exists(2000 + number(rest.p, 2), number(rest.p + 2, 2), number(rest.p + 4, 2)))
            return 6;
    }
    return is_year ? 4 : 0;
}

/* The parts of the person that others know: names, their reading with and without spaces, number, mail, phone. */
static size_t known_part(struct str rest, const struct password_owner *who)
{
    size_t best = 0;
    struct str mail = who->mail, reading = who->reading;
    const struct str whole[] = { who->login_name, who->name, who->phone, str_cut(&mail, '@') };
    for (size_t i = 0; i < LEN(whole); i++)
        best = MAX(best, match(rest, whole[i]));
    best = longest_of(rest, who->name_en, best);
    /* "zhou min 周敏": each syllable, and the run of all of them. */
    size_t run = 0;
    for (bool whole_run = true; reading.n > 0;) {
        struct str syllable = str_cut(&reading, ' ');
        if (syllable.n == 0 || (unsigned char)syllable.p[0] >= 0x80)
            break;
        best = MAX(best, match(rest, syllable));
        for (size_t i = 0; i < syllable.n && whole_run; i++)
            whole_run = run + i < rest.n && is_like(rest.p[run + i], syllable.p[i]);
        run += whole_run ? syllable.n : 0;
    }
    return MAX(best, run >= WORD_LEAST ? run : 0);
}

struct cut {
    size_t cost[BYTES_MOST + 1];
    bool of_person[BYTES_MOST + 1];
};

static void step(struct cut *x, size_t from, size_t to, bool of_person)
{
    assert(from < to && to <= BYTES_MOST);
    if (x->cost[from] + 1 >= x->cost[to])
        return;
    x->cost[to] = x->cost[from] + 1;
    x->of_person[to] = x->of_person[from] || of_person;
}

/* A sign between two words, or behind the last, tells a guesser nothing. */
static bool is_sign(char c)
{
    return c > 0 && c <= '~' && !(c >= '0' && c <= '9') && !(small(c) >= 'a' && small(c) <= 'z');
}

/* The fewest pieces; *known: one of them is of the person. */
static size_t pieces(struct str password, const struct password_owner *who, bool *known)
{
    struct cut x = { .of_person = { false } };
    assert(password.n <= BYTES_MOST);
    for (size_t i = 0; i <= password.n; i++)
        x.cost[i] = i;
    for (size_t i = 0; i < password.n; i++) {
        struct str rest = { password.p + i, password.n - i };
        const size_t run[] = { common_word(rest), keyboard_run(rest), sequence(rest), repetition(password, i), date_run(rest),
                               known_part(rest, who) };
        step(&x, i, i + 1, false);
        for (size_t k = 0; k < LEN(run); k++) {
            if (run[k] == 0)
                continue;
            step(&x, i, i + run[k], k == LEN(run) - 1);
            if (run[k] < rest.n && is_sign(rest.p[run[k]]))
                step(&x, i, i + run[k] + 1, k == LEN(run) - 1);
        }
    }
    assert(x.cost[0] == 0 && x.cost[password.n] <= password.n);
    *known = x.of_person[password.n];
    return x.cost[password.n];
}

static size_t kinds(struct str password)
{
    bool seen[256] = { false };
    size_t n = 0;
    for (size_t i = 0; i < password.n; i++) {
        n += !seen[(unsigned char)password.p[i]];
        seen[(unsigned char)password.p[i]] = true;
    }
    return n;
}

enum msg_id rules_password(struct str password, const struct password_owner *who)
{
    size_t count = utf8_valid(password, NULL) ? utf8_count(password) : 0;
    bool known = false;
    if (count < LIMIT_password_least || count > LIMIT_password_most)
        return MSG_password_length;
    if (kinds(password) < KINDS_LEAST)
        return MSG_password_simple;
    if (pieces(password, who, &known) >= PIECES_LEAST)
        return MSG_none;
    return known ? MSG_password_is_name : MSG_password_common;
}
