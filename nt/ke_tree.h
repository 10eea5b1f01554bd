/* SPDX-License-Identifier: GPL-2.0 */
/* Search of an rbtree that is ordered by addresses: of timers, of their DPCs, of DPCs. */
#ifndef NTC_KE_TREE_H
#define NTC_KE_TREE_H

#include <linux/rbtree.h>

/* The first node whose address is @address or higher, in O(log n); NULL: there is none. */
static __always_inline struct rb_node *
ntc_tree_find_from(const struct rb_root *root, uintptr_t address,
		   uintptr_t (*address_of)(const struct rb_node *node))
{
	struct rb_node *node = root->rb_node, *first = NULL;

	while (node) {
		if (address_of(node) >= address) {
			first = node;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return first;
}

#endif /* NTC_KE_TREE_H */
