# SPDX-License-Identifier: GPL-2.0
# "make" builds the module for the running kernel (or KDIR=); the rest is in scripts/.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build

# What kbuild needs and this machine lacks. kbuild itself fails without naming a package.
# The compiler is that of the command line, of LLVM=, of Debian's headers, or gcc.
kernel_cc := $(firstword $(or $(if $(filter command,$(origin CC)),$(filter-out %ccache distcc,$(CC))),\
	$(if $(LLVM),$(filter %/,$(LLVM))clang$(filter -%,$(LLVM))),\
	$(shell sed -n 's/^CC = .*\(gcc-[0-9]*\)$$/\1/p' '$(KDIR)/.kernelvariables' 2>/dev/null),gcc))
cc_packages := $(notdir $(kernel_cc))
ifneq ($(findstring clang,$(kernel_cc)),)
  cc_packages += $(cc_packages:clang%=lld%) $(cc_packages:clang%=llvm%)
else ifneq ($(filter gcc-%,$(kernel_cc)),)
  cc_packages += (Debian) or gcc (Fedora)
endif
headers_of_kver := install linux-headers-$(KVER) (Debian) or kernel-devel-$(KVER) (Fedora)
ifeq ($(wildcard $(KDIR)/Makefile),)
  ifeq ($(origin KDIR),file)
    missing := no headers of Linux $(KVER): $(headers_of_kver), or set KDIR= to the headers of another kernel
  else
    missing := KDIR=$(KDIR) has no kernel's Makefile: set it to /lib/modules/VERSION/build, \
	whose package is linux-headers-VERSION (Debian) or kernel-devel-VERSION (Fedora)
  endif
else ifeq ($(wildcard $(KDIR)/include/generated/autoconf.h),)
  missing := $(KDIR) is not configured: set KDIR= to a kernel's build directory, \
	or run "make olddefconfig modules_prepare" there
else ifeq ($(shell command -v '$(kernel_cc)' 2>/dev/null),)
  missing := no $(kernel_cc), the compiler for $(KDIR): install $(cc_packages), or set CC= or LLVM=1
endif

all modules_install clean: ready
ready:
	@:$(if $(missing),$(error $(missing)))

all:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

samples: all
	$(MAKE) -C $(KDIR) M=$(CURDIR)/samples KBUILD_EXTRA_SYMBOLS=$(CURDIR)/Module.symvers modules

# Only the builder of the kernel has the key that would sign the modules; without it kbuild prints
# errors of the signing tool, and goes on.
signing_key := $(wildcard $(KDIR)/certs/signing_key.pem)
modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(signing_key),,CONFIG_MODULE_SIG_ALL=) $@
	@$(if $(signing_key),,echo 'The modules are not signed: $(KDIR) has no key. docs/install.md, Secure Boot')

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR)/samples $@
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

install: all
	@KVER=$(KVER) KDIR=$(KDIR) scripts/install.sh module dev tools

uninstall:
	@KVER=$(KVER) scripts/install.sh remove

deb dist htmldocs:
	@scripts/$@.sh

# These find their own kernels; variables given by hand reach them through the environment.
demo docs check check-long coverage formats lint models bench pictures port view crash results:
	@scripts/$@.sh

check-all:
	@scripts/check.sh all

mutants:
	@scripts/mutants.py

bench-gate bench-baseline:
	@scripts/bench.sh $(@:bench-%=%)

help:
	@echo 'make                   the module, for the running kernel (KDIR= another)'
	@echo 'make samples           the module and the sample drivers'
	@echo 'make modules_install   install the modules for that kernel'
	@echo 'make install           install modules, headers and tools (KVER= PREFIX= DESTDIR=); make uninstall'
	@echo 'make deb               Debian packages: wq-compat-dkms, wq-compat-dev'
	@echo 'make dist              a tarball of the last commit, from which DKMS builds the modules'
	@echo 'make clean'
	@echo 'make demo              run sample drivers in QEMU (ARCH=arm64; KERNEL_IMAGE= KDIR= another kernel)'
	@echo 'make check             lint, models, and the tests on five kernels (KERNELS= others, KSRC= another source)'
	@echo 'make check-all         the same on every kernel of scripts/kernels.txt, and installing'
	@echo 'make check-long        the tests of faults and load with all their rounds: hours'
	@echo 'make coverage          lines and branches of both modules that the tests reach: docs/coverage.md'
	@echo 'make results           take the last results of make check and check-all into docs/testing.md'
	@echo 'make docs              write what is generated from the sources: pages, tables, settings'
	@echo 'make htmldocs          all pages as HTML, by Sphinx (OUT= a directory)'
	@echo 'make lint              static checks only'
	@echo 'make formats           only the formatter, in user space beside the C library'"'"'s'
	@echo 'make port              only the tests of wqc-port, which reports what a Windows driver lacks'
	@echo 'make view              only the tests of the live view of wqc-top, and of what the tools offer and refuse'
	@echo 'make crash             only the tests of wqc-crash, with the memory of a guest that panicked'
	@echo 'make models            proofs of orderings (herd7) and of the wake-up protocol (spin)'
	@echo 'make bench             measure the module beside the kernel'"'"'s own: docs/performance.md'
	@echo 'make bench-gate        check only that an item costs no more than in tests/bench/baseline'
	@echo 'make bench-baseline    write that file, after an improvement'
	@echo 'make pictures          draw the screen of wqc-top and a trace for the README, as a guest shows them'
	@echo 'make mutants           break the module on purpose: a test must fail each time (ONLY= some)'

.PHONY: all ready samples modules_install install uninstall deb dist htmldocs clean demo docs check check-all check-long \
	coverage formats lint models port view crash mutants bench pictures bench-gate bench-baseline results help
