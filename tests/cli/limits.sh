#!/bin/bash
# The manual's table of limits is the program's.
set -eu
B=${INTERNBASE:-$PWD/build/asan/internbase}
diff <("$B" schema limits | sed '$d') docs/LIMITS.md || { echo "docs/LIMITS.md: write it anew by: internbase schema limits | sed '\$d' > docs/LIMITS.md"; exit 1; }
