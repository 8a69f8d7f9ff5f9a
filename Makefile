# Internbase: one makefile that globs the rooms. `make` builds the debug binary, `make release` the release one.
# MODE is debug (default), asan (address + undefined), tsan, release or library (of libinternplan); CC is gcc or clang.
MODE ?= debug
CC = gcc
B = build/$(MODE)
G = build/gen
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += -r

ROOMS := core planner check records rules msg store read print jobs app web cli main
PKGS := sqlite3 libpq libmicrohttpd libsodium expat libzip zlib libseccomp xlsxwriter libqrencode
WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
        -Wformat=2 -Wno-format-nonliteral -Wundef -Wno-missing-field-initializers
FLAGS_debug := -O1 -g
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_tsan := -O1 -g -fsanitize=thread
FLAGS_fuzz := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_library := -O2 -g1 -fPIC -fvisibility=hidden -fstack-protector-strong -D_FORTIFY_SOURCE=2
CET := $(if $(filter x86_64,$(shell uname -m)),-fcf-protection=full)
FLAGS_release := -O2 -g1 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -fstack-clash-protection $(CET)
LINK_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
VERSION := 0.1.0
CPPFLAGS := -DINTERNBASE_VERSION='"$(VERSION)"' -Isrc -Iinclude -I$(G) -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS))
CFLAGS := -std=gnu17 -ffp-contract=off $(WARN) $(FLAGS_$(MODE)) -pthread
LDFLAGS := $(LINK_$(MODE)) $(FLAGS_$(MODE)) -pthread -Wl,--as-needed
# libpq is loaded by src/store/libpq.c, not linked.
LDLIBS := $(shell pkg-config --libs $(filter-out libpq,$(PKGS))) -lm

# ---- what is made before compiling -------------------------------------------------------------
DEFS := $(wildcard src/msg/*.def)
PAGES := $(wildcard src/web/pages/*.html)
ASSETS := $(wildcard static/*)
PAGE_C := $(PAGES:src/web/pages/%.html=$(G)/web/pages/%.c)
GEN_H := $(G)/core/ids.h $(G)/msg/all.def $(G)/web/pages.h
SCHEMA := $(wildcard src/store/schema/*.sql)
GEN_C := $(PAGE_C) $(G)/web/assets.c

$(G)/core/ids.h: $(DEFS) tools/ids
	@mkdir -p $(@D)
	LC_ALL=C tools/ids $(sort $(DEFS)) > $@
$(G)/msg/all.def: $(DEFS) Makefile
	@mkdir -p $(@D)
	for f in $(sort $(DEFS:src/%=%)); do echo "#include \"$$f\""; done > $@
build/tools/%: tools/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(WARN) -O1 -g -D_GNU_SOURCE -o $@ $< $(TOOL_LIBS)
build/tools/assets: TOOL_LIBS := -lz
build/tools/template: tools/template_code.h
$(G)/web/pages/%.c: src/web/pages/%.html build/tools/template
	@mkdir -p $(@D)
	build/tools/template $< > $@
$(G)/web/pages.h: $(PAGES) $(wildcard src/web/pages) build/tools/template
	@mkdir -p $(@D)
	build/tools/template --header $(sort $(PAGES)) > $@
$(G)/web/assets.c: $(ASSETS) $(wildcard static) build/tools/assets
	@mkdir -p $(@D)
	build/tools/assets static $(notdir $(ASSETS)) > $@

$(G)/store/schema.c: $(SCHEMA) tools/schema
	@mkdir -p $(@D)
	tools/schema $(sort $(SCHEMA)) > $@

# ---- rooms ------------------------------------------------------------------------------------
room_c = $(wildcard src/$1/*.c src/$1/*/*.c)
ALL_C := $(foreach r,$(ROOMS),$(call room_c,$r))
ALL_H := $(wildcard src/*/*.h src/*/*/*.h)
obj = $(patsubst src/%.c,$(B)/%.o,$(call room_c,$1)) $(if $(filter web,$1),$(GEN_C:$(G)/%.c=$(B)/gen/%.o)) $(if $(filter store,$1),$(B)/gen/store/schema.o)

build/rooms.ok: src/ROOMS tools/rooms $(ALL_C) $(ALL_H) $(PAGES)
	@mkdir -p $(@D)
	@tools/rooms src/ROOMS $(ALL_C) $(ALL_H) $(PAGES)
	@touch $@

$(B)/%.o: src/%.c | $(GEN_H) build/rooms.ok
	@mkdir -p $(@D)
	@echo "CC $@"; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/gen/%.o: $(G)/%.c | $(GEN_H)
	@mkdir -p $(@D)
	@echo "CC $@"; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

define room_rule
$(B)/lib$1.a: $(call obj,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rule,$r)))

LIBS = $(foreach r,$1,$(B)/lib$r.a)
$(B)/internbase: $(call LIBS,$(ROOMS))
	@echo "LD $@"; $(CC) $(LDFLAGS) -o $@ -Wl,--start-group $^ -Wl,--end-group $(LDLIBS)

# ---- unit tests: each links only what its room may use -----------------------------------------
uses = $(shell awk -v r=$1: '$$1 == r { $$1 = ""; print }' src/ROOMS)
uses_all = $(sort $1 $(foreach r,$(call uses,$1),$r $(call uses,$r)) $(foreach r,$(call uses,$1),$(foreach s,$(call uses,$r),$(call uses,$s))))
UNIT_C := $(wildcard tests/unit/*/*.c)
UNIT := $(UNIT_C:tests/%.c=$(B)/tests/%)
define unit_rule
$(B)/tests/unit/$1/%: tests/unit/$1/%.c $(call LIBS,$(call uses_all,$1))
	@mkdir -p $$(@D)
	@echo "LD $$@"; $$(CC) $$(CPPFLAGS) $$(CFLAGS) -MMD -MP -Itests -o $$@ $$< $$(LDFLAGS) -Wl,--start-group $(call LIBS,$(call uses_all,$1)) -Wl,--end-group $$(LDLIBS) -lcmocka
endef
$(foreach r,$(ROOMS),$(eval $(call unit_rule,$r)))

# ---- the planner and the check against every plan tried, on tiny problems -------------------------
PROPERTY_C := $(wildcard tests/planner/*.c)
$(B)/tests/planner/%.o: tests/planner/%.c | $(GEN_H)
	@mkdir -p $(@D)
	@echo "CC $@"; $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -Itests -c -o $@ $<
$(B)/tests/planner/property: $(PROPERTY_C:tests/%.c=$(B)/tests/%.o) $(call LIBS,planner check core)
	@echo "LD $@"; $(CC) $(LDFLAGS) -o $@ -Wl,--start-group $^ -Wl,--end-group $(LDLIBS)

# ---- fuzz targets of what reads files from outside: make MODE=fuzz CC=clang fuzz ------------------
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/fuzzers/%,$(wildcard tests/fuzz/*.c))
FUZZ_ROOMS := core planner check records rules msg store read print jobs app web
$(B)/fuzzers/%: tests/fuzz/%.c $(call LIBS,$(FUZZ_ROOMS))
	@mkdir -p $(@D)
	@echo "LD $@"; $(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $< $(LDFLAGS) -Wl,--start-group $(call LIBS,$(FUZZ_ROOMS)) -Wl,--end-group $(LDLIBS)

# ---- the planner as a library of its own: nothing of core shows --------------------------------
LIBRARY_PARTS := $(call LIBS,planner core)
build/libinternplan.so: $(LIBRARY_PARTS) packaging/libinternplan.map
	@echo "LD $@"; $(CC) -shared -o $@ -Wl,-soname,libinternplan.so.0 -Wl,--version-script=packaging/libinternplan.map \
	    -Wl,-z,relro,-z,now -Wl,--no-undefined -Wl,--whole-archive $(B)/libplanner.a -Wl,--no-whole-archive $(B)/libcore.a
build/libinternplan.a: $(LIBRARY_PARTS)
	@echo "LD $@"; rm -f $@; $(LD) -r -o $(B)/internplan.o --whole-archive $(B)/libplanner.a --no-whole-archive $(B)/libcore.a
	@objcopy --wildcard --keep-global-symbol='internplan_*' $(B)/internplan.o && ar rcs $@ $(B)/internplan.o

PREFIX ?= /usr/local
.PHONY: all release unit property fuzz clean library install-library
library:
	$(MAKE) MODE=library build/libinternplan.so build/libinternplan.a
install-library: library
	install -d $(DESTDIR)$(PREFIX)/include/internbase $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/man/man3
	install -m 644 include/internbase/planner.h $(DESTDIR)$(PREFIX)/include/internbase/
	install -m 644 build/libinternplan.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 build/libinternplan.so $(DESTDIR)$(PREFIX)/lib/libinternplan.so.0
	ln -sf libinternplan.so.0 $(DESTDIR)$(PREFIX)/lib/libinternplan.so
	install -m 644 docs/man/internplan.3 $(DESTDIR)$(PREFIX)/share/man/man3/
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' packaging/internplan.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/internplan.pc
all: $(B)/internbase
unit: $(UNIT)
property: $(B)/tests/planner/property
fuzz: $(FUZZ)
release:
	$(MAKE) MODE=release build/release/internbase
	cp build/release/internbase build/internbase.new && mv build/internbase.new build/internbase
clean:
	rm -rf build

# ---- bench programs: release code; page sees its parts by --wrap ----------------------------------
BENCH := page write load
BENCH_ROOMS := core planner check records rules msg store read print jobs app web
WRAP_page := -Wl,--wrap=http_start -Wl,--wrap=page_my -Wl,--wrap=page_board -Wl,--wrap=page_department
$(B)/bench/%: bench/%.c $(call LIBS,$(BENCH_ROOMS))
	@mkdir -p $(@D)
	@echo "LD $@"; $(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< $(LDFLAGS) $(WRAP_$*) -Wl,--start-group $(call LIBS,$(BENCH_ROOMS)) -Wl,--end-group $(LDLIBS)
.PHONY: bench
bench: $(BENCH:%=$(B)/bench/%)

-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d $(B)/gen/*/*.d $(B)/gen/*/*/*.d $(B)/tests/unit/*/*.d $(B)/tests/planner/*.d)
