#!/bin/bash
# What the compiler and the linker were asked for is seen in the binary: PIE, full RELRO, no executable stack, stack protector,
# fortified calls, landing pads for indirect jumps where the processor has them; no text relocation, no run path, no segment
# both writable and executable. usage: tests/hardening.sh BINARY
set -eu
b=$1
failed=0
head=$(readelf -hW "$b") segments=$(readelf -lW "$b") dynamic=$(readelf -dW "$b") symbols=$(readelf -sW --dyn-syms "$b")
has() { # WHAT TEXT PATTERN
    grep -Eq -- "$3" <<< "$2" || { echo "hardening: $b: no $1"; failed=1; }
}
has_not() {
    if grep -Eq -- "$3" <<< "$2"; then echo "hardening: $b: $1"; failed=1; fi
}
has "position independence" "$head" 'Type: +DYN'
has "read-only relocations" "$segments" 'GNU_RELRO'
has "immediate binding" "$dynamic" 'BIND_NOW|Flags:.*NOW'
has "stack without execution" "$segments" 'GNU_STACK.* RW +0x'
has "stack protector" "$symbols" '__stack_chk_fail'
has "fortified calls" "$symbols" '__[a-z]+_chk@'
has_not "text relocations" "$dynamic" 'TEXTREL'
has_not "a run path" "$dynamic" 'RPATH|RUNPATH'
has_not "a segment both writable and executable" "$segments" 'LOAD.* RWE '
if [ "$(uname -m)" = x86_64 ]; then
    [ "$(objdump -d "$b" | grep -c endbr64)" -gt 200 ] || { echo "hardening: $b: no landing pads for indirect jumps"; failed=1; }
fi
exit $failed
