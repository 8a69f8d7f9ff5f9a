/* Sort keys of Chinese names: pinyin syllables, so that both databases sort by bytes as people look names up. The first
 * character is read as a surname (单 shan, 曾 zeng). Polyphones inside a name keep their common reading. */
#ifndef CORE_PINYIN_H
#define CORE_PINYIN_H

#include "core/text.h"

/* "chen si yuan 陈思远": syllables in small letters, Latin letters as they are in small letters, then the name itself,
 * which tells equal readings apart. Lies in `a`. */
struct str pinyin_key(struct arena *a, struct str name) MUST;

#endif
