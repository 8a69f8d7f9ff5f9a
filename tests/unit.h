/* What every unit test includes: cmocka with the headers it wants before itself. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#undef assert /* cmocka's assert_... are used; src keeps its own */
#include <cmocka.h>
#endif
