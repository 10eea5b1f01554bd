/* SPDX-License-Identifier: GPL-2.0 */
/* Executable files of Windows. */
#ifndef WQC_NTIMAGE_H
#define WQC_NTIMAGE_H

#include "wdm.h"

#define IMAGE_DOS_SIGNATURE			0x00005A4D
#define IMAGE_OS2_SIGNATURE			0x0000454E
#define IMAGE_OS2_SIGNATURE_LE			0x0000454C
#define IMAGE_VXD_SIGNATURE			0x0000454C
#define IMAGE_NT_SIGNATURE			0x00004550
#define IMAGE_FILE_MACHINE_AM33			0x000001D3
#define IMAGE_FILE_MACHINE_AMD64		0x00008664
#define IMAGE_FILE_MACHINE_ARM			0x000001C0
#define IMAGE_FILE_MACHINE_ARMV7		0x000001C4
#define IMAGE_FILE_MACHINE_EBC			0x00000EBC
#define IMAGE_FILE_MACHINE_I386			0x0000014C
#define IMAGE_FILE_MACHINE_IA64			0x00000200
#define IMAGE_FILE_MACHINE_M32R			0x00009041
#define IMAGE_FILE_MACHINE_MIPS16		0x00000266
#define IMAGE_FILE_MACHINE_MIPSFPU		0x00000366
#define IMAGE_FILE_MACHINE_MIPSFPU16		0x00000466
#define IMAGE_FILE_MACHINE_POWERPC		0x000001F0
#define IMAGE_FILE_MACHINE_POWERPCFP		0x000001F1
#define IMAGE_FILE_MACHINE_R4000		0x00000166
#define IMAGE_FILE_MACHINE_SH3			0x000001A2
#define IMAGE_FILE_MACHINE_SH3E			0x000001A4
#define IMAGE_FILE_MACHINE_SH3DSP		0x000001A3
#define IMAGE_FILE_MACHINE_SH4			0x000001A6
#define IMAGE_FILE_MACHINE_SH5			0x000001A8
#define IMAGE_FILE_MACHINE_THUMB		0x000001C2
#define IMAGE_FILE_MACHINE_WCEMIPSV2		0x00000169
#define IMAGE_FILE_MACHINE_R3000		0x00000162
#define IMAGE_FILE_MACHINE_R10000		0x00000168
#define IMAGE_FILE_MACHINE_ALPHA		0x00000184
#define IMAGE_FILE_MACHINE_ALPHA64		0x00000284
#define IMAGE_FILE_MACHINE_AXP64		0x00000284
#define IMAGE_FILE_MACHINE_CEE			0x0000C0EE
#define IMAGE_FILE_MACHINE_TRICORE		0x00000520
#define IMAGE_FILE_MACHINE_CEF			0x00000CEF
#define IMAGE_SIZEOF_SHORT_NAME			8
#define IMAGE_SIZEOF_SECTION_HEADER		0x00000028
#define IMAGE_SCN_CNT_CODE			0x00000020
#define IMAGE_SCN_CNT_INITIALIZED_DATA		0x00000040
#define IMAGE_SCN_CNT_UNINITIALIZED_DATA	0x00000080
#define IMAGE_SCN_LNK_NRELOC_OVFL		0x01000000
#define IMAGE_SCN_MEM_DISCARDABLE		0x02000000
#define IMAGE_SCN_MEM_NOT_CACHED		0x04000000
#define IMAGE_SCN_MEM_NOT_PAGED			0x08000000
#define IMAGE_SCN_MEM_SHARED			0x10000000
#define IMAGE_SCN_MEM_EXECUTE			0x20000000
#define IMAGE_SCN_MEM_READ			0x40000000
#define IMAGE_SCN_MEM_WRITE			0x80000000
#define IMAGE_SIZEOF_FILE_HEADER		0x00000014
#define IMAGE_FILE_RELOCS_STRIPPED		1
#define IMAGE_FILE_EXECUTABLE_IMAGE		2
#define IMAGE_FILE_LINE_NUMS_STRIPPED		4
#define IMAGE_FILE_LOCAL_SYMS_STRIPPED		8
#define IMAGE_FILE_AGGRESIVE_WS_TRIM		0x00000010
#define IMAGE_FILE_LARGE_ADDRESS_AWARE		0x00000020
#define IMAGE_FILE_BYTES_REVERSED_LO		0x00000080
#define IMAGE_FILE_32BIT_MACHINE		0x00000100
#define IMAGE_FILE_DEBUG_STRIPPED		0x00000200
#define IMAGE_FILE_REMOVABLE_RUN_FROM_SWAP	0x00000400
#define IMAGE_FILE_NET_RUN_FROM_SWAP		0x00000800
#define IMAGE_FILE_SYSTEM			0x00001000
#define IMAGE_FILE_DLL				0x00002000
#define IMAGE_FILE_UP_SYSTEM_ONLY		0x00004000
#define IMAGE_FILE_BYTES_REVERSED_HI		0x00008000
#define IMAGE_NUMBEROF_DIRECTORY_ENTRIES	0x00000010
#define IMAGE_NT_OPTIONAL_HDR32_MAGIC		0x0000010B
#define IMAGE_NT_OPTIONAL_HDR64_MAGIC		0x0000020B
#define IMAGE_ROM_OPTIONAL_HDR_MAGIC		0x00000107
#define IMAGE_NT_OPTIONAL_HDR_MAGIC		0x0000020B
#define IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA	0x00000020
#define IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE	0x00000040
#define IMAGE_DLLCHARACTERISTICS_FORCE_INTEGRITY	0x00000080
#define IMAGE_DLLCHARACTERISTICS_NX_COMPAT	0x00000100
#define IMAGE_DLLCHARACTERISTICS_NO_ISOLATION	0x00000200
#define IMAGE_DLLCHARACTERISTICS_NO_SEH		0x00000400
#define IMAGE_DLLCHARACTERISTICS_NO_BIND	0x00000800
#define IMAGE_DLLCHARACTERISTICS_APPCONTAINER	0x00001000
#define IMAGE_DLLCHARACTERISTICS_WDM_DRIVER	0x00002000
#define IMAGE_DLLCHARACTERISTICS_GUARD_CF	0x00004000
#define IMAGE_DLLCHARACTERISTICS_TERMINAL_SERVER_AWARE	0x00008000
#define IMAGE_LOADER_FLAGS_COMPLUS		1
#define IMAGE_LOADER_FLAGS_SYSTEM_GLOBAL	0x01000000
#define IMAGE_DIRECTORY_ENTRY_EXPORT		0
#define IMAGE_DIRECTORY_ENTRY_IMPORT		1
#define IMAGE_DIRECTORY_ENTRY_RESOURCE		2
#define IMAGE_DIRECTORY_ENTRY_EXCEPTION		3
#define IMAGE_DIRECTORY_ENTRY_SECURITY		4
#define IMAGE_DIRECTORY_ENTRY_BASERELOC		5
#define IMAGE_DIRECTORY_ENTRY_DEBUG		6
#define IMAGE_DIRECTORY_ENTRY_ARCHITECTURE	7
#define IMAGE_DIRECTORY_ENTRY_GLOBALPTR		8
#define IMAGE_DIRECTORY_ENTRY_TLS		9
#define IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG	0x0000000A
#define IMAGE_DIRECTORY_ENTRY_BOUND_IMPORT	0x0000000B
#define IMAGE_DIRECTORY_ENTRY_IAT		0x0000000C
#define IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT	0x0000000D
#define IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR	0x0000000E
#define IMAGE_ORDINAL_FLAG64			0x8000000000000000ULL
#define IMAGE_ORDINAL_FLAG32			0x80000000
#define IMAGE_ORDINAL_FLAG			0x8000000000000000ULL

#pragma pack(push, 4)
typedef struct _IMAGE_DOS_HEADER {
	USHORT e_magic;
	USHORT e_cblp;
	USHORT e_cp;
	USHORT e_crlc;
	USHORT e_cparhdr;
	USHORT e_minalloc;
	USHORT e_maxalloc;
	USHORT e_ss;
	USHORT e_sp;
	USHORT e_csum;
	USHORT e_ip;
	USHORT e_cs;
	USHORT e_lfarlc;
	USHORT e_ovno;
	USHORT e_res[4];
	USHORT e_oemid;
	USHORT e_oeminfo;
	USHORT e_res2[10];
	LONG e_lfanew;
} IMAGE_DOS_HEADER, *PIMAGE_DOS_HEADER;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_EXPORT_DIRECTORY {
	ULONG Characteristics;
	ULONG TimeDateStamp;
	USHORT MajorVersion;
	USHORT MinorVersion;
	ULONG Name;
	ULONG Base;
	ULONG NumberOfFunctions;
	ULONG NumberOfNames;
	ULONG AddressOfFunctions;
	ULONG AddressOfNames;
	ULONG AddressOfNameOrdinals;
} IMAGE_EXPORT_DIRECTORY, *PIMAGE_EXPORT_DIRECTORY;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_RESOURCE_DATA_ENTRY {
	ULONG OffsetToData;
	ULONG Size;
	ULONG CodePage;
	ULONG Reserved;
} IMAGE_RESOURCE_DATA_ENTRY, *PIMAGE_RESOURCE_DATA_ENTRY;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct {
	ULONG Size;
	ULONG TimeDateStamp;
	USHORT MajorVersion;
	USHORT MinorVersion;
	ULONG GlobalFlagsClear;
	ULONG GlobalFlagsSet;
	ULONG CriticalSectionDefaultTimeout;
	ULONG DeCommitFreeBlockThreshold;
	ULONG DeCommitTotalFreeThreshold;
	ULONG LockPrefixTable;
	ULONG MaximumAllocationSize;
	ULONG VirtualMemoryThreshold;
	ULONG ProcessHeapFlags;
	ULONG ProcessAffinityMask;
	USHORT CSDVersion;
	USHORT Reserved1;
	ULONG EditList;
	ULONG SecurityCookie;
	ULONG SEHandlerTable;
	ULONG SEHandlerCount;
} IMAGE_LOAD_CONFIG_DIRECTORY32, *PIMAGE_LOAD_CONFIG_DIRECTORY32;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct {
	ULONG Size;
	ULONG TimeDateStamp;
	USHORT MajorVersion;
	USHORT MinorVersion;
	ULONG GlobalFlagsClear;
	ULONG GlobalFlagsSet;
	ULONG CriticalSectionDefaultTimeout;
	ULONGLONG DeCommitFreeBlockThreshold;
	ULONGLONG DeCommitTotalFreeThreshold;
	ULONGLONG LockPrefixTable;
	ULONGLONG MaximumAllocationSize;
	ULONGLONG VirtualMemoryThreshold;
	ULONGLONG ProcessAffinityMask;
	ULONG ProcessHeapFlags;
	USHORT CSDVersion;
	USHORT Reserved1;
	ULONGLONG EditList;
	ULONGLONG SecurityCookie;
	ULONGLONG SEHandlerTable;
	ULONGLONG SEHandlerCount;
} IMAGE_LOAD_CONFIG_DIRECTORY64, *PIMAGE_LOAD_CONFIG_DIRECTORY64;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_BASE_RELOCATION {
	ULONG VirtualAddress;
	ULONG SizeOfBlock;
} IMAGE_BASE_RELOCATION, *PIMAGE_BASE_RELOCATION;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_RESOURCE_DIRECTORY {
	ULONG Characteristics;
	ULONG TimeDateStamp;
	USHORT MajorVersion;
	USHORT MinorVersion;
	USHORT NumberOfNamedEntries;
	USHORT NumberOfIdEntries;
} IMAGE_RESOURCE_DIRECTORY, *PIMAGE_RESOURCE_DIRECTORY;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_RESOURCE_DIRECTORY_STRING {
	USHORT Length;
	CHAR NameString[1];
} IMAGE_RESOURCE_DIRECTORY_STRING, *PIMAGE_RESOURCE_DIRECTORY_STRING;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_SECTION_HEADER {
	UCHAR Name[8];
	union {
		ULONG PhysicalAddress;
		ULONG VirtualSize;
	} Misc;
	ULONG VirtualAddress;
	ULONG SizeOfRawData;
	ULONG PointerToRawData;
	ULONG PointerToRelocations;
	ULONG PointerToLinenumbers;
	USHORT NumberOfRelocations;
	USHORT NumberOfLinenumbers;
	ULONG Characteristics;
} IMAGE_SECTION_HEADER, *PIMAGE_SECTION_HEADER;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_FILE_HEADER {
	USHORT Machine;
	USHORT NumberOfSections;
	ULONG TimeDateStamp;
	ULONG PointerToSymbolTable;
	ULONG NumberOfSymbols;
	USHORT SizeOfOptionalHeader;
	USHORT Characteristics;
} IMAGE_FILE_HEADER, *PIMAGE_FILE_HEADER;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_DATA_DIRECTORY {
	ULONG VirtualAddress;
	ULONG Size;
} IMAGE_DATA_DIRECTORY, *PIMAGE_DATA_DIRECTORY;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_OPTIONAL_HEADER {
	USHORT Magic;
	UCHAR MajorLinkerVersion;
	UCHAR MinorLinkerVersion;
	ULONG SizeOfCode;
	ULONG SizeOfInitializedData;
	ULONG SizeOfUninitializedData;
	ULONG AddressOfEntryPoint;
	ULONG BaseOfCode;
	ULONG BaseOfData;
	ULONG ImageBase;
	ULONG SectionAlignment;
	ULONG FileAlignment;
	USHORT MajorOperatingSystemVersion;
	USHORT MinorOperatingSystemVersion;
	USHORT MajorImageVersion;
	USHORT MinorImageVersion;
	USHORT MajorSubsystemVersion;
	USHORT MinorSubsystemVersion;
	ULONG Win32VersionValue;
	ULONG SizeOfImage;
	ULONG SizeOfHeaders;
	ULONG CheckSum;
	USHORT Subsystem;
	USHORT DllCharacteristics;
	ULONG SizeOfStackReserve;
	ULONG SizeOfStackCommit;
	ULONG SizeOfHeapReserve;
	ULONG SizeOfHeapCommit;
	ULONG LoaderFlags;
	ULONG NumberOfRvaAndSizes;
	IMAGE_DATA_DIRECTORY DataDirectory[16];
} IMAGE_OPTIONAL_HEADER32, *PIMAGE_OPTIONAL_HEADER32;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_ROM_OPTIONAL_HEADER {
	USHORT Magic;
	UCHAR MajorLinkerVersion;
	UCHAR MinorLinkerVersion;
	ULONG SizeOfCode;
	ULONG SizeOfInitializedData;
	ULONG SizeOfUninitializedData;
	ULONG AddressOfEntryPoint;
	ULONG BaseOfCode;
	ULONG BaseOfData;
	ULONG BaseOfBss;
	ULONG GprMask;
	ULONG CprMask[4];
	ULONG GpValue;
} IMAGE_ROM_OPTIONAL_HEADER, *PIMAGE_ROM_OPTIONAL_HEADER;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_OPTIONAL_HEADER64 {
	USHORT Magic;
	UCHAR MajorLinkerVersion;
	UCHAR MinorLinkerVersion;
	ULONG SizeOfCode;
	ULONG SizeOfInitializedData;
	ULONG SizeOfUninitializedData;
	ULONG AddressOfEntryPoint;
	ULONG BaseOfCode;
	ULONGLONG ImageBase;
	ULONG SectionAlignment;
	ULONG FileAlignment;
	USHORT MajorOperatingSystemVersion;
	USHORT MinorOperatingSystemVersion;
	USHORT MajorImageVersion;
	USHORT MinorImageVersion;
	USHORT MajorSubsystemVersion;
	USHORT MinorSubsystemVersion;
	ULONG Win32VersionValue;
	ULONG SizeOfImage;
	ULONG SizeOfHeaders;
	ULONG CheckSum;
	USHORT Subsystem;
	USHORT DllCharacteristics;
	ULONGLONG SizeOfStackReserve;
	ULONGLONG SizeOfStackCommit;
	ULONGLONG SizeOfHeapReserve;
	ULONGLONG SizeOfHeapCommit;
	ULONG LoaderFlags;
	ULONG NumberOfRvaAndSizes;
	IMAGE_DATA_DIRECTORY DataDirectory[16];
} IMAGE_OPTIONAL_HEADER64, *PIMAGE_OPTIONAL_HEADER64;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_NT_HEADERS64 {
	ULONG Signature;
	IMAGE_FILE_HEADER FileHeader;
	IMAGE_OPTIONAL_HEADER64 OptionalHeader;
} *PIMAGE_NT_HEADERS64, IMAGE_NT_HEADERS64;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_NT_HEADERS {
	ULONG Signature;
	IMAGE_FILE_HEADER FileHeader;
	IMAGE_OPTIONAL_HEADER32 OptionalHeader;
} *PIMAGE_NT_HEADERS32, IMAGE_NT_HEADERS32;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_IMPORT_BY_NAME {
	USHORT Hint;
	UCHAR Name[1];
} IMAGE_IMPORT_BY_NAME, *PIMAGE_IMPORT_BY_NAME;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_THUNK_DATA64 {
	union {
		ULONGLONG ForwarderString;
		ULONGLONG Function;
		ULONGLONG Ordinal;
		ULONGLONG AddressOfData;
	} u1;
} IMAGE_THUNK_DATA64, *PIMAGE_THUNK_DATA64;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_THUNK_DATA32 {
	union {
		ULONG ForwarderString;
		ULONG Function;
		ULONG Ordinal;
		ULONG AddressOfData;
	} u1;
} IMAGE_THUNK_DATA32, *PIMAGE_THUNK_DATA32;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_TLS_DIRECTORY64 {
	ULONGLONG StartAddressOfRawData;
	ULONGLONG EndAddressOfRawData;
	ULONGLONG AddressOfIndex;
	ULONGLONG AddressOfCallBacks;
	ULONG SizeOfZeroFill;
	ULONG Characteristics;
} IMAGE_TLS_DIRECTORY64, *PIMAGE_TLS_DIRECTORY64;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_TLS_DIRECTORY32 {
	ULONG StartAddressOfRawData;
	ULONG EndAddressOfRawData;
	ULONG AddressOfIndex;
	ULONG AddressOfCallBacks;
	ULONG SizeOfZeroFill;
	ULONG Characteristics;
} IMAGE_TLS_DIRECTORY32, *PIMAGE_TLS_DIRECTORY32;
#pragma pack(pop)

#pragma pack(push, 4)
typedef struct _IMAGE_IMPORT_DESCRIPTOR {
	union {
		ULONG Characteristics;
		ULONG OriginalFirstThunk;
	};
	ULONG TimeDateStamp;
	ULONG ForwarderChain;
	ULONG Name;
	ULONG FirstThunk;
} IMAGE_IMPORT_DESCRIPTOR, *PIMAGE_IMPORT_DESCRIPTOR;
#pragma pack(pop)

#endif /* WQC_NTIMAGE_H */
