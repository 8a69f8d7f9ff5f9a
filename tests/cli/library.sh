#!/bin/bash
# The planner as a library: installs it into an empty root, compiles the example outside the tree against both forms, plans a file;
# it shows nothing but its own names and reaches nothing but memory and strings.
set -eu
top=$PWD
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
make -s -j2 install-library PREFIX="$tmp/usr"
cp examples/internplan.c "$tmp/"
cd "$tmp"
export PKG_CONFIG_PATH=$tmp/usr/lib/pkgconfig
# shellcheck disable=SC2046
gcc -std=c17 -Wall -Wextra -Werror -D_POSIX_C_SOURCE=200809L internplan.c $(pkg-config --cflags --libs internplan) -Wl,-rpath,"$tmp/usr/lib" -o shared
gcc -std=c17 -D_POSIX_C_SOURCE=200809L internplan.c -Iusr/include usr/lib/libinternplan.a -o static
printf '#include <internbase/planner.h>\nint main() { internplan_free(internplan_new(1 << 20)); }\n' > cpp.cc
g++ -Wall -Werror cpp.cc -Iusr/include usr/lib/libinternplan.a -o cpp && ./cpp
for p in shared static; do
    ./$p "$top/tests/data/planner_base.json" 20 > out 2>/dev/null
    grep -qx optimal out || { echo "$p: no optimal plan"; head -3 out; exit 1; }
done
shown=$(nm -D --defined-only usr/lib/libinternplan.so | awk '$2 != "A" { print $3 }' | sed 's/@.*//')
[ "$(echo "$shown" | grep -vc '^internplan_')" = 0 ] || { echo "shows more than its own names: $shown"; exit 1; }
declared=$(grep -oE '^[a-z].*[ *](internplan_[a-z_]+)\(' "$top/include/internbase/planner.h" | grep -v typedef | grep -oE 'internplan_[a-z_]+\(' | tr -d '(' | sort)
[ "$declared" = "$(echo "$shown" | sort)" ] || { echo "declared and shown differ"; diff <(echo "$declared") <(echo "$shown" | sort); exit 1; }
allowed='^(mem(cpy|move|set|cmp|chr)|str(len|cmp|ncmp|chr|dup)|malloc|calloc|realloc|free|abort|qsort|_?_?(sig)?_?setjmp|_?_?longjmp(_chk)?|__(stack_chk_fail|assert_fail|memcpy_chk|memset_chk|memmove_chk|v?snprintf_chk|cxa_finalize|gmon_start__)|v?snprintf|_ITM_.*)$'
reaches=$(nm -D -u usr/lib/libinternplan.so | awk '{ print $NF }' | sed 's/@.*//' | grep -Ev "$allowed" || true)
[ -z "$reaches" ] || { echo "reaches: $reaches"; exit 1; }
for f in $(echo "$shown"); do grep -q "$f" "$tmp/usr/share/man/man3/internplan.3" || { echo "$f is not in the manual page"; exit 1; }; done
# By Python: what the wrapper says of the header, and the demo base by way of it.
INTERNPLAN_LIBRARY=$tmp/usr/lib/libinternplan.so python3 "$top/bench/planner/test_internplan.py"
