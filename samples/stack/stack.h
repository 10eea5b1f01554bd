// SPDX-License-Identifier: GPL-2.0
//
// stack.h
//
// Abstract:
//
//     What the two drivers of a device stack share: a name and a request.
//

#ifndef _STACK_H_
#define _STACK_H_

#define STACK_DEVICE_NAME       L"\\Device\\StackLow"
#define STACK_LINK_NAME         L"\\DosDevices\\StackLow"

// Counters of the lower driver. FILE_DEVICE_UNKNOWN, METHOD_BUFFERED, FILE_ANY_ACCESS.
#define IOCTL_STACK_COUNT       ((0x22 << 16) | (0x800 << 2))

typedef struct _STACK_COUNT {
    LONG Served;
    LONG Cancelled;
} STACK_COUNT, *PSTACK_COUNT;

#endif
