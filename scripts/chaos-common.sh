# shellcheck shell=bash
# What the chaos scripts share: their options, the build, and one campaign that leaves no process behind.
# A script sets `campaign`, `what` (for people), and if need be `short` (what --quick stands for), `numbers` (further
# options that take a number), `hint` (the same for people) and `with` (further options of the campaign).
set -euo pipefail
source scripts/lib.sh

chaos_usage() {
    cat <<END
usage: scripts/$(basename "$0") [--quick] [--seed N] [--no-report] ${hint:-}

$what

  --quick      a short variant, under a minute; it writes no report
  --seed N     draws other moments (20260318)
  --no-report  leaves docs/RELIABILITY.md as it is

Exit 0 without a violation, 1 with one.
END
}

chaos_options() {
    options=()
    report=(--report docs/RELIABILITY.md)
    while [ $# -gt 0 ]; do
        case $1 in
            --quick)
                options+=("${short[@]}")
                report=()
                ;;
            --no-report) report=() ;;
            --help | -h)
                chaos_usage
                exit 0
                ;;
            *)
                if [ $# -lt 2 ] || [[ " --seed ${numbers:-} " != *" $1 "* ]]; then
                    chaos_usage >&2
                    exit 2
                fi
                options+=("$1" "$2")
                shift
                ;;
        esac
        shift
    done
}

chaos_build() {
    mkdir -p .build
    local product products=(saga-runner)
    chaos=${SAGA_CHAOS_PROGRAM:-.build/release/saga-chaos}
    [ -n "${SAGA_CHAOS_PROGRAM:-}" ] || products+=(saga-chaos)
    for product in "${products[@]}"; do
        run_logged ".build/chaos-$product.log" "building $product" \
            swift build "${release_options[@]}" --product "$product" || {
            tail -n 30 ".build/chaos-$product.log" >&2
            die "the build failed; the whole log is .build/chaos-$product.log"
        }
    done
}

# Runs the campaign; what it has started ends with this script.
chaos_run() {
    local status=0
    chaos_build
    "$chaos" "$campaign" --program .build/release/saga-runner "${with[@]}" "${options[@]}" \
        "${report[@]}" &
    started+=($!)
    wait $! || status=$?
    exit "$status"
}

short=(--quick)
with=()
