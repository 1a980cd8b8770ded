# shellcheck shell=bash
# Step lines with times, for the scripts of deploy/ and .ci/. Sourced, never run.

step_started=$SECONDS
step_text=

# step TEXT: ends the step before, with its time, and begins a new one.
step() {
    step_done
    step_text=$1
    step_started=$SECONDS
    printf '==> %s\n' "$1"
}

# step_done: ends the current step.
step_done() {
    [ -z "$step_text" ] || printf '    done in %d s: %s\n' $((SECONDS - step_started)) "$step_text"
    step_text=
}

# note TEXT: a line about what happens inside a step.
note() { printf '    %s\n' "$1"; }

# fail TEXT…: says what went wrong and what to do, and ends the script.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}
