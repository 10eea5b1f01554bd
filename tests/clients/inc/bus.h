// SPDX-License-Identifier: GPL-2.0
//
// bus.h - the functions that bus.c exports
//
#ifndef _BUS_H_
#define _BUS_H_

PDEVICE_OBJECT
NTAPI
BusReferenceDevice(VOID);

LONG
NTAPI
BusCountItem(
    _In_ PVOID IoObject
    );

#endif // _BUS_H_
