/*
 * The wake-up protocol of a queue: posters, runners, the leader's promise and its timer,
 * IoTryQueueWorkItem(), and a rescuer that hands a runner over. Every order of their steps.
 *
 * One queue of a pool for any CPU. A step is what is done in one hold of the queue's lock; the
 * invariant of struct wqc_queue, as wqc_heal_find() checks it, is asserted at its end. Routines
 * are short, or block for ever (as many as BLOCK). When nothing can happen any more no item
 * may wait, unless every runner is blocked.
 *
 * Stands for: wqc_queue_append_locked() wqc_queue_kick_inline() wqc_runner_drain() wqc_lead_on() wqc_lead()
 * wqc_leads_on() wqc_promise() wqc_break_promise() wqc_follow() wqc_watch_promise()
 * wqc_queue_append_if_spare() wqc_queue_has_spare() wqc_runner_leave_rescuer() wqc_runner_set_idle_last()
 *
 * Holds: posters
 * Holds: three-runners -DRUNNERS=3 -DPOSTERS=1 -DITEMS=3
 * Holds: try -DTRY -DPOSTERS=1
 * Holds: rescuer -DRESCUER -DPOSTERS=1
 * Weak: leader-goes-with-its-promise -DKEEPS_PROMISE
 * Weak: try-relies-on-a-promise -DTRY -DPOSTERS=1 -DTRY_PROMISE
 * Weak: try-does-not-end-the-promise -DTRY -DPOSTERS=1 -DTRY_NO_FOLLOW
 * Weak: timer-does-not-kick -DTIMER_NO_KICK
 * Weak: promise-without-timer -DNO_TIMER
 * Weak: no-kick-when-idle -DIDLE_NO_KICK
 * Weak: no-kick-ahead -DNO_KICK_AHEAD
 * Weak: drain-leaves-the-expectation -DDRAIN_NO_CLEAR
 * Weak: hand-over-without-a-kick -DRESCUER -DHAND_OVER_NO_KICK
 * Weak: kick-leaves-the-need -DKICK_NO_CLEAR
 */
#ifndef RUNNERS
#define RUNNERS 2
#endif
#ifndef POSTERS
#define POSTERS 2
#endif
#ifndef ITEMS
#define ITEMS 2
#endif
#ifndef BLOCK
#define BLOCK 1
#endif
#define IDLE 0
#define KICKED 1
#define DRAINING 2
#define NOBODY 255

byte depth, finished, blocked;
byte state[RUNNERS];
byte idle[RUNNERS], nr_idle;		/* a stack */
byte nr_kicked;
bool pending[RUNNERS];			/* the runner's work, on the workqueue */
bool need_kick = true;			/* WQC_NOBODY_COMES */
bool promised, calm, watched;
byte promiser = NOBODY, promised_at;
bool locked;

#define INVARIANT \
	assert(!(need_kick && depth > 0 && nr_idle > 0)); \
	assert(need_kick || nr_kicked > 0 || promised); \
	assert(!promised || (watched && state[promiser] == DRAINING))
#define LOCK atomic { !locked -> locked = true }
#define UNLOCK d_step { INVARIANT; locked = false }

inline kick()
{
	if
	:: nr_idle > 0 ->
		nr_idle--;
		r = idle[nr_idle];
		assert(state[r] == IDLE && !pending[r]);
		state[r] = KICKED;
		nr_kicked++;
		pending[r] = true;
#ifndef KICK_NO_CLEAR
		need_kick = false;
#endif
	:: else
	fi
}
inline kick_if_needed() { if :: need_kick && depth > 0 -> kick() :: else fi }
inline break_promise() { promised = false; need_kick = true }
inline promise(who)
{
	promised = true;
	promiser = who;
	promised_at = finished;
	need_kick = false;
#ifndef NO_TIMER
	watched = true
#endif
}

proctype poster()
{
	byte n, r;

	do
	:: n < ITEMS ->
		LOCK;
		d_step { depth++; if :: need_kick -> kick() :: else fi };
		UNLOCK;
		n++
	:: else -> break
	od
}

#ifdef TRY
/* Accepted: each item that waits has a runner that is kicked, or idle and will be kicked. */
proctype tryer()
{
	byte r, comes;

	LOCK;
	d_step {
#ifdef TRY_PROMISE
		comes = !need_kick;
#else
		comes = !need_kick && !promised;
#endif
		if
		:: nr_idle + comes > depth ->
#ifndef TRY_NO_FOLLOW
			if :: promised -> break_promise() :: else fi;
#endif
			depth++;
			kick_if_needed();
			assert(nr_kicked > 0 && nr_idle + nr_kicked >= depth)
		:: else
		fi
	};
	UNLOCK
}
#endif

#ifdef RESCUER
/* Behind all others. */
inline go_idle_last()
{
	nr_kicked--;
	state[me] = IDLE;
	need_kick = true;
	i = nr_idle;
	do :: i > 0 -> idle[i] = idle[i - 1]; i-- :: else -> break od;
	idle[0] = me;
	nr_idle++;
#ifndef HAND_OVER_NO_KICK
	kick_if_needed()
#endif
}
#endif

proctype runner(byte me)
{
	byte r, i;
	bool leads, posts_here;

end:	do
	:: atomic { pending[me] -> pending[me] = false };
#ifdef RESCUER
		if
		:: true
		:: true ->	/* in the rescuer: another one comes, at once or after a pause */
			LOCK;
			d_step { i = nr_idle > 0; if :: i -> go_idle_last(); i = 1 :: else fi };
			UNLOCK;
			if
			:: i
			:: else -> LOCK; d_step { go_idle_last() }; UNLOCK
			fi;
			goto out
		fi;
#endif
		if :: posts_here = false :: posts_here = true fi;
		LOCK;
		d_step {
			assert(state[me] == KICKED);
			state[me] = DRAINING;
			nr_kicked--;
			if
			:: promised
			:: !promised ->
#ifndef DRAIN_NO_CLEAR
				need_kick = true;
#endif
				if
				:: calm && !posts_here -> calm = false; promise(me)
				:: else
				fi
			fi
		};
more:		do
		:: depth > 0 ->
			d_step {
				depth--;
#ifndef NO_KICK_AHEAD
				kick_if_needed()
#endif
			};
			UNLOCK;
			if
			:: true
			:: atomic { blocked < BLOCK -> blocked++ }; end_blocked: false
			fi;
			LOCK;
			finished++;
			if
			:: true
			:: !posts_here ->	/* wqc_lead() */
				d_step {
					if :: !promised -> promise(me) :: else fi;
					if :: promiser == me -> calm = true :: else fi
				}
			fi;
			if :: true :: break fi	/* its turn is over */
		:: else -> break
		od;
		leads = false;			/* wqc_leads_on() */
		if
		:: !promised -> calm = false
		:: promised && promiser != me
		:: promised && promiser == me ->
			if
			:: depth == 0 ->
				UNLOCK;
				LOCK;
				leads = depth > 0 && promised && promiser == me
			:: true
			fi;
			if
			:: !leads && promised && promiser == me ->
#ifndef KEEPS_PROMISE
				break_promise()
#else
				skip
#endif
			:: else
			fi
		fi;
		if :: leads -> goto more :: else fi;
		d_step {
			state[me] = IDLE;
			idle[nr_idle] = me;
			nr_idle++;
#ifndef IDLE_NO_KICK
			kick_if_needed()
#endif
		};
		UNLOCK;
out:		skip
	od
}

/* Its period ends at any time. */
proctype timer()
{
	byte r;

end:	do
	:: atomic { watched && !locked -> locked = true };
		d_step {
			if
			:: promised && promised_at != finished -> promised_at = finished
			:: else ->
				watched = false;
				if
				:: promised ->
					break_promise();
					calm = false;
#ifndef TIMER_NO_KICK
					kick_if_needed()
#endif
				:: else
				fi
			fi
		};
		UNLOCK
	od
}

init {
	byte i;

	atomic {
		do :: i < RUNNERS -> idle[nr_idle] = i; nr_idle++; i++ :: else -> break od;
		i = 0;
		do :: i < RUNNERS -> run runner(i); i++ :: else -> break od;
		i = 0;
		do :: i < POSTERS -> run poster(); i++ :: else -> break od;
#ifdef TRY
		run tryer();
#endif
		run timer();
		i = 0
	};
	timeout -> assert(depth == 0 || blocked == RUNNERS)
}
