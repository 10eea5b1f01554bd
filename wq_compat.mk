# SPDX-License-Identifier: GPL-2.0
#
# The headers and symbols of wq_compat, for the Kbuild of a Linux module that uses it:
#
#	obj-m += hello.o
#	include /path/to/wq_compat/wq_compat.mk
#
# (A Windows driver includes client.mk.)

WQ_COMPAT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
# client.mk, which includes this file, has other flags.
ifndef WQ_COMPAT_CFLAGS
ccflags-y += -I$(WQ_COMPAT)
endif

# For modpost of the directory that M= names: the symbols of a tree that was built, or of the
# modules that make install or DKMS has installed for this kernel.
ifneq ($(KBUILD_EXTMOD),$(WQ_COMPAT))
KBUILD_EXTRA_SYMBOLS += $(firstword $(wildcard $(WQ_COMPAT)/Module.symvers \
	$(WQ_COMPAT)/$(KERNELRELEASE)/Module.symvers \
	/var/lib/dkms/wq-compat/kernel-$(KERNELRELEASE)-$(UTS_MACHINE)/Module.symvers) \
	$(WQ_COMPAT)/Module.symvers)
endif
