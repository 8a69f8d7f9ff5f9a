/* The template compiler's lower half: where it is in a file, the C text inside a template, and writing C.
 * template.c has the statements and the HTML. */
#ifndef TOOLS_TEMPLATE_CODE_H
#define TOOLS_TEMPLATE_CODE_H

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
enum { DEPTH_MOST = 100, ATTRS_MOST = 40, CONTROLS_MOST = 400 };

struct span {
    const char *p;
    size_t n;
};

enum place { IN_TEXT, IN_TAG, IN_VALUE };
enum value { VALUE_PLAIN, VALUE_URL, VALUE_CLOSED }; /* closed: no data may stand in it */

struct place_state {
    enum place place;
    enum value value;
    bool url_begun; /* something stands before, so data can no longer name a scheme */
    int depth;      /* open elements */
};

struct element {
    struct span name;
    size_t at;
};

struct block {
    enum { BLOCK_IF, BLOCK_ELSE, BLOCK_FOR, BLOCK_WRAP } kind;
    size_t at;
    struct place_state state;
    struct span wrap_name, wrap_args; /* of BLOCK_WRAP */
};

struct attr {
    struct span name, value;
    int blocks;
};

struct control {
    struct span id;
    size_t at;
};

struct template
{
    const char *file;
    struct span src;
    size_t at;
    bool is_header; /* only prototypes and includes are printed */
    /* the function being written */
    bool in_function, has_slot;
    const char *prefix; /* "page_" or "part_" */
    struct span name, params;
    /* where we are */
    struct place_state s;
    struct element open[DEPTH_MOST];
    struct block block[DEPTH_MOST];
    int blocks;
    struct element tag; /* being read */
    struct attr attr[ATTRS_MOST];
    int attrs;
    int tag_blocks;
    struct control control[CONTROLS_MOST];
    struct span label_for[CONTROLS_MOST];
    int controls, label_fors;
    char *literal;
    size_t literal_n, literal_cap;
};

/* ---- small things --------------------------------------------------------------------------------------- */

static void line_column(const struct template *t, size_t at, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && i < t->src.n; i++) {
        bool is_newline = t->src.p[i] == '\n';
        *line += is_newline;
        *column = is_newline ? 1 : *column + 1;
    }
}

__attribute__((noreturn, format(printf, 3, 4))) static void fail(const struct template *t, size_t at, const char *fmt,
                                                                 ...)
{
    unsigned line, column;
    line_column(t, at, &line, &column);
    fprintf(stderr, "%s:%u:%u: error: ", t->file, line, column);
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

static bool is(struct span s, const char *z)
{
    return s.n == strlen(z) && strncasecmp(s.p, z, s.n) == 0;
}

static bool same(struct span a, struct span b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static bool among(struct span s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is(s, list[i]))
            return true;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static struct span trim(struct span s)
{
    while (s.n > 0 && is_space(s.p[0]))
        s = (struct span){ s.p + 1, s.n - 1 };
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

static size_t offset(const struct template *t, struct span s)
{
    assert(s.p >= t->src.p && s.p <= t->src.p + t->src.n);
    return (size_t)(s.p - t->src.p);
}

static bool looking_at(const struct template *t, const char *z)
{
    size_t n = strlen(z);
    return t->src.n - t->at >= n && memcmp(t->src.p + t->at, z, n) == 0;
}

/* Takes a word [A-Za-z0-9_:-]* at the current place. */
static struct span take_name(struct template *t)
{
    size_t from = t->at;
    while (t->at < t->src.n && (isalnum((unsigned char)t->src.p[t->at]) || strchr("_:-", t->src.p[t->at]) != NULL) &&
           t->src.p[t->at] != '\0')
        t->at++;
    return (struct span){ t->src.p + from, t->at - from };
}

/* ---- C text inside the template ------------------------------------------------------------------------- */

/* The offset behind a C string or character constant that begins at i, or i + 1 for anything else. */
static size_t skip_constant(const char *p, size_t n, size_t i)
{
    char quote = p[i];
    if (quote != '"' && quote != '\'')
        return i + 1;
    for (i++; i < n && p[i] != quote; i++)
        if (p[i] == '\\')
            i++;
    return i + 1 < n ? i + 1 : n;
}

/* What stands between `open` (2 bytes, at the current place) and `close`; moves behind it. */
static struct span take_code(struct template *t, const char *close)
{
    size_t from = t->at + 2, i = from;
    while (i + 1 < t->src.n && memcmp(t->src.p + i, close, 2) != 0)
        i = skip_constant(t->src.p, t->src.n, i);
    if (i + 1 >= t->src.n)
        fail(t, t->at, "no %s that ends this", close);
    t->at = i + 2;
    return trim((struct span){ t->src.p + from, i - from });
}

/* Refuses code that would escape from the place where it is put: unbalanced brackets, statements, comments. */
static void check_code(const struct template *t, struct span code)
{
    char stack[DEPTH_MOST];
    int depth = 0;
    if (code.n == 0)
        fail(t, offset(t, code), "nothing stands between the brackets");
    for (size_t i = 0; i < code.n; i = skip_constant(code.p, code.n, i)) {
        const char *opens = "([{", *closes = ")]}", *found;
        char c = code.p[i];
        bool is_comment = c == '/' && i + 1 < code.n && (code.p[i + 1] == '/' || code.p[i + 1] == '*');
        if ((c == ';' && depth == 0) || c == '#' || c == '\0' || is_comment)
            fail(t, offset(t, code) + i, "'%c' may not stand here: only one C expression", c);
        if ((found = strchr(opens, c)) != NULL) {
            if (depth == DEPTH_MOST)
                fail(t, offset(t, code) + i, "brackets are nested too deeply");
            stack[depth++] = closes[found - opens];
        } else if (strchr(closes, c) != NULL && (depth == 0 || stack[--depth] != c)) {
            fail(t, offset(t, code) + i, "'%c' closes nothing", c);
        }
    }
    if (depth > 0)
        fail(t, offset(t, code), "'%c' is missing", stack[depth - 1]);
}

/* Takes the argument before the next comma that stands in no bracket; *rest is what follows. */
static struct span take_argument(struct span *rest)
{
    int depth = 0;
    size_t i = 0;
    for (; i < rest->n && (depth > 0 || rest->p[i] != ','); i = skip_constant(rest->p, rest->n, i))
        depth += (strchr("([{", rest->p[i]) != NULL) - (strchr(")]}", rest->p[i]) != NULL);
    struct span argument = trim((struct span){ rest->p, i });
    size_t skip = i < rest->n ? i + 1 : i;
    *rest = (struct span){ rest->p + skip, rest->n - skip };
    return argument;
}

/* Whether the code is NAME(arguments) and nothing more. */
static bool is_call(struct span code, const char *name, struct span *args)
{
    size_t n = strlen(name), i;
    int depth = 0;
    if (code.n < n + 2 || memcmp(code.p, name, n) != 0 || code.p[n] != '(')
        return false;
    for (i = n; i < code.n; i = skip_constant(code.p, code.n, i)) {
        depth += (code.p[i] == '(') - (code.p[i] == ')');
        if (depth == 0)
            break;
    }
    *args = (struct span){ code.p + n + 1, code.n - n - 2 };
    return i == code.n - 1;
}

/* ---- writing C ------------------------------------------------------------------------------------------ */

__attribute__((format(printf, 2, 3))) static void put(const struct template *t, const char *fmt, ...)
{
    if (t->is_header)
        return;
    va_list ap;
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
}

#define ARG(s) (int)(s).n, (s).p

/* Writes code so that the compiler reports it where it stands in the template, with `glue` directly in front. A macro's
 * opening (`macro`) that has no room in front goes on a line of its own that counts as the line above, for a #line
 * inside a macro's arguments would be undefined. */
static void put_at(const struct template *t, const char *macro, const char *glue, struct span code, const char *after)
{
    unsigned line, column;
    line_column(t, offset(t, code), &line, &column);
    size_t room = column - 1, n = strlen(macro) + strlen(glue);
    bool is_above = macro[0] != '\0' && room < n && line > 1;
    if (is_above)
        put(t, "#line %u \"%s\"\n%s\n", line - 1, t->file, macro);
    else
        put(t, "#line %u \"%s\"\n", line, t->file);
    size_t pad = is_above ? room : room > n ? room - n : 0;
    put(t, "%*s%s%s%.*s%s\n", (int)pad, "", is_above ? "" : macro, glue, ARG(code), after);
}

static void literal_add(struct template *t, const char *p, size_t n)
{
    if (t->literal_n + n > t->literal_cap) {
        t->literal_cap = (t->literal_n + n) * 2;
        t->literal = realloc(t->literal, t->literal_cap);
        assert(t->literal != NULL);
    }
    if (n > 0)
        memcpy(t->literal + t->literal_n, p, n);
    t->literal_n += n;
}

static void literal_flush(struct template *t)
{
    if (t->literal_n > 0) {
        put(t, "HTML_LITERAL(out, \"");
        for (size_t i = 0; i < t->literal_n; i++) {
            char c = t->literal[i];
            if (c == '\n')
                put(t, "\\n%s", i + 1 < t->literal_n ? "\"\n    \"" : "");
            else if (c == '"' || c == '\\')
                put(t, "\\%c", c);
            else if ((unsigned char)c < ' ')
                put(t, "\\%03o", (unsigned)c);
            else
                put(t, "%c", c);
        }
        put(t, "\");\n");
    }
    t->literal_n = 0;
}

static void function_open(struct template *t, const char *suffix)
{
    put(t, "\nvoid %s%.*s%s(struct buf *out%s\n", t->prefix, ARG(t->name), suffix, t->params.n > 0 ? "," : ")");
    if (t->params.n > 0)
        put_at(t, "", "", t->params, ")");
    put(t, "{\n");
}

static void prototype(const struct template *t, const char *suffix)
{
    const char *comma = t->params.n > 0 ? ", " : "";
    if (t->is_header)
        printf("void %s%.*s%s(struct buf *out%s%.*s);\n", t->prefix, ARG(t->name), suffix, comma, ARG(t->params));
}

#endif
