/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cursor on short texts: what it reads, where it stands afterwards, the line
   and the reason of what it rejects.  Every text is a copy of exactly its length,
   so that the sanitizers see a read behind its end. */
#include <stdlib.h>
#include <string.h>
#include "kernel/cursor.h"
#include "kernel/limits.h"
#include "cli/limits_option.h"
#include "tap.h"

static cursor_t r;
static rejection_t why;
static char *copy;
static size_t length;

/* The cursor at the beginning of this text, which may contain zeros. */
static void
start_bytes(const char *text, size_t len)
{
    free(copy);
    copy = malloc(len + (len == 0));
    memcpy(copy, text, len);
    length = len;
    memset(&why, 0, sizeof why);
    r = (cursor_t) { copy, copy + len, 1, &why };
}

static void
start(const char *text)
{
    start_bytes(text, strlen(text));
}

/* 1 if so many characters have been read. */
static int
stands(size_t n)
{
    return r.p == copy + n && r.end == copy + length;
}

/* 1 if the reason contains these words and the line is this one. */
static int
rejected(slong line, const char *words)
{
    return why.line == line && strstr(why.reason, words) != NULL;
}

static void
test_tokens(void)
{
    const char *s;
    size_t len;

    start("ab/c:1 d\n");
    ok(cursor_token(&r, &s, &len) && len == 6 && memcmp(s, "ab/c:1", 6) == 0 && stands(6),
       "a token ends before a space");
    ok(!cursor_token(&r, &s, &len) && rejected(1, "a word is expected"), "no token is a space");
    ok(cursor_space(&r) && cursor_token(&r, &s, &len) && len == 1 && stands(8),
       "or before a newline");
    ok(!cursor_token(&r, &s, &len) && rejected(1, "a word is expected"), "nor a newline");
    start("word");
    ok(!cursor_token(&r, &s, &len) && rejected(1, "the text ends here"), "a token is not the end");
    start("");
    ok(!cursor_token(&r, &s, &len) && rejected(1, "the text ends here"), "nothing in no text");
    start("a\tb\n");
    ok(!cursor_token(&r, &s, &len), "a tab ends no token");
    start("a\r\n");
    ok(!cursor_token(&r, &s, &len), "nor does a carriage return");
    start("a\x7f\n");
    ok(!cursor_token(&r, &s, &len), "nor a delete");
    start("caf\xc3\xa9\n");
    ok(!cursor_token(&r, &s, &len), "letters are those of ASCII");
    start_bytes("a\0b\n", 4);
    ok(!cursor_token(&r, &s, &len), "a zero is no letter");
    start("!~\n");
    ok(cursor_token(&r, &s, &len) && len == 2, "the first and the last printable character");
}

static void
test_spaces(void)
{
    start(" \n\n x");
    ok(!cursor_newline(&r) && rejected(1, "the line must end") && stands(0),
       "a space is no newline");
    ok(cursor_space(&r) && stands(1), "one space");
    ok(!cursor_space(&r) && rejected(1, "one space and another word") && stands(1),
       "a newline is no space");
    ok(cursor_newline(&r) && r.line == 2 && cursor_newline(&r) && r.line == 3 && stands(3),
       "lines are counted");
    ok(!cursor_newline(&r) && rejected(3, "the line must end"), "the line is part of the reason");
    ok(cursor_space(&r) && !cursor_space(&r) && stands(4), "a letter is no space");
    start("");
    ok(!cursor_space(&r) && !cursor_newline(&r), "neither at the end of the text");
}

static void
test_words(void)
{
    start("end ended\n");
    ok(!cursor_take(&r, "ended") && !cursor_take(&r, "en") && why.reason[0] == '\0' && stands(0),
       "a word that is not there is not taken, without an error");
    ok(cursor_take(&r, "end") && stands(3), "a word is taken");
    ok(!cursor_take_next(&r, "end") && why.reason[0] == '\0' && stands(3),
       "the next is longer, and the cursor stays before the space");
    ok(cursor_take_next(&r, "ended") && stands(9), "the next word behind its space");
    ok(!cursor_take_next(&r, "x") && stands(9), "no word behind a newline");
    start("end");
    ok(!cursor_take(&r, "end") && stands(0), "the last word must be followed by something");
    ok(!cursor_take_next(&r, "end"), "and begin behind a space");
    start("end\t");
    ok(!cursor_take(&r, "end"), "by a space or a newline");
    start("end\n");
    r.end--;
    ok(!cursor_take(&r, "end") && r.p == copy,
       "what stands behind the end of the text is not read");
    start(" ");
    ok(!cursor_take_next(&r, "end") && stands(0), "a space alone is not taken");
    start("");
    ok(!cursor_take_next(&r, "end") && !cursor_take(&r, "end"), "nothing is taken from no text");
    start("a b\n");
    ok(!cursor_expect(&r, "b") && rejected(1, "\"b\" is expected here"),
       "an expected word is named");
    ok(cursor_expect(&r, "a") && !cursor_expect(&r, "b")
       && cursor_expect_next(&r, "b") && stands(3),
       "a space is expected between words");
    ok(!cursor_expect_next(&r, "c") && rejected(1, "one space"), "not behind the last word");
}

static void
test_choice(void)
{
    static const char *const words[] = { "tanh", "tan", "relu" };
    int k;

    start("tan relu tan\n");
    ok(cursor_choice(&r, &k, words, 3, "function") && k == 1 && stands(3),
       "a word that another one begins with");
    ok(cursor_space(&r) && cursor_choice(&r, &k, words, 3, "function") && k == 2, "the last one");
    ok(cursor_space(&r) && !cursor_choice(&r, &k, words, 1, "function")
       && rejected(1, "unknown function") && stands(9), "none of them");
    ok(!cursor_choice(&r, &k, words, 0, "function"), "none of none");
}

/* x := the number at the beginning of the text; 1 if it is read to that place. */
static int
reads(const char *text, const char *value, size_t n)
{
    fmpq_t x, y;
    int good;

    fmpq_init(x);
    fmpq_init(y);
    start(text);
    good = cursor_rational(&r, x) && stands(n);
    good = good && fmpq_set_str(y, value, 10) == 0 && fmpq_equal(x, y);
    if (strchr(value, '/') == NULL)
    {
        start(text);
        good = good && cursor_integer(&r, fmpq_numref(y)) && stands(n)
            && fmpz_equal(fmpq_numref(x), fmpq_numref(y));
    }
    fmpq_clear(x);
    fmpq_clear(y);
    return good;
}

static void
test_numbers(void)
{
    static const char *const integers[] = { "0", "7", "-7", "10", "12345678901234567890123" };
    static const char *const bad[] = { "+7", "07", "-0", "--7", "7.0", "7e1", "0x7", "7,", "", "-",
                                       "1_0", "7/1", "0/2", "2/4", "1/0", "1/-2", "1/02", "1//2",
                                       "/2",
                                       "1/", "-1/-2", "1/2/3", "inf", "nan" };
    char text[80];
    size_t i;
    fmpz_t x;
    fmpq_t q;

    fmpz_init(x);
    fmpq_init(q);
    for (i = 0; i < sizeof integers / sizeof *integers; i++)
    {
        snprintf(text, sizeof text, "%s 1\n", integers[i]);
        ok(reads(text, integers[i], strlen(integers[i])), "the integer %s", integers[i]);
    }
    ok(reads("-22/7\n", "-22/7", 5), "the rational -22/7");
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
    {
        snprintf(text, sizeof text, "%s\n", bad[i]);
        start(text);
        ok(!cursor_rational(&r, q) && why.line == 1, "\"%s\" is no rational", bad[i]);
        start(text);
        ok(!cursor_integer(&r, x) && why.line == 1, "and no integer");
    }
    start("1/2\n");
    ok(!cursor_integer(&r, x) && rejected(1, "an integer in canonical form"), "1/2 is no integer");
    start("2/2\n");
    ok(!cursor_rational(&r, q) && rejected(1, "in lowest terms"), "2/2 is not in lowest terms");
    start("12");
    ok(!cursor_integer(&r, x) && rejected(1, "ends here"), "a number is not the end of the text");
    fmpz_clear(x);
    fmpq_clear(q);
}

static void
test_counts(void)
{
    slong n = -5;

    start("3 4 5 -1 99999999999999999999 9223372036854775807 -9223372036854775808\n");
    ok(cursor_count(&r, &n, 3, 4, "the count") && n == 3, "the smallest count");
    ok(cursor_space(&r) && cursor_count(&r, &n, 3, 4, "the count") && n == 4, "the largest");
    ok(cursor_space(&r) && !cursor_count(&r, &n, 3, 4, "the count") && n == 4
       && rejected(1, "the count must be from 3 to 4"), "one more");
    ok(cursor_space(&r) && !cursor_count(&r, &n, 0, 4, "it")
       && rejected(1, "it must be from 0 to 4"),
       "one less");
    ok(cursor_space(&r) && !cursor_count(&r, &n, 0, WORD_MAX, "it") && n == 4,
       "more than a word holds");
    ok(cursor_space(&r) && cursor_count(&r, &n, 0, WORD_MAX, "it") && n == WORD_MAX,
       "as much as a word holds");
    ok(cursor_space(&r) && cursor_count(&r, &n, WORD_MIN, 0, "it") && n == WORD_MIN, "as little");
    start("1/2\n");
    ok(!cursor_count(&r, &n, 0, 4, "it"), "no fraction is a count");
}

static void
set_limits(const char *text)
{
    char message[300];

    if (!limits_set(text, message, sizeof message))
        ok(0, "the limits %s: %s", text, message);
}

/* Digits of one number, and the length of the common denominator of several. */
static void
test_limits(void)
{
    fmpq *x = _fmpq_vec_init(3);
    slong digits = limit(LIMIT_DIGITS), expansion = limit(LIMIT_EXPANSION);
    char text[80];

    set_limits("digits=5");
    ok(reads("12345 ", "12345", 5) && reads("-12345 ", "-12345", 6), "five digits, and a sign");
    start("123456 ");
    ok(!cursor_rational(&r, x), "not six");
    ok(reads("12345/54321\n", "4115/18107", 11) == 0 && reads("12345/54322\n", "12345/54322", 11),
       "numerator and denominator by themselves");
    start("1/123457\n");
    ok(!cursor_rational(&r, x), "not six in a denominator");
    set_limits("expansion=40");                 /* bits, over the area */
    start(" 1/127 1/128 0\n");
    ok(cursor_rationals(&r, x, 3, 2) && stands(14) && fmpq_cmp_si(x + 2, 0) == 0,
       "denominators 127 and 128 have 14 bits");
    start(" 1/127 1/128 0\n");
    ok(!cursor_rationals(&r, x, 3, 3) && rejected(1, "common denominator"), "not for an area of 3");
    start(" 1/127 0 1/127\n");
    ok(cursor_rationals(&r, x, 3, 5), "the same denominator twice counts once");
    start(" 127 -128 0\n");
    ok(cursor_rationals(&r, x, 3, 2), "numerators, of which the inverses have a denominator");
    start(" 127 -128 0\n");
    ok(!cursor_rationals(&r, x, 3, 3) && rejected(1, "of their inverses"), "count as well");
    start(" 127 -128 0\n");
    ok(cursor_rationals(&r, x, 1, 0) && stands(4), "area 0 is taken for 1; one number is read");
    start("1 2 3\n");
    ok(!cursor_rationals(&r, x, 3, 1) && rejected(1, "one space"), "a space before each number");
    start(" 1 2\n");
    ok(!cursor_rationals(&r, x, 3, 1) && stands(4), "too few numbers");
    start(" 1 x 3\n");
    ok(!cursor_rationals(&r, x, 3, 1) && rejected(1, "a rational"), "a word among them");
    snprintf(text, sizeof text, "digits=%ld,expansion=%ld", (long) digits, (long) expansion);
    set_limits(text);
    _fmpq_vec_clear(x, 3);
}

/* Long reasons are cut, not written past their end. */
static void
test_reject(void)
{
    char word[600];

    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    start("a\n");
    r.line = 17;
    ok(!cursor_expect(&r, word) && why.line == 17 && strlen(why.reason) == sizeof why.reason - 1,
       "a long reason is cut");
    ok(!cursor_reject(&r, "%d %s", 3, "b") && rejected(17, "3 b"), "a reason with values");
}

/* Limits that are not possible change nothing. */
static void
test_limit_texts(void)
{
    static const char *const bad[] = { "", "rows", "rows=", "rows=0", "rows=-1", "rows=1x", "row=1",
                                       "rows=1,", "rows=1,,work=1", "work=99999999999999999999",
                                       "layers=32769", "rows=5,columns=0", "rows = 1" };
    char message[300];
    size_t i;
    slong rows = limit(LIMIT_ROWS);

    for (i = 0; i < sizeof bad / sizeof *bad; i++)
    {
        message[0] = '\0';
        ok(!limits_set(bad[i], message, sizeof message) && message[0] != '\0'
           && limit(LIMIT_ROWS) == rows, "no limits: \"%s\"", bad[i]);
    }
    set_limits("rows=7,columns=8");
    ok(limit(LIMIT_ROWS) == 7 && limit(LIMIT_COLUMNS) == 8, "two limits");
}

int
main(void)
{
    test_tokens();
    test_spaces();
    test_words();
    test_choice();
    test_numbers();
    test_counts();
    test_limits();
    test_reject();
    test_limit_texts();
    free(copy);
    flint_cleanup();
    return done();
}
