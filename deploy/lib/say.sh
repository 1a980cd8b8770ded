# shellcheck shell=bash
# Step lines with times, for the scripts of deploy/ and .ci/. Sourced, never run.

step_text=
step_began=
# How long the step before took, in microseconds.
step_took=0

# microseconds: the time of day. EPOCHREALTIME has the decimal sign of the reader's language.
microseconds() { echo "${EPOCHREALTIME//[!0-9]/}"; }

# seconds MICROSECONDS: as a person writes it, to a tenth.
seconds() { printf '%d.%d s' $(($1 / 1000000)) $(($1 / 100000 % 10)); }

# step TEXT: ends the step before, with its time, and begins a new one.
step() {
    step_done
    step_text=$1
    step_began=$(microseconds)
    printf '==> %s\n' "$1"
}

# step_done: ends the current step.
step_done() {
    [ -n "$step_text" ] || return 0
    step_took=$(($(microseconds) - step_began))
    printf '    done in %s: %s\n' "$(seconds "$step_took")" "$step_text"
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
