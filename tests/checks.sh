# shellcheck shell=bash
# shellcheck disable=SC2154 # results and work are of the script that sources this.
# What scripts of checks share. Each writes one line for each of its checks, `passed <name>`, `failed <name>` or `skipped <name>`, to the
# file $results, which is there and empty; $work is its folder.

check() {
  local name=$1 outcome=passed
  shift
  "$@" </dev/null || outcome=failed
  printf '%s %s\n' "$outcome" "$name" >>"$results"
}

# Something is missing that nothing can be checked without: on a laptop that is a skip, where a change is judged it is a failure.
cannot() {
  printf '%s %s: %s\n' "$([[ ${CI:-} == true ]] && echo failed || echo skipped)" "$(basename "$results" .txt)" "$1" >>"$results"
  exit 0
}

# What was measured, for whoever reads it.
say() { printf '%s\n' "$*" | tee -a "$work/measured.txt" >&2; }
