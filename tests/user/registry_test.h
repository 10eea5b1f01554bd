/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of format_test.c for the text form of registry keys: see registry_test.c. */
#ifndef WQC_REGISTRY_TEST_H
#define WQC_REGISTRY_TEST_H

extern unsigned long compared, differ;

void registry_texts_are_parsed(void);
void random_registry_texts_stay_in_their_buffer(void);

#endif /* WQC_REGISTRY_TEST_H */
