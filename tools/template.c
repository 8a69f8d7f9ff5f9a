/* The template compiler: src/web/pages/NAME.html -> C. It knows the HTML context of every {{ expression }} and
 * picks the escaper for it, refuses data where none can be safe, refuses inline script and style at all, and keeps
 * the C compiler's errors at the template's own line and column. docs/HOWTO-page.md shows the syntax.
 * It is no HTML validator: it checks nesting, quoting, labels and alternative texts, not the content model.
 * usage: template PAGE.html > page.c      template --header PAGE.html... > pages.h */
#include "template_code.h"

/* ---- functions ------------------------------------------------------------------------------------------ */

static bool in_element(const struct template *t, const char *name)
{
    for (int i = 0; i < t->s.depth; i++)
        if (is(t->open[i].name, name))
            return true;
    return false;
}

static void function_close(struct template *t)
{
    if (!t->in_function)
        return;
    if (t->blocks > 0)
        fail(t, t->block[t->blocks - 1].at, "this block has no {%% end %%}");
    if (t->s.place != IN_TEXT)
        fail(t, t->tag.at, "this tag is not closed");
    if (t->s.depth > 0)
        fail(t, t->open[t->s.depth - 1].at, "<%.*s> is not closed", ARG(t->open[t->s.depth - 1].name));
    for (int i = 0; i < t->controls; i++) {
        int k = 0;
        while (k < t->label_fors && !same(t->label_for[k], t->control[i].id))
            k++;
        if (k == t->label_fors)
            fail(t, t->control[i].at, "a control needs a <label>: around it, by for=, or aria-label");
    }
    literal_flush(t);
    put(t, "}\n");
    prototype(t, t->has_slot ? "_open" : "");
    if (t->has_slot)
        prototype(t, "_close");
    t->in_function = false;
}

/* {% page name(params) %} and {% part name(params) %} */
static void function_begin(struct template *t, const char *prefix, struct span head)
{
    function_close(t);
    size_t n = 0;
    while (n < head.n && (islower((unsigned char)head.p[n]) || isdigit((unsigned char)head.p[n]) || head.p[n] == '_'))
        n++;
    char name[100];
    snprintf(name, sizeof name, "%.*s", (int)n, head.p);
    t->name = (struct span){ head.p, n };
    if (n == 0 || n >= sizeof name || !is_call(head, name, &t->params))
        fail(t, offset(t, head), "expected name(parameters)");
    t->params = trim(t->params);
    t->prefix = prefix;
    t->in_function = true;
    t->has_slot = false;
    t->controls = t->label_fors = 0;
    /* A part with a slot becomes two functions; whether it has one is known only by looking ahead. */
    const char *p = t->src.p + t->at, *end = t->src.p + t->src.n;
    for (; end - p > 8 && memcmp(p, "{% part ", 8) != 0 && memcmp(p, "{% page ", 8) != 0; p++)
        if (memcmp(p, "{% slot ", 8) == 0)
            t->has_slot = true;
    function_open(t, t->has_slot ? "_open" : "");
    while (t->at < t->src.n && is_space(t->src.p[t->at]))
        t->at++;
}

/* ---- statements ----------------------------------------------------------------------------------------- */

static void block_push(struct template *t, int kind, size_t at)
{
    if (t->blocks == DEPTH_MOST)
        fail(t, at, "blocks are nested too deeply");
    t->block[t->blocks++] = (struct block){ .kind = kind, .at = at, .state = t->s };
}

/* The innermost block, which must end where it began. */
static struct block *block_check(struct template *t, size_t at)
{
    if (t->blocks == 0)
        fail(t, at, "there is no block that this belongs to");
    struct block *b = &t->block[t->blocks - 1];
    const struct place_state *s = &b->state;
    if (t->s.depth > s->depth)
        fail(t, t->open[t->s.depth - 1].at, "<%.*s> is not closed inside its block", ARG(t->open[t->s.depth - 1].name));
    if (t->s.place != s->place || t->s.value != s->value || t->s.url_begun != s->url_begun)
        fail(t, at, "this block ends in another context than it began");
    return b;
}

static void parenthesised(const struct template *t, struct span code)
{
    struct span inner;
    check_code(t, code);
    if (!is_call(code, "", &inner))
        fail(t, offset(t, code), "expected one pair of ( ) around the condition");
}

static void call_put(const struct template *t, struct span name, const char *suffix, struct span args)
{
    char after[32];
    snprintf(after, sizeof after, "%s(out%s", suffix, trim(args).n > 0 ? "," : ");");
    put_at(t, "", "part_", name, after);
    if (trim(args).n > 0)
        put_at(t, "", "", args, ");");
}

static void call(struct template *t, struct span rest, bool is_wrap, size_t at)
{
    size_t n = 0;
    while (n < rest.n && rest.p[n] != '(')
        n++;
    struct span name = { rest.p, n }, args = { rest.p + n, rest.n - n };
    check_code(t, rest);
    if (n == 0 || n == rest.n || !is_call(args, "", &args))
        fail(t, offset(t, rest), "expected name(arguments)");
    if (t->s.place != IN_TEXT)
        fail(t, at, "a part can be put only between tags");
    call_put(t, name, is_wrap ? "_open" : "", args);
    if (!is_wrap)
        return;
    block_push(t, BLOCK_WRAP, at);
    t->block[t->blocks - 1].wrap_name = name;
    t->block[t->blocks - 1].wrap_args = args;
}

static void slot(struct template *t, size_t at)
{
    if (strcmp(t->prefix, "part_") != 0 || t->blocks > 0 || t->s.place != IN_TEXT)
        fail(t, at, "a slot stands in a part, in no block and no tag");
    put(t, "}\n");
    function_open(t, "_close");
}

static void end(struct template *t, size_t at)
{
    struct block *b = block_check(t, at);
    if (b->kind == BLOCK_WRAP)
        call_put(t, b->wrap_name, "_close", b->wrap_args);
    else
        put(t, "}\n");
    t->blocks--;
}

static void otherwise(struct template *t, struct span word, struct span rest, size_t at)
{
    struct block *b = block_check(t, at);
    if (b->kind != BLOCK_IF)
        fail(t, at, "else belongs to no if");
    put(t, "}\n");
    if (rest.n == 0) {
        b->kind = BLOCK_ELSE;
        put_at(t, "", "", word, " {");
        return;
    }
    if (rest.n < 3 || memcmp(rest.p, "if", 2) != 0)
        fail(t, offset(t, rest), "expected else or else if (...)");
    struct span condition = trim((struct span){ rest.p + 2, rest.n - 2 });
    parenthesised(t, condition);
    put_at(t, "", "else if ", condition, " {");
}

/* A line that holds only statements leaves no empty line behind. */
static void swallow_line(struct template *t, size_t from)
{
    size_t before = from, behind = t->at;
    while (before > 0 && (t->src.p[before - 1] == ' ' || t->src.p[before - 1] == '\t'))
        before--;
    while (behind < t->src.n && (t->src.p[behind] == ' ' || t->src.p[behind] == '\t' || t->src.p[behind] == '\r'))
        behind++;
    bool is_alone = (before == 0 || t->src.p[before - 1] == '\n') && behind < t->src.n && t->src.p[behind] == '\n';
    if (!is_alone || t->s.place != IN_TEXT)
        return;
    while (behind < t->src.n && is_space(t->src.p[behind]))
        behind++;
    t->at = behind;
}

static void statement(struct template *t)
{
    size_t at = t->at, n = 0;
    struct span code = take_code(t, "%}");
    while (n < code.n && isalpha((unsigned char)code.p[n]))
        n++;
    struct span word = { code.p, n }, rest = trim((struct span){ code.p + n, code.n - n });
    literal_flush(t);
    if (is(word, "include")) {
        if (t->in_function || rest.n < 3 || rest.p[0] != '"' || skip_constant(rest.p, rest.n, 0) != rest.n)
            fail(t, at, "expected {%% include \"room/file.h\" %%} before the first page");
        printf("#include %.*s\n", ARG(rest));
    } else if (is(word, "page") || is(word, "part")) {
        function_begin(t, is(word, "page") ? "page_" : "part_", rest);
        return;
    } else if (is(word, "endpage") || is(word, "endpart")) {
        function_close(t);
    } else if (!t->in_function) {
        fail(t, at, "expected {%% page name(parameters) %%} first");
    } else if (is(word, "if") || is(word, "for")) {
        parenthesised(t, rest);
        block_push(t, is(word, "if") ? BLOCK_IF : BLOCK_FOR, at);
        put_at(t, "", is(word, "if") ? "if " : "for ", rest, " {");
    } else if (is(word, "else")) {
        otherwise(t, word, rest, at);
    } else if (is(word, "end") && rest.n == 0) {
        end(t, at);
    } else if (is(word, "let")) {
        check_code(t, rest);
        put_at(t, "", "", rest, ";");
    } else if (is(word, "call") || is(word, "wrap")) {
        call(t, rest, is(word, "wrap"), at);
    } else if (is(word, "slot") && rest.n == 0) {
        slot(t, at);
    } else {
        fail(t, at, "unknown statement: page, part, if, else, for, end, let, call, wrap, slot, include are known");
    }
    swallow_line(t, at);
}

/* ---- expressions ---------------------------------------------------------------------------------------- */

/* {{?name expression}}: the attribute without a value, when the expression is true */
static void boolean_attribute(struct template *t, struct span code, size_t at)
{
    struct span rest = { code.p + 1, code.n - 1 };
    size_t n = 0;
    while (n < rest.n && (islower((unsigned char)rest.p[n]) || rest.p[n] == '-'))
        n++;
    struct span name = { rest.p, n }, condition = trim((struct span){ rest.p + n, rest.n - n });
    if (t->s.place != IN_TAG || n < 2 || memcmp(name.p, "on", 2) == 0)
        fail(t, at, "{{?name condition}} stands in a tag, and name is no on... attribute");
    check_code(t, condition);
    while (t->literal_n > 0 && t->literal[t->literal_n - 1] == ' ')
        t->literal_n--;
    literal_flush(t);
    put_at(t, "", "if (", condition, ")");
    put(t, "    HTML_LITERAL(out, \" %.*s\");\n", ARG(name));
}

/* {{ t(name, arguments) }} and, with an id known only at run time, {{ tm(expression, arguments) }} */
static void sentence(struct template *t, struct span args, bool is_name, const char *where)
{
    struct span rest = args, id = take_argument(&rest);
    int n = 0;
    for (struct span count = rest; count.n > 0; n++)
        take_argument(&count);
    if (id.n == 0 || n > 9)
        fail(t, offset(t, args), "expected a message's name and at most nine arguments");
    put(t, "html_put_message(out, HTML_%s, p->lang,\n", where);
    put_at(t, "", is_name ? "MSG_" : "", id, ",");
    put(t, "%d, %s", n, n > 0 ? "(struct html_value[]){\n" : "NULL);\n");
    while (rest.n > 0) {
        struct span argument = take_argument(&rest);
        check_code(t, argument);
        put_at(t, "HTML_V(", "", argument, "),");
    }
    put(t, "%s", n > 0 ? "});\n" : "");
}

static void expression(struct template *t)
{
    static const char *const where_name[] = { "TEXT", "ATTRIBUTE", "URL", "URL_PART" };
    size_t at = t->at;
    struct span code = take_code(t, "}}"), args;
    if (!t->in_function)
        fail(t, at, "expected {%% page name(parameters) %%} first");
    if (code.n > 1 && code.p[0] == '?') {
        boolean_attribute(t, code, at);
        return;
    }
    check_code(t, code);
    if (t->s.place == IN_TAG)
        fail(t, at, "data may not stand inside a tag: give it a quoted attribute, or use {{?name condition}}");
    if (t->s.place == IN_VALUE && t->s.value == VALUE_CLOSED)
        fail(t, at, "data may not stand in this attribute");
    bool is_url = t->s.place == IN_VALUE && t->s.value == VALUE_URL;
    int where = t->s.place == IN_TEXT ? 0 : !is_url ? 1 : t->s.url_begun ? 3 : 2;
    literal_flush(t);
    bool is_name = is_call(code, "t", &args);
    if (is_name || is_call(code, "tm", &args) || is_call(code, "d_long", &args)) {
        if (is_url)
            fail(t, at, "a sentence may not stand in an address");
        if (is_name || code.p[0] == 't')
            sentence(t, args, is_name, where_name[where]);
        else {
            put(t, "html_put_date_long(out, p->lang,\n");
            put_at(t, "", "", args, ");");
        }
    } else if (is_call(code, "d", &args)) {
        put(t, "html_put_date(out,\n");
        put_at(t, "", "", args, ");");
    } else {
        put(t, "html_put(out, HTML_%s,\n", where_name[where]);
        put_at(t, where == 0 ? "HTML_T(" : "HTML_V(", "", code, "));");
    }
    t->s.url_begun |= is_url;
}

/* ---- HTML ----------------------------------------------------------------------------------------------- */

static bool is_void(struct span name)
{
    static const char *const list[] = { "area", "br",   "col",    "hr",    "img", "input",
                                        "link", "meta", "source", "track", "wbr" };
    return among(name, list, LEN(list));
}

static const struct attr *attr_find(const struct template *t, const char *name)
{
    for (int i = 0; i < t->attrs; i++)
        if (is(t->attr[i].name, name))
            return &t->attr[i];
    return NULL;
}

static void check_control(struct template *t)
{
    static const char *const kinds[] = { "input", "select", "textarea" };
    static const char *const unlabelled[] = { "hidden", "submit", "button", "reset", "image" };
    const struct attr *type = attr_find(t, "type"), *id = attr_find(t, "id"), *label = attr_find(t, "for");
    if (is(t->tag.name, "label") && label != NULL && t->label_fors < CONTROLS_MOST)
        t->label_for[t->label_fors++] = label->value;
    if (!among(t->tag.name, kinds, LEN(kinds)) || in_element(t, "label") || attr_find(t, "aria-label") != NULL ||
        attr_find(t, "aria-labelledby") != NULL || (type != NULL && among(type->value, unlabelled, LEN(unlabelled))))
        return;
    if (id == NULL || t->controls == CONTROLS_MOST)
        fail(t, t->tag.at, "a control needs a <label>: around it, by for= and id=, or aria-label");
    t->control[t->controls++] = (struct control){ id->value, t->tag.at };
}

/* At the > of a start tag. */
static void tag_done(struct template *t, bool is_closed)
{
    const struct attr *method = attr_find(t, "method");
    bool is_script = is(t->tag.name, "script");
    t->s.place = IN_TEXT;
    literal_add(t, ">", 1);
    if (t->blocks != t->tag_blocks)
        fail(t, t->tag.at, "this tag ends in another block than it began");
    if (is(t->tag.name, "img") && attr_find(t, "alt") == NULL)
        fail(t, t->tag.at, "<img> needs alt=\"\" or a text for those who cannot see it");
    if (is_script && attr_find(t, "src") == NULL)
        fail(t, t->tag.at, "inline script: the Content-Security-Policy forbids it; put it into static/");
    check_control(t);
    if (is_void(t->tag.name) || is_closed)
        return;
    if (t->s.depth == DEPTH_MOST)
        fail(t, t->tag.at, "elements are nested too deeply");
    t->open[t->s.depth++] = t->tag;
    if (is(t->tag.name, "textarea"))
        literal_add(t, "\n", 1); /* browsers drop the first newline: without this one, a value's own */
    if (is(t->tag.name, "form") && method != NULL && is(method->value, "post")) {
        literal_flush(t);
        put(t, "html_put_csrf(out, p);\n");
    }
    if (is_script && !looking_at(t, "</script>"))
        fail(t, t->tag.at, "inline script: the Content-Security-Policy forbids it; put it into static/");
}

static void attribute(struct template *t)
{
    static const char *const urls[] = { "href", "src", "action", "formaction", "poster", "cite", "xlink:href" };
    static const char *const closed[] = { "srcset", "method", "type", "target", "rel" };
    size_t at = t->at;
    struct span name = take_name(t);
    if (name.n == 0)
        fail(t, at, "'%c' may not stand in a tag", t->src.p[at]);
    if (is(name, "style") || is(name, "srcdoc") || is(name, "http-equiv") ||
        (name.n > 2 && strncasecmp(name.p, "on", 2) == 0))
        fail(t, at, "the attribute %.*s is forbidden: the Content-Security-Policy blocks it", ARG(name));
    for (int i = 0; i < t->attrs; i++)
        if (same(t->attr[i].name, name) && t->attr[i].blocks == t->tag_blocks)
            fail(t, at, "the attribute %.*s stands twice", ARG(name));
    if (t->attrs == ATTRS_MOST)
        fail(t, at, "too many attributes");
    t->attr[t->attrs++] = (struct attr){ name, { name.p, 0 }, t->blocks };
    literal_add(t, name.p, name.n);
    if (looking_at(t, "{{"))
        fail(t, t->at, "data may not stand in an attribute's name");
    if (!looking_at(t, "="))
        return;
    if (!looking_at(t, "=\""))
        fail(t, t->at, "an attribute's value stands in double quotes");
    literal_add(t, "=\"", 2);
    t->at += 2;
    t->attr[t->attrs - 1].value = (struct span){ t->src.p + t->at, 0 };
    t->s.place = IN_VALUE;
    t->s.url_begun = false;
    bool is_closed = among(name, closed, LEN(closed));
    t->s.value = among(name, urls, LEN(urls)) ? VALUE_URL : is_closed ? VALUE_CLOSED : VALUE_PLAIN;
}

static void in_tag(struct template *t)
{
    if (is_space(t->src.p[t->at])) {
        while (t->at < t->src.n && is_space(t->src.p[t->at]))
            t->at++;
        if (!looking_at(t, ">") && !looking_at(t, "/>"))
            literal_add(t, " ", 1);
    } else if (looking_at(t, ">")) {
        t->at++;
        tag_done(t, false);
    } else if (looking_at(t, "/>")) {
        if (!in_element(t, "svg") && !is(t->tag.name, "svg") && !is_void(t->tag.name))
            fail(t, t->at, "/> closes nothing here: write </%.*s>", ARG(t->tag.name));
        t->at += 2;
        if (!is_void(t->tag.name))
            literal_add(t, "/", 1);
        tag_done(t, true);
    } else {
        attribute(t);
    }
}

/* A literal address: only the schemes that data may have, too. */
static void check_scheme(const struct template *t)
{
    static const char *const schemes[] = { "http", "https", "mailto" };
    size_t i = t->at;
    while (i < t->src.n && strchr(":/?#\"{&", t->src.p[i]) == NULL)
        i++;
    struct span scheme = { t->src.p + t->at, i - t->at };
    bool is_hidden = i < t->src.n && t->src.p[i] == '&' && scheme.n > 0;
    if (is_hidden || (i < t->src.n && t->src.p[i] == ':' && !among(scheme, schemes, LEN(schemes))))
        fail(t, t->at, "an address is relative or begins with http:, https: or mailto:");
}

static void in_value(struct template *t)
{
    char c = t->src.p[t->at];
    if (c == '"') {
        struct span *value = &t->attr[t->attrs - 1].value;
        value->n = (size_t)(t->src.p + t->at - value->p);
        t->s.place = IN_TAG;
        t->s.value = VALUE_PLAIN;
        t->s.url_begun = false;
        if (t->blocks > 0 && t->block[t->blocks - 1].state.place == IN_VALUE)
            fail(t, t->at, "this block ends in another context than it began");
    } else if (t->s.value == VALUE_URL && !t->s.url_begun) {
        check_scheme(t);
        t->s.url_begun = true;
    }
    literal_add(t, &c, 1);
    t->at++;
}

static void start_tag(struct template *t)
{
    static const char *const refused[] = { "style",    "base",    "object",   "embed",     "applet", "iframe",  "frame",
                                           "frameset", "noembed", "noframes", "plaintext", "xmp",    "template" };
    t->tag.at = t->at++;
    if (looking_at(t, "{"))
        fail(t, t->tag.at, "data may not stand in a tag's name");
    if (t->at == t->src.n || !isalpha((unsigned char)t->src.p[t->at]))
        fail(t, t->tag.at, "write &lt; for a < that begins no tag");
    t->tag.name = take_name(t);
    if (looking_at(t, "{{") && !looking_at(t, "{{?"))
        fail(t, t->at, "data may not stand in a tag's name");
    if (among(t->tag.name, refused, LEN(refused)))
        fail(t, t->tag.at, "<%.*s> is forbidden: the Content-Security-Policy blocks it", ARG(t->tag.name));
    if (in_element(t, "textarea") || in_element(t, "title"))
        fail(t, t->tag.at, "only text can stand in <%.*s>", ARG(t->open[t->s.depth - 1].name));
    literal_add(t, "<", 1);
    literal_add(t, t->tag.name.p, t->tag.name.n);
    t->s.place = IN_TAG;
    t->attrs = 0;
    t->tag_blocks = t->blocks;
}

static void end_tag(struct template *t)
{
    size_t at = t->at;
    t->at += 2;
    struct span name = take_name(t);
    int floor = t->blocks > 0 ? t->block[t->blocks - 1].state.depth : 0;
    if (t->s.depth == 0)
        fail(t, at, "</%.*s> closes nothing", ARG(name));
    struct element *top = &t->open[t->s.depth - 1];
    unsigned line, column;
    line_column(t, top->at, &line, &column);
    if (!same(top->name, name))
        fail(t, at, "</%.*s> stands where <%.*s> of line %u must be closed", ARG(name), ARG(top->name), line);
    if (t->s.depth == floor)
        fail(t, at, "</%.*s> closes an element that was opened outside its block", ARG(name));
    if (!looking_at(t, ">"))
        fail(t, t->at, "expected >");
    t->at++;
    t->s.depth--;
    literal_add(t, "</", 2);
    literal_add(t, name.p, name.n);
    literal_add(t, ">", 1);
}

/* Comments are dropped; data in one would be a mistake. */
static void comment(struct template *t, const char *close)
{
    size_t at = t->at;
    for (t->at += 2; !looking_at(t, close); t->at++) {
        if (t->at >= t->src.n)
            fail(t, at, "this comment does not end");
        if (close[0] == '-' && (looking_at(t, "{{") || looking_at(t, "{%")))
            fail(t, t->at, "data may not stand in a comment");
    }
    t->at += strlen(close);
}

static void in_text(struct template *t)
{
    char c = t->src.p[t->at];
    if (looking_at(t, "<!--")) {
        comment(t, "-->");
    } else if (looking_at(t, "</")) {
        end_tag(t);
    } else if (looking_at(t, "<!doctype html>") && t->s.depth == 0) {
        literal_add(t, "<!doctype html>", 15);
        t->at += 15;
    } else if (c == '<') {
        start_tag(t);
    } else if (is_space(c) && !in_element(t, "pre") && !in_element(t, "textarea")) {
        bool has_newline = false;
        for (; t->at < t->src.n && is_space(t->src.p[t->at]); t->at++)
            has_newline |= t->src.p[t->at] == '\n';
        literal_add(t, has_newline ? "\n" : " ", 1);
    } else {
        if (c == '\0')
            fail(t, t->at, "a zero byte");
        literal_add(t, &c, 1);
        t->at++;
    }
}

/* ---- files ---------------------------------------------------------------------------------------------- */

static void compile(struct template *t)
{
    while (t->at < t->src.n) {
        if (looking_at(t, "{#"))
            comment(t, "#}");
        else if (looking_at(t, "{%"))
            statement(t);
        else if (looking_at(t, "{{"))
            expression(t);
        else if (!t->in_function && is_space(t->src.p[t->at]))
            t->at++;
        else if (!t->in_function)
            fail(t, t->at, "expected {%% page name(parameters) %%} first");
        else if (t->s.place == IN_TEXT)
            in_text(t);
        else if (t->s.place == IN_TAG)
            in_tag(t);
        else
            in_value(t);
    }
    function_close(t);
}

static struct span file_read(const char *name)
{
    FILE *f = fopen(name, "rb");
    if (f == NULL) {
        perror(name);
        exit(1);
    }
    size_t n = 0, cap = 1 << 16, got;
    char *p = malloc(cap);
    while (p != NULL && (got = fread(p + n, 1, cap - n, f)) > 0)
        if ((n += got) == cap)
            p = realloc(p, cap *= 2);
    assert(p != NULL);
    fclose(f);
    return (struct span){ p, n };
}

int main(int argc, char **argv)
{
    bool is_header = argc > 1 && strcmp(argv[1], "--header") == 0;
    if (argc < 2 || (!is_header && argc != 2)) {
        fprintf(stderr, "usage: template PAGE.html | template --header PAGE.html...\n");
        return 2;
    }
    printf("/* Made by tools/template from src/web/pages. */\n");
    printf(is_header ? "#ifndef WEB_PAGES_H\n#define WEB_PAGES_H\n" : "");
    printf("#include \"web/html.h\"\n#include \"web/page.h\"\n");
    if (!is_header)
        printf("#include \"web/pages.h\"\n#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n");
    for (int i = is_header ? 2 : 1; i < argc; i++) {
        struct template *t = calloc(1, sizeof *t);
        assert(t != NULL);
        t->file = argv[i];
        t->src = file_read(argv[i]);
        t->is_header = is_header;
        compile(t);
        free(t->literal);
        free((void *)(uintptr_t)t->src.p);
        free(t);
    }
    printf(is_header ? "#endif\n" : "");
    return fflush(stdout) != 0 || ferror(stdout);
}
