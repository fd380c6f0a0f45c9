#!/usr/bin/env bash
# Runs the shell blocks of README.md as printed and writes one line for each, `passed <command>` or `failed <command>`,
# to the file named by the argument. How a block is marked:
#   ```sh              run; the lines of a ```text block right after it must stand in its output, spaces apart
#   ```sh background   started first and left running until the end
#   ```sh elsewhere    not run: it is what is running now, or it would not end
# RELAPSE_HTTP_PORT and RELAPSE_GRPC_PORT, when set, stand in for the ports in print. What it starts is its own: a
# ./relapse up that runs beside it keeps its files and its ports.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

if [[ -z ${RELAPSE_HTTP_PORT:-}${RELAPSE_GRPC_PORT:-} ]] && { is_taken 8080 || is_taken 8081; }; then
  printf '*** Port 8080 or 8081 is taken; README.md is run on 18080 and 18081 instead.\n' >&2
  export RELAPSE_HTTP_PORT=18080 RELAPSE_GRPC_PORT=18081
fi
export RELAPSE_ARTIFACTS=artifacts/test/readme-build

readonly results=$1
readonly work=artifacts/test/readme
background=

rm -rf "$work"
mkdir -p "$work"
: >"$results"

# One file for each block, in order: NNN.sh, NNN.background, NNN.elsewhere, NNN.text.
split() {
  awk -v work="$work" '
    /^```/ && open == "" {
      kind = substr($0, 4)
      sub(/^sh /, "", kind)
      open = sprintf("%s/%03d.%s", work, ++n, kind == "" ? "plain" : kind)
      next
    }
    /^```/ { close(open); open = ""; next }
    open != "" { print > open }
  ' README.md
}

with_ports() { sed -e "s/\b8080\b/${RELAPSE_HTTP_PORT:-8080}/g" -e "s/\b8081\b/${RELAPSE_GRPC_PORT:-8081}/g" "$1"; }

report() {
  printf '%s %s\n' "$1" "$2" >>"$results"
  printf '%s  %s\n' "$1" "$2"
}

# The block and everything that it started: one process group.
stop_background() {
  if [[ -n $background ]]; then
    kill -TERM -- "-$background" 2>/dev/null || true
    wait "$background" || true
    background=
    for _ in {1..50}; do
      ./relapse status >/dev/null || return 0
      sleep 0.2
    done
    report failed "what ran in the background did not stop"
  fi
}

# Left running once it says how it is stopped.
start_background() {
  local block=$1 output=$1.out
  set -m
  bash -euo pipefail "$block" >"$output" 2>&1 </dev/null &
  background=$!
  set +m
  for _ in {1..600}; do
    if grep -q 'Ctrl-C stops it' "$output"; then
      return 0
    fi
    kill -0 "$background" 2>/dev/null || break
    sleep 0.5
  done
  return 1
}

# Every line of the printed answer, but those that begin with an ellipsis, stands in the output.
agrees() {
  local expected=$1 output=$2 line
  while IFS= read -r line; do
    if [[ -z ${line// /} || $line == …* ]]; then
      continue
    fi
    if ! tr -s " \t" " " <"$output" | grep -F -- "$(tr -s " \t" " " <<<"$line")" >/dev/null; then
      printf 'README.md prints this line, the command does not: %s\n' "$line" >&2
      return 1
    fi
  done <"$expected"
}

run_block() {
  local block=$1 name=$2 expected=$3 output=$1.out outcome=failed
  with_ports "$block" >"$block.run"
  if [[ $block == *.background ]]; then
    start_background "$block.run" && outcome=passed
    output=$block.run.out
  elif bash -euo pipefail "$block.run" >"$output" 2>&1 </dev/null; then
    outcome=passed
  fi
  if [[ $outcome == passed && -f $expected ]]; then
    agrees "$expected" "$output" || outcome=failed
  fi
  [[ $outcome == passed ]] || tail -n 40 "$output" >&2
  report "$outcome" "$name"
}

split
trap stop_background EXIT
ran=0
for block in "$work"/*.sh "$work"/*.background; do
  [[ -f $block ]] || continue
  number=$(basename "${block%.*}")
  printf -v after '%s/%03d.text' "$work" "$((10#$number + 1))"
  echo "$number $block $after"
done | sort >"$work/order"
while read -r _ block after; do
  run_block "$block" "$(grep -v '^#' "$block" | head -n 1 | sed "s/ *[\\]\$//")" "$after"
  ran=$((ran + 1))
done <"$work/order"
[[ $ran -gt 0 ]] || report failed "there is no block to run"

# What was published is what ./relapse up starts: a start that certifies in full is a certificate that did not come along.
log=$RELAPSE_ARTIFACTS/run/allinone.log
if grep -q 'protocol versions compiled and certified' "$log" && ! grep -q 'Certified in full at this start' "$log"; then
  report passed "what is published rests on the certificates of its build"
else
  grep 'Certified in full' "$log" >&2 || true
  report failed "what is published rests on the certificates of its build"
fi
