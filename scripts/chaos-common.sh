# shellcheck shell=bash
# What the chaos scripts share: their options, the build, and one campaign that leaves no process behind.
source scripts/lib.sh

# chaos_usage WHAT EXTRA: the help that all campaigns share.
chaos_usage() {
    cat <<END
usage: scripts/chaos-$campaign [--quick] [--seed N] [--no-report] $2

$1

  --quick      a short variant, under half a minute
  --seed N     draws other moments (20260318)
  --no-report  leaves docs/RELIABILITY.md as it is; --quick never writes there

Exit 0 without a violation, 1 with one.
END
}

# Builds what a campaign runs, unless scripts/test has done it.
chaos_build() {
    mkdir -p .build
    local product
    for product in saga-runner saga-chaos; do
        run_logged ".build/chaos-$product.log" "building $product" swift build -c release --product "$product" || {
            tail -n 30 ".build/chaos-$product.log" >&2
            die "the build failed; the whole log is .build/chaos-$product.log"
        }
    done
}

# chaos_run OPTION…: runs the campaign; what it has started ends with it.
chaos_run() {
    local status=0
    .build/release/saga-chaos "$campaign" --program .build/release/saga-runner "$@" &
    started+=($!)
    wait $! || status=$?
    return "$status"
}
