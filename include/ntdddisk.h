/* SPDX-License-Identifier: GPL-2.0 */
/* Disks and SCSI: with storage in one file. */
#include "ntddstor.h"
