# SPDX-License-Identifier: GPL-2.0
#
# Makes Linux modules of Windows drivers. The last line of a driver's Kbuild:
#
#	obj-m += mydriver.o
#	mydriver-y := driver.o queue.o
#	include /path/to/wq_compat/client.mk
#
# The sources are not changed. DriverEntry becomes the module's entry, DriverUnload its exit, the
# registry path a parameter. docs/porting.md describes all of this.
#
# Variables that may be set before the include:
#   WQC_DRIVERS   which modules of obj-m are Windows drivers; default: all
#   WQC_LICENSE   their MODULE_LICENSE(); default: GPL. The kernel lets only modules of a
#                 GPL-compatible licence use wq_compat: including this file says that they are.
#   WQC_STRICT=1  calls that are not implemented are errors; by default they are listed, and report
#                 themselves when they are made
#   DBG=1         a checked build: ASSERT, KdPrint and RxLog are compiled in

WQ_COMPAT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
WQC_LICENSE ?= GPL
WQC_DRIVERS ?= $(patsubst %.o,%,$(filter %.o,$(obj-m)))
ifeq ($(strip $(WQC_DRIVERS)),)
$(error client.mk: obj-m names no module; include client.mk after it)
endif

# Flags that Windows sources need. -Wno-error= of an option also has effect if the kernel's own
# flags, which precede these, make it an error: routine types of Windows drivers do not always
# match. -isystem: headers with backslashes or another case in their names, made by
# scripts/client-includes.sh.
wqc-shadow := $(abspath $(obj))/.wqc/1/2/3/4
WQ_COMPAT_CFLAGS := -I$(WQ_COMPAT)/include -isystem $(wqc-shadow) -fms-extensions
WQ_COMPAT_CFLAGS += -include $(WQ_COMPAT)/include/wqc/predefined.h
# Windows finds "own.h" also beside the source, if a header in another directory includes it.
WQ_COMPAT_CFLAGS += -iquote $(abspath $(src))
# A call that is not here reports its caller, and a tail call would hide that.
WQ_COMPAT_CFLAGS += -fno-optimize-sibling-calls
WQ_COMPAT_CFLAGS += -Wno-unknown-pragmas -Wno-multichar -Wno-undef -Wno-unused
WQ_COMPAT_CFLAGS += -Wno-declaration-after-statement -Wno-strict-prototypes
WQ_COMPAT_CFLAGS += -Wno-missing-prototypes -Wno-missing-declarations -Wno-comment
WQ_COMPAT_CFLAGS += -Wno-implicit-fallthrough -Wno-sign-compare -Wno-pointer-sign
WQ_COMPAT_CFLAGS += -Wno-cast-function-type
WQ_COMPAT_CFLAGS += -Wno-extra -Wno-ignored-qualifiers -Wno-empty-body -Wno-date-time
WQ_COMPAT_CFLAGS += -Wno-error=incompatible-pointer-types -Wno-error=int-conversion
WQ_COMPAT_CFLAGS += -Wno-error=return-type $(call cc-option,-Wno-error=return-mismatch) -Wno-error
ifdef CONFIG_CC_IS_CLANG
WQ_COMPAT_CFLAGS += -Wno-unknown-warning-option -Wno-error=incompatible-function-pointer-types
WQ_COMPAT_CFLAGS += -Wno-microsoft -Wno-four-char-constants -Wno-ignored-pragmas
WQ_COMPAT_CFLAGS += -Wno-nonportable-include-path -Wno-extra-tokens -Wno-ignored-attributes
WQ_COMPAT_CFLAGS += -Wno-ignored-pragma-intrinsic
endif
# A plain char is signed, as Windows' compilers have it on every processor. In the kernel it is
# not on arm64, and since 6.2 nowhere.
WQ_COMPAT_CFLAGS += -fsigned-char
# A last member "UCHAR Data[1]" has as many elements as were allocated, so bounds checks must not
# take it for one. clang needs the first line, older gcc the second, newer gcc both.
WQ_COMPAT_CFLAGS += $(call cc-option,-fno-strict-flex-arrays)
CFLAGS_UBSAN := $(patsubst -fsanitize=bounds-strict,-fsanitize=bounds,$(CFLAGS_UBSAN))
ifneq ($(DBG),)
WQ_COMPAT_CFLAGS += -DDBG=$(DBG)
endif
ccflags-y += $(WQ_COMPAT_CFLAGS)
# A function that is inline, but not static, is in each object whose source includes it; the linker
# takes one. scripts/client-calls.sh refuses what is defined twice in another way.
ldflags-y += -z muldefs
ifneq ($(filter-out 0,$(WQC_STRICT)),)
WQC_CALLS_CFLAGS := -DWQC_STRICT
endif
ccflags-y += $(WQC_CALLS_CFLAGS)

include $(WQ_COMPAT)/wq_compat.mk

# kbuild allows no object with the name of its module, which is usual on Windows: such a source is
# compiled under another name, and so is one that scripts/client-includes.sh has rewritten. Each
# module is linked with an object that has its entry, and its calls that are not here.
wqc-parts = $(or $(filter %.o,$($(1)-y) $($(1)-objs)),$(1).o)
wqc-sources := $(foreach driver,$(WQC_DRIVERS),$(patsubst %.o,%.c,$(call wqc-parts,$(driver))))

# kbuild also reads this file without compiling, and then cc-option does not exist.
wqc-includes :=
ifneq ($(origin cc-option),undefined)
wqc-includes := $(shell sh $(WQ_COMPAT)/scripts/client-includes.sh $(wqc-shadow) $(abspath $(src)) \
	"$(patsubst -I%,%,$(filter -I%,$(ccflags-y)))" $(wqc-sources))
endif
# A change of any header compiles a driver again. The compiler does not list those that it finds by
# way of the -isystem directory, and all that they include.
wqc-headers := $(foreach dir,. include include/* nt,$(wildcard $(WQ_COMPAT)/$(dir)/*.h))
# Words "linux:SOURCE", "header:SOURCE:PATH", "copy:SOURCE:PATH", "unusable:SOURCE:HEADER",
# "leaves:SOURCE:FILE:LINE:WORD".
wqc-words = $(patsubst $(1):%,%,$(filter $(1):%,$(wqc-includes)))
wqc-first = $(firstword $(subst :, ,$(1)))
wqc-last = $(lastword $(subst :, ,$(1)))
$(foreach word,$(call wqc-words,copy),$(eval \
	wqc-copy-$(call wqc-first,$(word)) := $(call wqc-last,$(word))))
wqc-renamed := $(WQC_DRIVERS:=.c) $(foreach word,$(call wqc-words,copy),$(call wqc-first,$(word)))
# The object of a source.
wqc-object = $(patsubst %.c,%.o,$(if $(filter $(1),$(wqc-renamed)),wqc_source_$(subst /,_,$(1)),$(1)))

define wqc-source
CFLAGS_$$(call wqc-object,$(1)) := $$(CFLAGS_$(1:.c=.o))
$$(obj)/$$(patsubst %.o,%.c,$$(call wqc-object,$(1))): wqc-path := $$(or $$(wqc-copy-$(1)),$$(abspath $$(src))/$(1))
$$(obj)/$$(patsubst %.o,%.c,$$(call wqc-object,$(1))): FORCE
	$$(call filechk,wqc_source)
targets += $$(patsubst %.o,%.c,$$(call wqc-object,$(1)))
endef

define wqc-driver
wqc-objects := $$(foreach part,$$(call wqc-parts,$(1)),$$(call wqc-object,$$(part:.o=.c)))
$$(obj)/wqc_entry_$(1).c: wqc-linked := $$(addprefix $$(obj)/,$$(wqc-objects))
$$(obj)/wqc_entry_$(1).c: wqc-unusable := $$(sort $$(foreach word,$$(call wqc-words,unusable),\
	$$(if $$(filter $$(call wqc-first,$$(word)),$$(patsubst %.o,%.c,$$(call wqc-parts,$(1)))),\
		$$(call wqc-last,$$(word)))))
$$(obj)/wqc_entry_$(1).c: wqc-leaves := $$(foreach word,$$(call wqc-words,leaves),\
	$$(if $$(filter $$(call wqc-first,$$(word)),$$(patsubst %.o,%.c,$$(call wqc-parts,$(1)))),$$(word)))
$$(obj)/wqc_entry_$(1).c: $$(addprefix $$(obj)/,$$(wqc-objects)) FORCE
	$$(call filechk,wqc_entry)
targets += wqc_entry_$(1).c
$$(addprefix $$(obj)/,$$(wqc-objects) wqc_entry_$(1).o): $$(wqc-headers)
$(1)-y := $$(wqc-objects) wqc_entry_$(1).o
$(1)-objs :=
endef

filechk_wqc_source = echo '\#include "$(wqc-path)"'
filechk_wqc_entry = echo '\#define WQC_LICENSE "$(WQC_LICENSE)"'; \
	echo '\#include "$(WQ_COMPAT)/nt/client_entry.c"'; \
	NM="$(NM)" OBJDUMP="$(OBJDUMP)" WQC_STRICT="$(WQC_STRICT)" UNUSABLE="$(wqc-unusable)" \
	LEAVES="$(wqc-leaves)" \
	sh $(WQ_COMPAT)/scripts/client-calls.sh $(patsubst wqc_entry_%.c,%,$(@F)) $(wqc-linked)

$(foreach source,$(filter $(wqc-renamed),$(wqc-sources)),$(eval $(call wqc-source,$(source))))
$(foreach driver,$(WQC_DRIVERS),$(eval $(call wqc-driver,$(driver))))
clean-files += wqc_source_*.c wqc_entry_*.c .wqc

$(foreach word,$(call wqc-words,linux),$(eval \
	CFLAGS_$(call wqc-object,$(word)) += -DWQC_LINUX_NAMES))
$(foreach word,$(call wqc-words,header),$(eval \
	$(obj)/$(call wqc-object,$(call wqc-first,$(word))): $(call wqc-last,$(word))))
