# shellcheck shell=bash
# What the scripts share: installing, running a part with its log, its time and its counts, and cleaning up.
set -euo pipefail

readonly apt_packages=(libsqlite3-dev libpq-dev libcurl4-openssl-dev libssl-dev libmicrohttpd-dev pkg-config tzdata)
# What only some need, and install for themselves.
readonly postgres_packages=(postgresql-15)
readonly model_packages=(spin)
readonly swift_needed=6.2
# What debuggers read takes an eighth of the time to build; functions have their names without it.
readonly lean=(-debug-info-format none)
# How programs are built for use. With Swift's own libraries in the program, it runs where no toolchain is installed,
# and a call into them costs less.
readonly release_options=(-c release --static-swift-stdlib "${lean[@]}")
# The quickest way to build from nothing, and a slow one after a change.
readonly whole_modules=(
    -Xswiftc -disable-batch-mode -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2
)

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}

# ---- installing ---------------------------------------------------------------------------------------------------

# Installs what the build needs and is missing. Takes "yes" where nobody is to be asked.
install_missing() {
    check_swift
    command -v apt-get >/dev/null || return 0 # Elsewhere the build itself says which library it lacks.
    install_packages "${1:-no}" "${apt_packages[@]}" || die "without these there is no build"
}

# install_packages YES PACKAGE…: installs those that are missing, or says why it cannot and answers 1.
install_packages() {
    local yes=$1 package as_root=() missing=()
    shift
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)" = 'install ok installed' ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "missing: ${missing[*]}"
    become_root "$yes" "apt-get install ${missing[*]}" || return 1
    # An image fresh from its registry has no lists; lists that have grown old name versions that are gone.
    if [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null)" ] &&
        apt_install "${missing[@]}"; then
        return 0
    fi
    "${as_root[@]}" apt-get update -q >&2 && apt_install "${missing[@]}" && return 0
    say "apt-get could not install: ${missing[*]}"
    return 1
}

# become_root YES WHAT: sets as_root for what needs an administrator; answers 1 where that cannot be or is not wanted.
become_root() {
    local yes=$1 what=$2
    as_root=()
    [ "$(id -u)" != 0 ] || return 0
    if ! command -v apt-get >/dev/null || ! command -v sudo >/dev/null; then
        say "ask an administrator for: $what"
        return 1
    fi
    as_root=(sudo)
    [ "$yes" = yes ] || confirm "sudo $what?"
}

apt_install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 </dev/null
}

confirm() {
    local answer
    if [ ! -t 0 ]; then
        say "nobody to ask ($1): run again with -y, or as root"
        return 1
    fi
    read -r -p "$1 [y/N] " answer
    [[ $answer == [yY]* ]]
}

check_swift() {
    local found where="install the toolchain from the Swift project's own download page and put its usr/bin in PATH"
    command -v swift >/dev/null || die "swift is missing: $where ($swift_needed or newer)"
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ "$(printf '%s\n' "$swift_needed" "$found" | sort -V | head -n 1)" = "$swift_needed" ] ||
        die "swift $found is too old: $where ($swift_needed or newer)"
}

# ---- processes ----------------------------------------------------------------------------------------------------

# Processes that this script started; cleaning up ends these, what they started in turn, and no others.
started=()
# The same, for what goes on behind the parts.
behind=()

# A process and all below it. Process groups do not tell: `swift test` gives the tests a group of their own.
print_tree() {
    local child children
    printf '%s\n' "$1"
    children=$(cat "/proc/$1/task/"*/children 2>/dev/null || true)
    for child in $children; do print_tree "$child"; done
}

end_started() {
    local pid doomed=()
    for pid in "${started[@]}"; do
        kill -0 "$pid" 2>/dev/null || continue
        mapfile -t -O "${#doomed[@]}" doomed < <(print_tree "$pid")
    done
    for pid in "${doomed[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${doomed[@]}"; do
        for _ in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || continue 2
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    done
    started=()
}

clean_up() {
    trap '' INT TERM HUP # Asked again, it is doing it already.
    started+=("${behind[@]}")
    end_started
    stop_postgres
    allow_default_cluster
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# No part may take longer than this; one that does is ended and has failed.
readonly part_limit=1200

# Runs a command with its output in a log; a line now and then says that it lives.
run_logged() {
    local log=$1 name=$2 beat=15 last_beat=$SECONDS began=$SECONDS status=0
    shift 2
    [ -t 2 ] || beat=60
    set -m # Otherwise bash would have the command, and every daemon a test starts, ignore SIGINT.
    "$@" >"$log" 2>&1 </dev/null &
    local pid=$!
    set +m
    started+=("$pid")
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if [ $((SECONDS - last_beat)) -ge "$beat" ]; then
            last_beat=$SECONDS
            say "    $name: $((SECONDS - began)) s, $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-80)"
        fi
        if [ $((SECONDS - began)) -ge "$part_limit" ]; then
            printf 'error: ended after %d s, the limit of a part\n' "$part_limit" >>"$log"
            end_started
        fi
    done
    wait "$pid" || status=$?
    started=()
    return "$status"
}

# ---- PostgreSQL ---------------------------------------------------------------------------------------------------

postgres_folder='' # Holds the data of the server that this script has started, and its log.
as_server=()       # Runs a program as the server's user, with nothing of our environment.
cluster_file=''

# Where the server's programs are: where the caller says, in PATH, or the newest that Debian has put aside.
find_postgres() {
    local folder program
    folder=${SAGA_POSTGRES_BIN:-$(readlink -f "$(command -v pg_ctl || true)" | sed 's,/[^/]*$,,')}
    [ -n "$folder" ] ||
        folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    for program in initdb pg_ctl postgres psql; do [ -x "$folder/$program" ] || return 1; done
    printf '%s\n' "$folder"
}

# install_postgres YES: sees to it that there is a server to start; answers 1 where there is none.
install_postgres() {
    find_postgres >/dev/null && return 0
    local status=0
    if [ -n "${SAGA_POSTGRES_BIN:-}" ] || ! command -v apt-get >/dev/null; then
        say "no PostgreSQL server in ${SAGA_POSTGRES_BIN:-PATH}"
        return 1
    fi
    forbid_default_cluster "$1" && install_packages "$1" "${postgres_packages[@]}" || status=$?
    allow_default_cluster
    [ "$status" = 0 ] && find_postgres >/dev/null
}

# The package would make a cluster, start it, and have it started with the machine. Nobody here asked for one.
forbid_default_cluster() {
    local as_root=() folder=/etc/postgresql-common/createcluster.d
    become_root "$1" "apt-get install ${postgres_packages[*]}" || return 1
    "${as_root[@]}" mkdir -p "$folder"
    cluster_file=$folder/saga-runner.conf
    printf 'create_main_cluster = false\n' | "${as_root[@]}" tee "$cluster_file" >/dev/null
}

allow_default_cluster() {
    [ -n "$cluster_file" ] || return 0
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" rm -f "$cluster_file"
    "${as_root[@]}" rmdir --ignore-fail-on-non-empty "${cluster_file%/*}"
    cluster_file=''
}

# A folder in memory that has room for a server; for what does not ask what is on a disk, and waits for none.
memory_folder() {
    local free
    free=$(df --output=avail -m /dev/shm 2>/dev/null | tail -n 1)
    if [ "${free:-0}" -ge 2048 ] && [ -w /dev/shm ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

# start_postgres [--in DIR] [--conf KEY=VALUE]…: a server of our own with the settings as shipped, on a free port of
# loopback. Exports how to reach it (see scripts/with-postgres --help). Answers 1, and says why, when it does not start.
start_postgres() {
    local parent=${TMPDIR:-/tmp} settings=() bin data password
    while [ $# -gt 0 ]; do
        case $1 in
            --in) parent=$2 ;;
            --conf) settings+=("$2") ;;
        esac
        shift 2
    done
    bin=$(find_postgres) || {
        say "no PostgreSQL server: apt-get install ${postgres_packages[*]}"
        return 1
    }
    postgres_folder=$(cd "$parent" && mktemp -d "$PWD/saga-postgres.XXXXXX") || return 1
    data=$postgres_folder/data
    password=$(od -A n -N 16 -t x1 /dev/urandom | tr -d ' \n')
    be_server
    make_cluster || return 1
    launch_postgres || return 1
    export SAGA_TEST_POSTGRES_ADMIN=postgresql://postgres:$password@127.0.0.1:$port/postgres
    "$bin/psql" -X -q -v ON_ERROR_STOP=1 "$SAGA_TEST_POSTGRES_ADMIN" >&2 <<END || return 1
CREATE ROLE saga LOGIN CREATEDB PASSWORD '$password';
CREATE DATABASE saga OWNER saga;
END
    export SAGA_TEST_POSTGRES=postgresql://saga:$password@127.0.0.1:$port/saga
    export SAGA_TEST_POSTGRES_FOLDER=$postgres_folder SAGA_TEST_POSTGRES_DATA=$data SAGA_TEST_POSTGRES_BIN=$bin
    export SAGA_TEST_POSTGRES_RUN=$postgres_folder/run
}

# The server refuses to run as root, and is to find nothing of ours in its environment. The folder becomes its own.
be_server() {
    as_server=(env -i "PATH=$bin:/usr/bin:/bin" LC_ALL=C "HOME=$postgres_folder")
    if [ "$(id -u)" = 0 ]; then
        local user=postgres
        id -u "$user" >/dev/null 2>&1 || user=nobody
        chown "$user:$(id -g "$user")" "$postgres_folder"
        as_server+=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
    fi
    : >"$postgres_folder/server.log"
    chmod 666 "$postgres_folder/server.log" # The folder itself is shut.
    printf '#!/bin/sh\ncd "%s" && exec %s "$@"\n' "$postgres_folder" "${as_server[*]@Q}" >"$postgres_folder/run"
    chmod 755 "$postgres_folder/run"
}

# In the folder, because the server's user need not be let into ours.
in_folder() { (cd "$postgres_folder" && "${as_server[@]}" "$@"); }

make_cluster() {
    local setting
    printf '%s\n' "$password" >"$postgres_folder/password"
    chmod 644 "$postgres_folder/password"
    # Not synced: it is the server's own writes that have to be durable, and they are.
    in_folder "$bin/initdb" --no-sync -E UTF8 --locale=C -U postgres -A scram-sha-256 \
        --pwfile="$postgres_folder/password" -D "$data" >"$postgres_folder/server.log" 2>&1 || {
        cat "$postgres_folder/server.log" >&2
        return 1
    }
    rm -f "$postgres_folder/password"
    {
        printf "%s = '%s'\n" listen_addresses 127.0.0.1 unix_socket_directories '' log_line_prefix '%m [%p] '
        for setting in "${settings[@]}"; do
            printf "%s = '%s'\n" "${setting%%=*}" "$(sed "s/'/''/g" <<<"${setting#*=}")"
        done
    } >>"$data/postgresql.conf"
}

# A port that is free now may be taken a moment later, so the server itself says which one it got.
launch_postgres() {
    local try pid log=$postgres_folder/server.log
    for try in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 12000))
        printf '# chosen at try %d\nport = %d\n' "$try" "$port" >>"$data/postgresql.conf"
        # In a process group of its own, so that Ctrl-C ends what uses it first. It ends with us, even by SIGKILL.
        set -m
        (cd "$postgres_folder" && exec "${as_server[@]}" setpriv --pdeathsig QUIT "$bin/postgres" -D "$data") \
            >"$log" 2>&1 </dev/null &
        pid=$!
        set +m
        disown "$pid"
        while kill -0 "$pid" 2>/dev/null; do
            [ "$(sed -n '8{s/ *$//;p}' "$data/postmaster.pid" 2>/dev/null)" != ready ] || return 0
            sleep 0.02
        done
        grep -q 'Address already in use' "$log" || break
    done
    tail -n 20 "$log" >&2
    return 1
}

# Ends every server whose data is in the folder, a standby's too, and removes the folder.
stop_postgres() {
    [ -n "$postgres_folder" ] || return 0
    local file process
    for file in "$postgres_folder"/*/postmaster.pid; do
        [ -e "$file" ] || continue
        in_folder pg_ctl -D "${file%/*}" -m immediate -t 5 -w stop >/dev/null 2>&1 || true
    done
    # One that was frozen, or has lost its pid file. Each stands in its data folder.
    for process in /proc/[0-9]*; do
        [[ "$(readlink "$process/cwd" 2>/dev/null)" == "$postgres_folder"/* ]] || continue
        [ "$(cat "$process/comm" 2>/dev/null)" != postgres ] || kill -KILL "${process#/proc/}" 2>/dev/null || true
    done
    rm -rf -- "$postgres_folder"
    postgres_folder=''
}

# ---- parts --------------------------------------------------------------------------------------------------------

part_rows=()
# The parts that were started and not joined, each as its process, when it began, and its name.
beside=()
passed=0
failed=0
skipped=0

# Within a part: report what it counted, or that something could not run. A part that reports nothing counts as one.
count() { printf '%s %s\n' "$1" "$2" >>"$part_counts"; }
skip() {
    say "SKIPPED: $*"
    printf '%s\n' "$*" >>"$part_skips"
    count skipped 1
}

# The files of a part: its log, its counts, why something of it was skipped, and how it ended beside others.
name_part() {
    local slug
    slug=$(printf '%s' "${1%)}" | tr 'A-Z' 'a-z' | tr -cs 'a-z0-9' '-')
    part_log=$log_folder/$slug.log
    part_counts=$log_folder/$slug.counts
    part_skips=$log_folder/$slug.skips
    part_end=$log_folder/$slug.end
}

open_part() {
    name_part "$1"
    : >"$part_counts"
    : >"$part_skips"
    rm -f "$part_end"
}

# Runs one part and remembers its time and its counts. Answers with the part's own status. A function run as a part
# checks each command it calls: bash ignores -e behind the || below.
run_part() {
    local name=$1 status=0 began=$SECONDS
    shift
    open_part "$name"
    say "==> $name"
    run_logged "$part_log" "$name" "$@" || status=$?
    close_part "$name" "$status" "$((SECONDS - began))"
    return "$status"
}

# Starts a part that those which follow run beside, until `join_parts`.
start_part() {
    local name=$1
    shift
    open_part "$name"
    say "==> $name, and beside it:"
    set -m # As in run_logged.
    {
        SECONDS=0 status=0
        "$@" >"$part_log" 2>&1 </dev/null || status=$?
        printf '%d %d\n' "$status" "$SECONDS" >"$part_end"
    } &
    behind+=("$!")
    beside+=("$! $SECONDS $name")
    set +m
}

# Waits for the parts that were started, each within the limit of a part, and remembers them like any other; one that
# left no word has failed.
join_parts() {
    local part pid began name status seconds
    for part in "${beside[@]}"; do
        read -r pid began name <<<"$part"
        name_part "$name"
        while kill -0 "$pid" 2>/dev/null; do
            sleep 0.2
            [ $((SECONDS - began)) -ge "$part_limit" ] || continue
            printf 'error: ended after %d s, the limit of a part\n' "$part_limit" >>"$part_log"
            started=("$pid")
            end_started
        done
        wait "$pid" || true
        status=1 seconds=0
        [ ! -s "$part_end" ] || read -r status seconds <"$part_end"
        say "==> $name"
        close_part "$name" "$status" "$seconds"
    done
    beside=()
}

close_part() {
    local name=$1 status=$2 seconds=$3
    [ "$status" = 0 ] || show_failure "$name" "$part_log"
    record_part "$name" "$status" "$seconds"
}

record_part() {
    local name=$1 status=$2 seconds=$3 p f s
    p=$(sum_counts passed) f=$(sum_counts failed) s=$(sum_counts skipped)
    [ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
    [ $((p + f + s)) -gt 0 ] || p=1
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    part_rows+=("$(printf '%-44s %6d s %8d %7d %8d' "$name" "$seconds" "$p" "$f" "$s")")
    while read -r reason; do say "    SKIPPED: $reason"; done <"$part_skips"
    say "    $p passed, $f failed, $s skipped in $seconds s"
}

sum_counts() { awk -v kind="$1" '$1 == kind { sum += $2 } END { print sum + 0 }' "$part_counts"; }

# A part that is not run at all is named and counted, never forgotten.
skip_part() {
    local name=$1 reason=$2
    say "==> $name"
    say "    SKIPPED: $reason"
    skipped=$((skipped + 1))
    part_rows+=("$(printf '%-44s %6d s %8d %7d %8d' "$name" 0 0 0 1)")
}

# What failed, from the log: the errors if it has any, its end otherwise.
show_failure() {
    local name=$1 log=$2
    say "    FAILED: $name; the whole log is ${log#"$PWD"/}"
    local lines
    lines=$(grep -E '(error|warning):|^↳|^✘|SUMMARY: ' "$log" |
        grep -vE '^◇|^↳ (Testing Library|Target Platform)|^↳ ///|^ *\|' | awk '!seen[$0]++' || true)
    { [ -n "$lines" ] && head -n 60 <<<"$lines" || tail -n 30 "$log"; } | sed 's/^/    | /' >&2
}

print_budget() {
    local limit=$1
    printf '\n%-44s %8s %8s %7s %8s\n' part time passed failed skipped
    printf '%s\n' "${part_rows[@]}"
    printf '%-44s %6d s of %d s\n\n' "in all" "$SECONDS" "$limit"
    [ "$SECONDS" -le "$limit" ] || say "OVER BUDGET: $SECONDS s, $limit s are allowed"
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
}
