/*
 * The kick of a HyperCritical thread: the thread's flag, its state and its end. The model runs every
 * order of the steps of the thread, of a poster, which kicks it under the queue's lock, and of the
 * keeper, which stops a thread that is idle. Each write is visible at once here; the barriers are
 * proved by tests/litmus/kick-rt.litmus.
 *
 * Stands for: wqc_rt_kick() wqc_rt_thread() wqc_rt_dismiss() wqc_runner_set_idle() wqc_queue_kick_inline()
 *
 * Holds: kicks
 * Holds: dismissed -DSTOP
 * Weak: kick-before-its-flag -DFLAG_LAST
 * Weak: state-after-the-look -DSTATE_LAST
 * Weak: flag-cleared-after-the-drain -DCLEAR_LATE
 * Weak: stop-after-the-wake-up -DSTOP -DSTOP_LAST
 */
#ifndef ITEMS
#define ITEMS 3
#endif
#define RUNNING 0
#define ASLEEP 1

byte depth, posted;
bool idle = true;		/* on the queue's list */
bool need_kick = true;
bool kicked, stop, gone;
bit state = RUNNING;
bool locked;

#define LOCK atomic { !locked -> locked = true }
#define UNLOCK locked = false

inline kick()
{
#ifndef FLAG_LAST
	kicked = true;
#endif
	state = RUNNING;
#ifdef FLAG_LAST
	kicked = true
#endif
}

inline kick_if_needed()
{
	if
	:: need_kick && idle && depth > 0 ->
		assert(!gone);
		d_step { idle = false; need_kick = false };
		kick()
	:: else
	fi
}

proctype poster()
{
	do
	:: posted < ITEMS ->
		LOCK;
		d_step { posted++; depth++ };
		kick_if_needed();
		UNLOCK
	:: else -> break
	od
}

#ifdef STOP
/* The keeper takes a runner from the idle list and stops its thread. */
proctype keeper()
{
	LOCK;
	if
	:: idle ->
		idle = false;
		UNLOCK;
#ifndef STOP_LAST
		stop = true;
#endif
		state = RUNNING;
#ifdef STOP_LAST
		stop = true;
#endif
		gone		/* kthread_stop() waits */
	:: else -> UNLOCK
	fi
}
#endif

proctype thread()
{
end:	do
	::
#ifdef STATE_LAST
		if
		:: !kicked && !stop -> state = ASLEEP
		:: else
		fi;
#else
		state = ASLEEP;
#endif
		if
#ifdef STATE_LAST
		:: state == ASLEEP ->
#else
		:: !kicked ->
#endif
			if :: stop && !kicked -> break :: else fi;
end_sleep:		state == RUNNING
		:: else
		fi;
		state = RUNNING;
		if
		:: !kicked -> goto again
		:: else
		fi;
#ifndef CLEAR_LATE
		kicked = false;
#endif
		LOCK;
		need_kick = true;
		do
		:: depth > 0 -> depth--; UNLOCK; LOCK
		:: else -> break
		od;
		assert(!idle);
		idle = true;
		kick_if_needed();
		UNLOCK;
#ifdef CLEAR_LATE
		kicked = false;
#endif
again:		skip
	od;
	gone = true
}

init {
	atomic {
		run thread();
		run poster();
#ifdef STOP
		run keeper();
#endif
	};
	timeout ->
	/* No step is left. A thread that sleeps was not kicked, and no item waits for it. */
	assert(gone || !kicked);
	assert(gone || depth == 0);
#ifdef STOP
	assert(gone || !stop)
#endif
}
