/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of Linux that Windows drivers use with other meanings: see ntdef.h. Included last, after
 * all headers of Linux. A driver's own panic() or spin_lock gets a prefix, so that it collides with
 * none of Linux. So no macro that a driver uses may expand to one of these names:
 * tests/drivers/msvc.c.
 */
#ifndef WQC_LINUX_NAMES

/* Functions that are inline, but not static: see predefined.h. */
#undef inline
#define inline inline WQC_COMDAT
#undef __inline
#define __inline inline
#define _inline inline

/* Linux: the current task. Windows drivers: a variable, such as the position of a loop. */
#undef current

/* Linux: directions. Windows drivers: their own types and values. */
#undef READ
#undef WRITE

/* Those of Linux refuse operands of different types. */
#undef min
#undef max
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))

/* Linux rounds up. */
#undef PAGE_ALIGN
#define PAGE_ALIGN(address)	((PVOID)((ULONG_PTR)(address) & ~((ULONG_PTR)PAGE_SIZE - 1)))

/* Fortified kernels have macros, whose expansions need names that are not Linux' from here on. */
#undef memcpy
#undef memmove
#undef memset

#undef add_timer
#define add_timer wqc_driver_add_timer
#undef alloc_pages
#define alloc_pages wqc_driver_alloc_pages
#undef atomic_add
#define atomic_add wqc_driver_atomic_add
#undef atomic_dec
#define atomic_dec wqc_driver_atomic_dec
#undef atomic_inc
#define atomic_inc wqc_driver_atomic_inc
#undef atomic_read
#define atomic_read wqc_driver_atomic_read
#undef atomic_set
#define atomic_set wqc_driver_atomic_set
#undef atomic_sub
#define atomic_sub wqc_driver_atomic_sub
#undef atomic_t
#define atomic_t wqc_driver_atomic_t
#undef barrier
#define barrier wqc_driver_barrier
#undef be16_to_cpu
#define be16_to_cpu wqc_driver_be16_to_cpu
#undef be32_to_cpu
#define be32_to_cpu wqc_driver_be32_to_cpu
#undef be64_to_cpu
#define be64_to_cpu wqc_driver_be64_to_cpu
#undef bit_spin_lock
#define bit_spin_lock wqc_driver_bit_spin_lock
#undef bitmap_alloc
#define bitmap_alloc wqc_driver_bitmap_alloc
#undef bitmap_clear
#define bitmap_clear wqc_driver_bitmap_clear
#undef bitmap_free
#define bitmap_free wqc_driver_bitmap_free
#undef bitmap_set
#define bitmap_set wqc_driver_bitmap_set
#undef bitmap_zero
#define bitmap_zero wqc_driver_bitmap_zero
#undef caddr_t
#define caddr_t wqc_driver_caddr_t
#undef change_bit
#define change_bit wqc_driver_change_bit
#undef clamp
#define clamp wqc_driver_clamp
#undef clear_bit
#define clear_bit wqc_driver_clear_bit
#undef clock_t
#define clock_t wqc_driver_clock_t
#undef complete
#define complete wqc_driver_complete
#undef cond_resched
#define cond_resched wqc_driver_cond_resched
#undef container_of
#define container_of wqc_driver_container_of
#undef copy_from_user
#define copy_from_user wqc_driver_copy_from_user
#undef copy_to_user
#define copy_to_user wqc_driver_copy_to_user
#undef cpu_relax
#define cpu_relax wqc_driver_cpu_relax
#undef cpu_to_be16
#define cpu_to_be16 wqc_driver_cpu_to_be16
#undef cpu_to_be32
#define cpu_to_be32 wqc_driver_cpu_to_be32
#undef cpu_to_be64
#define cpu_to_be64 wqc_driver_cpu_to_be64
#undef cpu_to_le16
#define cpu_to_le16 wqc_driver_cpu_to_le16
#undef cpu_to_le32
#define cpu_to_le32 wqc_driver_cpu_to_le32
#undef cpu_to_le64
#define cpu_to_le64 wqc_driver_cpu_to_le64
#undef crc32
#define crc32 wqc_driver_crc32
#undef current_time
#define current_time wqc_driver_current_time
#undef daddr_t
#define daddr_t wqc_driver_daddr_t
#undef del_timer
#define del_timer wqc_driver_del_timer
#undef dev_t
#define dev_t wqc_driver_dev_t
#undef device_add
#define device_add wqc_driver_device_add
#undef div64_u64
#define div64_u64 wqc_driver_div64_u64
#undef div_u64
#define div_u64 wqc_driver_div_u64
#undef do_div
#define do_div wqc_driver_do_div
#undef down
#define down wqc_driver_down
#undef down_read
#define down_read wqc_driver_down_read
#undef down_write
#define down_write wqc_driver_down_write
#undef dump_stack
#define dump_stack wqc_driver_dump_stack
#undef fatal_signal_pending
#define fatal_signal_pending wqc_driver_fatal_signal_pending
#undef ffs
#define ffs wqc_driver_ffs
#undef ffz
#define ffz wqc_driver_ffz
#undef find_first_bit
#define find_first_bit wqc_driver_find_first_bit
#undef find_next_bit
#define find_next_bit wqc_driver_find_next_bit
#undef fls
#define fls wqc_driver_fls
#undef fls64
#define fls64 wqc_driver_fls64
#undef flush_work
#define flush_work wqc_driver_flush_work
#undef free_page
#define free_page wqc_driver_free_page
#undef free_pages
#define free_pages wqc_driver_free_pages
#undef get_cpu
#define get_cpu wqc_driver_get_cpu
#undef get_random_bytes
#define get_random_bytes wqc_driver_get_random_bytes
#undef get_user
#define get_user wqc_driver_get_user
#undef getnstimeofday
#define getnstimeofday wqc_driver_getnstimeofday
#undef gid_t
#define gid_t wqc_driver_gid_t
#undef hash_32
#define hash_32 wqc_driver_hash_32
#undef hash_64
#define hash_64 wqc_driver_hash_64
#undef hex_to_bin
#define hex_to_bin wqc_driver_hex_to_bin
#undef hlist_add_head
#define hlist_add_head wqc_driver_hlist_add_head
#undef hlist_del
#define hlist_del wqc_driver_hlist_del
#undef hweight32
#define hweight32 wqc_driver_hweight32
#undef hweight64
#define hweight64 wqc_driver_hweight64
#undef ilog2
#define ilog2 wqc_driver_ilog2
#undef inb
#define inb wqc_driver_inb
#undef init_completion
#define init_completion wqc_driver_init_completion
#undef init_rwsem
#define init_rwsem wqc_driver_init_rwsem
#undef init_waitqueue_head
#define init_waitqueue_head wqc_driver_init_waitqueue_head
#undef inl
#define inl wqc_driver_inl
#undef ino_t
#define ino_t wqc_driver_ino_t
#undef inw
#define inw wqc_driver_inw
#undef ioread32
#define ioread32 wqc_driver_ioread32
#undef iowrite32
#define iowrite32 wqc_driver_iowrite32
#undef is_power_of_2
#define is_power_of_2 wqc_driver_is_power_of_2
#undef jiffies
#define jiffies wqc_driver_jiffies
#undef kasprintf
#define kasprintf wqc_driver_kasprintf
#undef kcalloc
#define kcalloc wqc_driver_kcalloc
#undef key_t
#define key_t wqc_driver_key_t
#undef kfree
#define kfree wqc_driver_kfree
#undef kill_pid
#define kill_pid wqc_driver_kill_pid
#undef kmalloc
#define kmalloc wqc_driver_kmalloc
#undef krealloc
#define krealloc wqc_driver_krealloc
#undef kref_get
#define kref_get wqc_driver_kref_get
#undef kref_put
#define kref_put wqc_driver_kref_put
#undef kstrdup
#define kstrdup wqc_driver_kstrdup
#undef kthread_run
#define kthread_run wqc_driver_kthread_run
#undef kthread_stop
#define kthread_stop wqc_driver_kthread_stop
#undef ktime_get
#define ktime_get wqc_driver_ktime_get
#undef kvfree
#define kvfree wqc_driver_kvfree
#undef kzalloc
#define kzalloc wqc_driver_kzalloc
#undef le16_to_cpu
#define le16_to_cpu wqc_driver_le16_to_cpu
#undef le32_to_cpu
#define le32_to_cpu wqc_driver_le32_to_cpu
#undef le64_to_cpu
#define le64_to_cpu wqc_driver_le64_to_cpu
#undef likely
#define likely wqc_driver_likely
#undef list_add
#define list_add wqc_driver_list_add
#undef list_add_tail
#define list_add_tail wqc_driver_list_add_tail
#undef list_del
#define list_del wqc_driver_list_del
#undef list_del_init
#define list_del_init wqc_driver_list_del_init
#undef list_empty
#define list_empty wqc_driver_list_empty
#undef list_entry
#define list_entry wqc_driver_list_entry
#undef list_first_entry
#define list_first_entry wqc_driver_list_first_entry
#undef list_for_each
#define list_for_each wqc_driver_list_for_each
#undef list_for_each_entry
#define list_for_each_entry wqc_driver_list_for_each_entry
#undef list_head
#define list_head wqc_driver_list_head
#undef list_is_empty
#define list_is_empty wqc_driver_list_is_empty
#undef list_move
#define list_move wqc_driver_list_move
#undef list_splice
#define list_splice wqc_driver_list_splice
#undef local_irq_disable
#define local_irq_disable wqc_driver_local_irq_disable
#undef local_irq_enable
#define local_irq_enable wqc_driver_local_irq_enable
#undef lock_kernel
#define lock_kernel wqc_driver_lock_kernel
#undef loff_t
#define loff_t wqc_driver_loff_t
#undef lower_32_bits
#define lower_32_bits wqc_driver_lower_32_bits
#undef mb
#define mb wqc_driver_mb
#undef mdelay
#define mdelay wqc_driver_mdelay
#undef memdup
#define memdup wqc_driver_memdup
#undef memory_read_from_buffer
#define memory_read_from_buffer wqc_driver_memory_read_from_buffer
#undef mod_timer
#define mod_timer wqc_driver_mod_timer
#undef mode_t
#define mode_t wqc_driver_mode_t
#undef msleep
#define msleep wqc_driver_msleep
#undef mutex_destroy
#define mutex_destroy wqc_driver_mutex_destroy
#undef mutex_init
#define mutex_init wqc_driver_mutex_init
#undef mutex_is_locked
#define mutex_is_locked wqc_driver_mutex_is_locked
#undef mutex_lock
#define mutex_lock wqc_driver_mutex_lock
#undef mutex_trylock
#define mutex_trylock wqc_driver_mutex_trylock
#undef mutex_unlock
#define mutex_unlock wqc_driver_mutex_unlock
#undef ndelay
#define ndelay wqc_driver_ndelay
#undef notifier_call_chain
#define notifier_call_chain wqc_driver_notifier_call_chain
#undef off_t
#define off_t wqc_driver_off_t
#undef outb
#define outb wqc_driver_outb
#undef outl
#define outl wqc_driver_outl
#undef outw
#define outw wqc_driver_outw
#undef panic
#define panic wqc_driver_panic
#undef pid_t
#define pid_t wqc_driver_pid_t
#undef pr_debug
#define pr_debug wqc_driver_pr_debug
#undef pr_err
#define pr_err wqc_driver_pr_err
#undef pr_info
#define pr_info wqc_driver_pr_info
#undef pr_warn
#define pr_warn wqc_driver_pr_warn
#undef prandom_u32
#define prandom_u32 wqc_driver_prandom_u32
#undef preempt_disable
#define preempt_disable wqc_driver_preempt_disable
#undef preempt_enable
#define preempt_enable wqc_driver_preempt_enable
#undef printk
#define printk wqc_driver_printk
#undef put_cpu
#define put_cpu wqc_driver_put_cpu
#undef put_user
#define put_user wqc_driver_put_user
#undef queue_work
#define queue_work wqc_driver_queue_work
#undef raw_spin_lock
#define raw_spin_lock wqc_driver_raw_spin_lock
#undef raw_spin_unlock
#define raw_spin_unlock wqc_driver_raw_spin_unlock
#undef rb_erase
#define rb_erase wqc_driver_rb_erase
#undef rb_first
#define rb_first wqc_driver_rb_first
#undef rb_insert_color
#define rb_insert_color wqc_driver_rb_insert_color
#undef rb_last
#define rb_last wqc_driver_rb_last
#undef rb_next
#define rb_next wqc_driver_rb_next
#undef rb_node
#define rb_node wqc_driver_rb_node
#undef rb_prev
#define rb_prev wqc_driver_rb_prev
#undef rb_root
#define rb_root wqc_driver_rb_root
#undef rcu_head
#define rcu_head wqc_driver_rcu_head
#undef read_lock
#define read_lock wqc_driver_read_lock
#undef read_unlock
#define read_unlock wqc_driver_read_unlock
#undef refcount_dec
#define refcount_dec wqc_driver_refcount_dec
#undef refcount_inc
#define refcount_inc wqc_driver_refcount_inc
#undef release_resource
#define release_resource wqc_driver_release_resource
#undef request_region
#define request_region wqc_driver_request_region
#undef rmb
#define rmb wqc_driver_rmb
#undef rol32
#define rol32 wqc_driver_rol32
#undef rol64
#define rol64 wqc_driver_rol64
#undef ror32
#define ror32 wqc_driver_ror32
#undef ror64
#define ror64 wqc_driver_ror64
#undef round_down
#define round_down wqc_driver_round_down
#undef round_up
#define round_up wqc_driver_round_up
#undef rounddown
#define rounddown wqc_driver_rounddown
#undef roundup
#define roundup wqc_driver_roundup
#undef rwlock_t
#define rwlock_t wqc_driver_rwlock_t
#undef s16
#define s16 wqc_driver_s16
#undef s32
#define s32 wqc_driver_s32
#undef s64
#define s64 wqc_driver_s64
#undef s8
#define s8 wqc_driver_s8
#undef schedule
#define schedule wqc_driver_schedule
#undef schedule_work
#define schedule_work wqc_driver_schedule_work
#undef scnprintf
#define scnprintf wqc_driver_scnprintf
#undef sector_t
#define sector_t wqc_driver_sector_t
#undef seqlock_t
#define seqlock_t wqc_driver_seqlock_t
#undef set_bit
#define set_bit wqc_driver_set_bit
#undef set_current_state
#define set_current_state wqc_driver_set_current_state
#undef signal_pending
#define signal_pending wqc_driver_signal_pending
#undef simple_strtol
#define simple_strtol wqc_driver_simple_strtol
#undef simple_strtoul
#define simple_strtoul wqc_driver_simple_strtoul
#undef smp_mb
#define smp_mb wqc_driver_smp_mb
#undef smp_rmb
#define smp_rmb wqc_driver_smp_rmb
#undef smp_wmb
#define smp_wmb wqc_driver_smp_wmb
#undef sort
#define sort wqc_driver_sort
#undef spin_is_locked
#define spin_is_locked wqc_driver_spin_is_locked
#undef spin_lock
#define spin_lock wqc_driver_spin_lock
#undef spin_lock_init
#define spin_lock_init wqc_driver_spin_lock_init
#undef spin_lock_irqsave
#define spin_lock_irqsave wqc_driver_spin_lock_irqsave
#undef spin_trylock
#define spin_trylock wqc_driver_spin_trylock
#undef spin_unlock
#define spin_unlock wqc_driver_spin_unlock
#undef spin_unlock_irqrestore
#define spin_unlock_irqrestore wqc_driver_spin_unlock_irqrestore
#undef spinlock_t
#define spinlock_t wqc_driver_spinlock_t
#undef strcasecmp
#define strcasecmp wqc_driver_strcasecmp
#undef strlcpy
#define strlcpy wqc_driver_strlcpy
#undef strncasecmp
#define strncasecmp wqc_driver_strncasecmp
#undef strscpy
#define strscpy wqc_driver_strscpy
#undef swab16
#define swab16 wqc_driver_swab16
#undef swab32
#define swab32 wqc_driver_swab32
#undef swab64
#define swab64 wqc_driver_swab64
#undef swap
#define swap wqc_driver_swap
#undef test_and_clear_bit
#define test_and_clear_bit wqc_driver_test_and_clear_bit
#undef test_and_set_bit
#define test_and_set_bit wqc_driver_test_and_set_bit
#undef test_bit
#define test_bit wqc_driver_test_bit
#undef time_after
#define time_after wqc_driver_time_after
#undef time_before
#define time_before wqc_driver_time_before
#undef time_t
#define time_t wqc_driver_time_t
#undef timer_setup
#define timer_setup wqc_driver_timer_setup
#undef timer_t
#define timer_t wqc_driver_timer_t
#undef u16
#define u16 wqc_driver_u16
#undef u32
#define u32 wqc_driver_u32
#undef u64
#define u64 wqc_driver_u64
#undef u8
#define u8 wqc_driver_u8
#undef u_char
#define u_char wqc_driver_u_char
#undef u_int
#define u_int wqc_driver_u_int
#undef u_long
#define u_long wqc_driver_u_long
#undef u_short
#define u_short wqc_driver_u_short
#undef udelay
#define udelay wqc_driver_udelay
#undef uid_t
#define uid_t wqc_driver_uid_t
#undef uint
#define uint wqc_driver_uint
#undef ulong
#define ulong wqc_driver_ulong
#undef unchar
#define unchar wqc_driver_unchar
#undef unlikely
#define unlikely wqc_driver_unlikely
#undef up
#define up wqc_driver_up
#undef up_read
#define up_read wqc_driver_up_read
#undef up_write
#define up_write wqc_driver_up_write
#undef upper_32_bits
#define upper_32_bits wqc_driver_upper_32_bits
#undef ushort
#define ushort wqc_driver_ushort
#undef vfree
#define vfree wqc_driver_vfree
#undef vmalloc
#define vmalloc wqc_driver_vmalloc
#undef vprintk
#define vprintk wqc_driver_vprintk
#undef vscnprintf
#define vscnprintf wqc_driver_vscnprintf
#undef wait_event
#define wait_event wqc_driver_wait_event
#undef wait_for_completion
#define wait_for_completion wqc_driver_wait_for_completion
#undef wait_queue_head
#define wait_queue_head wqc_driver_wait_queue_head
#undef wake_up
#define wake_up wqc_driver_wake_up
#undef wake_up_process
#define wake_up_process wqc_driver_wake_up_process
#undef wmb
#define wmb wqc_driver_wmb
#undef write_lock
#define write_lock wqc_driver_write_lock
#undef write_unlock
#define write_unlock wqc_driver_write_unlock
#undef yield
#define yield wqc_driver_yield

#endif
