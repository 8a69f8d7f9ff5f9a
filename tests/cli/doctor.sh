#!/bin/bash
# internbase doctor: all good on a fresh base, and each thing that is not is seen.
set -eu
B=${INTERNBASE:-$PWD/build/asan/internbase}
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export INTERNBASE_DATABASE=sqlite:$tmp/t.db
umask 077
"$B" init > /dev/null 2>&1
"$B" doctor --json > good
for name in database size whole log schema disk mode clock jobs landlock seccomp; do
    grep -q "\"name\":\"$name\"" good || { echo "doctor says nothing of $name"; cat good; exit 1; }
done
grep '"grade":"bad"' good && { echo "bad on a fresh base"; exit 1; }
"$B" doctor --lang en | grep -q '^\[good\] Schema: ok' || { echo "no words"; exit 1; }
chmod 644 t.db
"$B" doctor --json | grep '"name":"mode"' | grep -q '"grade":"warn"' || { echo "a readable file is not seen"; exit 1; }
# A clock that was set back by a year.
if "$B" doctor --json --today "$(date -d '-1 year' +%F)" > late; then echo "a clock set back is not an error"; exit 1; fi
grep '"name":"clock"' late | grep -q '"grade":"bad"' || { echo "a clock set back is not seen"; exit 1; }
# A page of the file overwritten.
size=$(stat -c %s t.db)
dd if=/dev/urandom of=t.db bs=4096 seek=$((size / 8192)) count=20 conv=notrunc status=none
if "$B" doctor --json > broken 2>&1; then echo "a broken file is not an error"; cat broken; exit 1; fi
