# shellcheck shell=bash
# What ./relapse bench does. Sourced by ./relapse, which says where it stands and which SDK there is. Each part measures and
# adds its rows to one file; they are printed as one table at the end. To add a row: a class beside its like in
# tests/Relapse.Benchmarks (BenchmarkDotNet, one piece of code) or in tests/Relapse.Load/Rows (processes under load).

# A million cases take their time: `cohort` is measured when it is asked for.
readonly bench_parts=(kernel registry load start assess)
readonly bench=$artifacts/bench
readonly rows=$bench/rows.md

# Everything is published before anything is measured: nothing builds beside a measurement.
prepare() {
  if [[ " $* " == *" registry "* ]] && ! command -v redis-server >/dev/null; then
    die "bench registry reads from a real Redis, and redis-server is not installed (Debian: apt-get install redis-server)"
  fi
  say "Building..."
  if [[ " $* " == *" kernel "* || " $* " == *" registry "* ]]; then
    dotnet build tests/Relapse.Benchmarks --configuration Release --verbosity quiet --nologo
  fi
  if [[ " $* " == *" load "* || " $* " == *" start "* || " $* " == *" assess "* || " $* " == *" cohort "* ]]; then
    publish_ahead services/Relapse.AllInOne bench/allinone
    publish_ahead gateway/Relapse.Gateway bench/gateway
    publish_ahead tests/Relapse.Load bench/load
  fi
}

# What each part writes beside its rows is kept next to them.
measure() {
  local part=$1 log=$bench/$1.log
  say "Measuring: $part (log in $log)..."
  case $part in
    kernel) dotnet tests/Relapse.Benchmarks/bin/Release/net10.0/Relapse.Benchmarks.dll rows "$rows" ;;
    registry) dotnet tests/Relapse.Benchmarks/bin/Release/net10.0/Relapse.Benchmarks.dll registry "$rows" ;;
    load | start | assess | cohort) "$bench/load/Relapse.Load" "$part" "$rows" ;;
  esac </dev/null >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "$part could not be measured; the end of $log is above"
  }
}

machine() {
  local cpu os
  cpu=$(sed -n 's/^model name[[:space:]]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
  os=$(sed -n 's/^PRETTY_NAME="\(.*\)"$/\1/p' /etc/os-release 2>/dev/null)
  printf '%s, %s cores, %s, .NET %s' "${cpu:-$(sysctl -n machdep.cpu.brand_string 2>/dev/null || uname -m)}" \
    "$(getconf _NPROCESSORS_ONLN)" "${os:-$(uname -sr)}" \
    "$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \(10[^ ]*\) .*/\1/p' | tail -n 1)"
}

# How busy the machine was with other things is half of what a reader has to know of a measurement.
busy() { uptime | sed 's/.*load average[s]*: *//'; }

table() {
  local before=$1
  printf '%s\n' "$(machine)." \
    "Load average before: $before; after: $(busy). Median, and least to most of the rounds." \
    '' \
    '| what | to hold | measured | |' \
    '|---|---|---|---|'
  cat "$rows"
}

run_bench() {
  local part save='' chosen=() before
  while [[ $# -gt 0 ]]; do
    case $1 in
      --save)
        save=${2:-}
        [[ $save =~ ^[a-z0-9-]+$ ]] || die "bench --save takes a word for the file's name: small letters, digits, hyphens"
        shift
        ;;
      kernel | registry | load | start | assess | cohort) chosen+=("$1") ;;
      *) die "bench knows ${bench_parts[*]}, cohort and --save" ;;
    esac
    shift
  done
  [[ ${#chosen[@]} -gt 0 ]] || chosen=("${bench_parts[@]}")
  mkdir -p "$bench"
  : >"$rows"
  prepare "${chosen[@]}"
  before=$(busy)
  for part in "${chosen[@]}"; do
    measure "$part"
  done
  printf '\n%s\n' "$(table "$before")"
  if [[ -n $save ]]; then
    save=docs/results/$(date +%F)-$save.md
    printf '# %s %s\n\n`./relapse bench %s`\n\n%s\n' "$(date +%F)" "What is to hold" "${chosen[*]}" "$(table "$before")" >"$save"
    say "Written to $save."
  fi
}
