# What the scripts of the simulation share: its program, built in release mode beside the others.
set -euo pipefail
source scripts/lib.sh

sim_scratch=.build

# build_sim [OPTION…]: builds the program and says where it is in $sim.
build_sim() {
    local log
    log=$(mktemp)
    if ! swift build "${release_options[@]}" --product saga-sim --scratch-path "$sim_scratch" "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    sim=$sim_scratch/release/saga-sim
}
