# shellcheck shell=bash
# What every script needs before it can build or test: a Swift toolchain, Debian packages, a container engine.
# Sourced, never run; needs say.sh and the variable `repository`. Only what is missing is installed.
# shellcheck disable=SC2154

swift_minimum_major=6
swift_minimum_minor=2

# as_root COMMAND…: runs it as root, through sudo when the user is not.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "this needs root, and there is no sudo: $*" "Run the line as root, then run this script again."
    fi
}

# require_swift: ends with an explanation unless a toolchain of the needed version answers.
require_swift() {
    command -v swift >/dev/null || fail "there is no Swift toolchain on PATH." \
        "Install Swift $swift_minimum_major.$swift_minimum_minor or later from https://www.swift.org/install/linux/ and open a new shell."
    local said version major minor
    said=$(swift --version 2>&1) || fail "the Swift toolchain does not start:" "$said" \
        "https://www.swift.org/install/linux/ lists the packages that it needs."
    version=$(sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' <<<"$said" | head -n 1)
    major=${version%%.*}
    minor=${version#*.}
    minor=${minor%%.*}
    if [ -z "$version" ] || [ "$major" -lt "$swift_minimum_major" ] ||
        { [ "$major" -eq "$swift_minimum_major" ] && [ "${minor:-0}" -lt "$swift_minimum_minor" ]; }; then
        fail "Swift $swift_minimum_major.$swift_minimum_minor or later is needed, and this is ${version:-of an unknown version}." \
            "https://www.swift.org/install/linux/ has the newer ones."
    fi
    note "Swift $version ($(command -v swift))"
}

# missing_packages: prints the Debian packages for what is not there. What is there counts, whoever put it there:
# libcurl's headers may come from another package, the engine from Docker's own repository.
missing_packages() {
    local entry
    for entry in git:git curl:curl openssl:openssl gcc:gcc g++:g++ ld:binutils redis-server:redis-server "$@"; do
        is_installed "${entry%%:*}" || echo "${entry#*:}"
    done
    for entry in curl/curl.h:libcurl4-openssl-dev hiredis/hiredis.h:libhiredis-dev zlib.h:zlib1g-dev stdlib.h:libc6-dev; do
        compgen -G "/usr/include/${entry%%:*}" >/dev/null || compgen -G "/usr/include/*-linux-gnu/${entry%%:*}" >/dev/null ||
            echo "${entry#*:}"
    done
    [ -d /etc/ssl/certs ] || echo ca-certificates
    [ -d /usr/share/zoneinfo ] || echo tzdata
    if ! engine_answers && ! is_installed dockerd; then echo docker.io; fi
}

# How long apt-get took, in microseconds.
apt_took=0

# install_packages PACKAGE…: installs them with one apt-get update. Nothing to do without arguments.
install_packages() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "these packages are missing, and there is no apt-get here: $*" \
        "The scripts know Debian and Ubuntu. Elsewhere install what corresponds to them, then run this again."
    note "installing: $*"
    local began
    began=$(microseconds)
    as_root apt-get update -qq || fail "apt-get update failed; its own message stands above."
    # Debian 13 moved the docker command to a package of its own.
    local packages=("$@")
    if [[ " $* " == *" docker.io "* ]] && apt-cache show docker-cli >/dev/null 2>&1; then packages+=(docker-cli); fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" ||
        fail "apt-get could not install: ${packages[*]}"
    apt_took=$((apt_took + $(microseconds) - began))
    note "apt-get took $(seconds "$apt_took")"
    if [[ " $* " == *" redis-server "* ]]; then
        note "Debian's own redis-server service is left as its package sets it up; Glo starts a Redis of its own."
    fi
}

# require_packages [COMMAND:PACKAGE…]: installs what is missing of the usual ones and of these.
require_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        note "every package that is needed is there"
    else
        install_packages "${missing[@]}"
    fi
}

# engine_socket: prints the path of the engine's Unix socket.
engine_socket() {
    case ${DOCKER_HOST:-} in
        unix://*) echo "${DOCKER_HOST#unix://}" ;;
        *) echo /var/run/docker.sock ;;
    esac
}

# engine_answers: whether this user can talk to the engine.
engine_answers() {
    command -v curl >/dev/null || return 1
    [ "$(curl --silent --max-time 5 --unix-socket "$(engine_socket)" http://engine/_ping 2>/dev/null)" = OK ]
}

# engine_answers_root: the same for root, to tell a missing permission from a missing engine.
engine_answers_root() {
    [ "$(as_root curl --silent --max-time 5 --unix-socket "$(engine_socket)" http://engine/_ping 2>/dev/null)" = OK ]
}

# is_installed PROGRAM: whether there is one, be it where only root looks for it.
is_installed() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]; }

# require_engine: starts the Docker engine when none answers: with systemd where that is PID 1, else the daemon itself.
require_engine() {
    if engine_answers; then
        note "the container engine answers at $(engine_socket)"
        return
    fi
    [ -z "${DOCKER_HOST:-}" ] || fail "nothing answers at DOCKER_HOST=$DOCKER_HOST." \
        "Start that engine, or unset DOCKER_HOST to use the local one."
    if ! engine_answers_root; then
        if [ -d /run/systemd/system ]; then
            note "starting the engine: systemctl start docker"
            as_root systemctl start docker || fail "systemd could not start docker." "Read: journalctl -u docker -n 50"
        else
            start_engine_daemon
        fi
        wait_for_engine
    fi
    engine_answers || fail "the engine runs, but $(id -un) may not use it ($(engine_socket))." \
        "Add yourself to its group:  sudo usermod -aG docker $(id -un)" \
        "Then log in again (or: newgrp docker) and run this script again. Members of that group are as mighty as root."
    note "the container engine answers at $(engine_socket)"
}

# start_engine_daemon: runs dockerd in the background, for machines without systemd. It stays up when the script ends.
start_engine_daemon() {
    local directory=$repository/.build/engine
    mkdir -p "$directory"
    engine_log=$directory/dockerd.log
    note "no systemd here: starting dockerd in the background, its log is $engine_log"
    # The redirections are ours, so that the log belongs to the user and dockerd keeps no terminal or pipe open.
    # shellcheck disable=SC2024
    as_root env PATH="$PATH:/usr/sbin:/sbin" setsid --fork dockerd </dev/null >>"$engine_log" 2>&1
}

wait_for_engine() {
    local second
    for second in $(seq 60); do
        if engine_answers || engine_answers_root; then
            if [ -n "${engine_log:-}" ]; then
                cp /var/run/docker.pid "$repository/.build/engine/dockerd.pid" 2>/dev/null || true
                note "it answered after $second s and stays up; to stop it:  kill \$(cat $repository/.build/engine/dockerd.pid)"
            fi
            return
        fi
        sleep 1
    done
    [ -z "${engine_log:-}" ] || tail -n 15 "$engine_log" >&2
    fail "the container engine did not answer within 60 s." "${engine_log:+The last lines of $engine_log stand above.}"
}
