# shellcheck shell=bash
# What the scripts share: installing, running a part with its log, its time and its counts, and cleaning up.
set -euo pipefail

readonly apt_packages=(libsqlite3-dev libpq-dev libcurl4-openssl-dev libssl-dev libmicrohttpd-dev pkg-config)
readonly swift_needed=6.2
# How programs are built for use. With Swift's own libraries in the program, it runs where no toolchain is installed,
# and a call into them costs less.
readonly release_options=(-c release --static-swift-stdlib)

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}

# ---- installing ---------------------------------------------------------------------------------------------------

# Installs what is missing. Takes "yes" where nobody is to be asked.
install_missing() {
    local yes=${1:-no} package
    local missing=()
    check_swift
    command -v apt-get >/dev/null || return 0 # Elsewhere the build itself says which library it lacks.
    for package in "${apt_packages[@]}"; do
        [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)" = 'install ok installed' ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "missing: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "ask an administrator for: apt-get install ${missing[*]}"
        as_root=(sudo)
        [ "$yes" = yes ] || confirm "install them with sudo apt-get?" || die "not installed: ${missing[*]}"
    fi
    # An image fresh from its registry has no lists; lists that have grown old name versions that are gone.
    if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null)" ] ||
        ! apt_install "${missing[@]}"; then
        "${as_root[@]}" apt-get update -q >&2
        apt_install "${missing[@]}" || die "apt-get could not install: ${missing[*]}"
    fi
}

apt_install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 </dev/null
}

confirm() {
    local answer
    [ -t 0 ] || die "nobody to ask ($1): run again with -y, or as root"
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
trap end_started EXIT
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

# ---- parts --------------------------------------------------------------------------------------------------------

part_rows=()
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

# Runs one part and remembers its time and its counts. Answers with the part's own status. A function run as a part
# checks each command it calls: bash ignores -e behind the || below.
run_part() {
    local name=$1 status=0 began=$SECONDS slug
    shift
    slug=$(printf '%s' "${name%)}" | tr -cs 'a-z0-9' '-')
    local log="$log_folder/$slug.log"
    part_counts="$log_folder/$slug.counts"
    part_skips="$log_folder/$slug.skips"
    : >"$part_counts"
    : >"$part_skips"
    say "==> $name"
    run_logged "$log" "$name" "$@" || status=$?
    [ "$status" = 0 ] || show_failure "$name" "$log"
    record_part "$name" "$status" "$((SECONDS - began))"
    return "$status"
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
