# shellcheck shell=dash
# What scripts/pictures.sh draws: a recording of wqc-trace, and the screen of wqc-top.

load_drivers() { load wq-compat && load wqc_witness && load wqc_minirdr; }

# Exchanges that post themselves, and items of all three classes of Ex*.
recording() {
	wqc-trace -o /tmp/trace.json sh -c '. /wqc/lib.sh
		load wqc_client_b class=-1 count=2 sleep_ms=1 requeue=9; usleep 300000' || return 1
	hand_out recording.trace.json /tmp/trace.json
}

# Threads that queue as fast as they run, and routines that sleep long. /dev/vcs1 has the characters
# that a terminal shows.
screen() {
	load wqc_client class=-1 api=ioex count=3 sleep_ms=1500 requeue=1000 && load wqc_storm || return 1
	sleep 1
	TERM=linux wqc-top -n 2 </dev/tty1 >/dev/tty1 && fold -w 80 /dev/vcs1 | sed 's/ *$//' >/tmp/screen &&
		hand_out screen.txt /tmp/screen || return 1
	grep "storm_routine \[wqc_storm\]" /tmp/screen && grep "client_io_ex \[wqc_client\]" /tmp/screen
}

t drivers_load load_drivers
t trace_is_recorded recording
t screen_is_taken screen
