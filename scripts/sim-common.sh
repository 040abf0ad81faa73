# What the scripts of the simulation share: its program, built by itself and in release mode.
set -euo pipefail

sim_scratch=.build-sim

# build_sim [OPTION…]: builds the program, strictly, and says where it is in $sim.
build_sim() {
    local log
    log=$(mktemp)
    if ! swift build -c release --product saga-sim --scratch-path "$sim_scratch" -Xswiftc -warnings-as-errors "$@" \
        >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    sim=$sim_scratch/release/saga-sim
}
