// SPDX-License-Identifier: GPL-2.0
//
// verdict.h
//
//     The verdict of a test driver. The driver checks laws, and prints the name
//     of each law that is broken. It prints the verdict once, at the end of
//     DriverUnload:
//
//       NAME: PASS laws=N           or          NAME: FAIL laws=N broken=M
//
//     The script that loads the driver checks the line and its number of laws,
//     so a law that was not checked fails like one that is broken. "NAME: over"
//     says that the workload has ended.
//
#ifndef _VERDICT_H_
#define _VERDICT_H_

typedef struct _VERDICT {
    PCSTR Name;
    LONG Laws;
    LONG Broken;
} VERDICT, *PVERDICT;

static __inline VOID
VerdictLaw(
    _Inout_ PVERDICT Verdict,
    _In_ PCSTR Law,
    _In_ LONG Is,
    _In_ LONG Shall
    )
{
    Verdict->Laws++;
    if (Is != Shall) {
        Verdict->Broken++;
        DbgPrint("%s: broken: %s: %ld, and shall be %ld\n", Verdict->Name, Law, Is, Shall);
    }
}

// A law about the value of a number, and a law about a condition.
#define LAW_IS(_v, _law, _is, _shall)   VerdictLaw((_v), (_law), (LONG)(_is), (LONG)(_shall))
#define LAW(_v, _law, _holds)           VerdictLaw((_v), (_law), (_holds) ? 1 : 0, 1)

static __inline VOID
VerdictOver(
    _In_ PVERDICT Verdict
    )
{
    DbgPrint("%s: over\n", Verdict->Name);
}

static __inline VOID
VerdictSay(
    _In_ PVERDICT Verdict
    )
{
    if (Verdict->Broken == 0 && Verdict->Laws != 0) {
        DbgPrint("%s: PASS laws=%ld\n", Verdict->Name, Verdict->Laws);
    } else {
        DbgPrint("%s: FAIL laws=%ld broken=%ld\n", Verdict->Name, Verdict->Laws, Verdict->Broken);
    }
}

#endif // _VERDICT_H_
