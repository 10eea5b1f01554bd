/*
 * The wake-up protocol of a queue: posters, runners, the spinner and its watchdog,
 * IoTryQueueWorkItem(), a rescuer that puts its runner back, and the keeper, which kicks once more if
 * a kicked runner does not come. The model runs every order of their steps.
 *
 * There is one queue, of a pool for any CPU. A step is one hold of the queue's lock. At its end the
 * invariant of core/wakeup.c is asserted, and the conditions of wqc_heal_find(). Routines are short,
 * or block for ever (at most BLOCK of them). Lost wake-up: when no step is left, an item waits
 * although a runner is not blocked.
 *
 * Stands for: wqc_queue_append_locked() wqc_queue_kick_inline() wqc_wake_set() wqc_runner_drain()
 * wqc_wake_drain_begin() wqc_spin_begin_trusted() wqc_spin_consider() wqc_spin_poll()
 * wqc_spin_stop() wqc_spin_watchdog() wqc_runner_end_turn() wqc_queue_append_if_spare()
 * wqc_queue_has_spare() wqc_runner_leave_rescuer() wqc_runner_set_idle_last() wqc_queue_kick_stuck()
 *
 * Holds: posters
 * Holds: three-runners -DRUNNERS=3 -DPOSTERS=1 -DITEMS=3
 * Holds: try -DTRY -DPOSTERS=1
 * Holds: rescuer -DRESCUER -DPOSTERS=1
 * Holds: report -DREPORT -DPOSTERS=1 -DITEMS=3
 * Holds: keeper -DSTUCK -DKEEPER -DPOSTERS=1 -DITEMS=3
 * Holds: keeper-three-runners -DSTUCK -DKEEPER -DRUNNERS=3 -DPOSTERS=1
 * Weak: spinner-goes-idle-as-one -DKEEPS_SPINNING
 * Weak: try-relies-on-a-spinner -DTRY -DPOSTERS=1 -DTRY_SPINNER
 * Weak: try-does-not-stop-the-spinner -DTRY -DPOSTERS=1 -DTRY_NO_STOP
 * Weak: watchdog-does-not-kick -DWATCHDOG_NO_KICK
 * Weak: spinner-without-watchdog -DNO_WATCHDOG
 * Weak: no-kick-when-idle -DIDLE_NO_KICK
 * Weak: no-kick-ahead -DNO_KICK_AHEAD
 * Weak: drain-leaves-the-state -DDRAIN_NO_SET
 * Weak: put-back-without-a-kick -DRESCUER -DPUT_BACK_NO_KICK
 * Weak: kick-leaves-the-state -DKICK_NO_SET
 * Weak: stuck-without-keeper -DSTUCK -DPOSTERS=1
 * Weak: report-without-a-kick -DREPORT -DPOSTERS=1 -DITEMS=3 -DREPORT_NO_KICK
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
#define NONE 255
#define NEEDED 0
#define WAKING 1
#define SPINNING 2

byte depth, finished, blocked;
byte state[RUNNERS];
byte idle[RUNNERS], nr_idle;		/* a stack */
byte nr_kicked;
bool pending[RUNNERS];			/* the runner's work, on the workqueue */
byte wake = NEEDED;
bool trusted, watched;
byte spinner = NONE, progress;
bool locked;
bool kicked;		/* since the keeper's last check */
byte stuck;		/* runners whose work waits for ever behind a blocked one */

#define INVARIANT \
	assert(!(wake == NEEDED && depth > 0 && nr_idle > 0)); \
	assert(wake != WAKING || nr_kicked > 0); \
	assert(wake != SPINNING || (watched && state[spinner] == DRAINING))
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
		kicked = true;
#ifndef KICK_NO_SET
		wake = WAKING
#else
		skip
#endif
	:: else
	fi
}
inline kick_if_needed() { if :: wake == NEEDED && depth > 0 -> kick() :: else fi }
inline spin(who)
{
	wake = SPINNING;
	spinner = who;
	progress = finished;
#ifndef NO_WATCHDOG
	watched = true
#endif
}

proctype poster()
{
	byte n, r;

	do
	:: n < ITEMS ->
		LOCK;
		d_step { depth++; if :: wake == NEEDED -> kick() :: else fi };
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
#ifdef TRY_SPINNER
		comes = wake != NEEDED;
#else
		comes = wake == WAKING;
#endif
		if
		:: nr_idle + comes > depth ->
#ifndef TRY_NO_STOP
			if :: wake == SPINNING -> wake = NEEDED :: else fi;
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
/* Adds the runner behind all idle runners. */
inline go_idle_last()
{
	nr_kicked--;
	state[me] = IDLE;
	wake = NEEDED;
	i = nr_idle;
	do :: i > 0 -> idle[i] = idle[i - 1]; i-- :: else -> break od;
	idle[0] = me;
	nr_idle++;
#ifndef PUT_BACK_NO_KICK
	kick_if_needed()
#endif
}
#endif

proctype runner(byte me)
{
	byte r, i;
	bool more_to_run, posts_here;

end:	do
#ifdef STUCK
	:: atomic { pending[me] && stuck == 0 -> stuck++ }; end_stuck: false
#endif
	:: atomic { pending[me] -> pending[me] = false };
#ifdef RESCUER
		if
		:: true
		:: true ->	/* in the rescuer: another runner is woken, at once or after a pause */
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
			:: wake == SPINNING
			:: wake != SPINNING && trusted && depth > 0 && !posts_here ->
				trusted = false;
				spin(me)
			:: else ->
#ifndef DRAIN_NO_SET
				wake = NEEDED
#else
				skip
#endif
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
			:: !posts_here ->	/* wqc_spin_consider() */
				d_step {
					if :: wake != SPINNING -> spin(me) :: else fi;
					if :: spinner == me -> trusted = true :: else fi
				}
			fi;
			if :: true :: break fi	/* its turn is over */
		:: else -> break
		od;
		more_to_run = false;		/* wqc_spin_poll() */
		if
		:: wake == SPINNING && spinner == me ->
			if
			:: depth == 0 ->
				UNLOCK;
				LOCK;
				more_to_run = depth > 0 && wake == SPINNING && spinner == me
			:: true
			fi;
			if
			:: !more_to_run && wake == SPINNING && spinner == me ->
#ifndef KEEPS_SPINNING
				wake = NEEDED
#else
				skip
#endif
			:: else
			fi
		:: else
		fi;
		if :: more_to_run -> goto more :: else fi;
#ifdef REPORT
		/* wqc_runner_end_turn(): a report, without the lock */
		if
		:: true
		:: true ->
#ifndef REPORT_NO_KICK
			d_step { kick_if_needed() };
#endif
			UNLOCK;
			LOCK
		fi;
#endif
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

#ifdef KEEPER
/* It checks at any time. A check that would change nothing is left out. */
proctype keeper()
{
	byte r;

end:	do
	:: atomic { !locked && (kicked || (depth > 0 && wake == WAKING && nr_idle > 0)) -> locked = true };
		d_step {
			if
			:: kicked -> kicked = false
			:: else -> if :: depth > 0 && wake == WAKING -> kick() :: else fi; kicked = false
			fi
		};
		UNLOCK
	od
}
#endif

/* The period may end at any time. */
proctype watchdog()
{
	byte r;

end:	do
	:: atomic { watched && !locked -> locked = true };
		d_step {
			if
			:: wake == SPINNING && progress != finished -> progress = finished
			:: else ->
				watched = false;
				if
				:: wake == SPINNING ->
					wake = NEEDED;
					trusted = false;
#ifndef WATCHDOG_NO_KICK
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
		run watchdog();
#ifdef KEEPER
		run keeper();
#endif
		i = 0
	};
	timeout -> assert(depth == 0 || blocked + stuck == RUNNERS)
}
