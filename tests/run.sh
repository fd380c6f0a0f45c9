# shellcheck shell=bash
# What ./relapse test does. Sourced by ./relapse, which says where it stands and which SDK there is. Its last line is the
# one closing line, `N passed, N failed, N skipped`; every check that is not a .NET test counts as one test.

passed=0 failed=0 skipped=0

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

# A check whose tool cannot be had: on a laptop that is a skip, said loudly; where a change is judged it is a failure.
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

build() { dotnet build Relapse.sln --configuration Release --verbosity quiet --nologo; }

# xunit v3 on Microsoft.Testing.Platform: the test project is a program, and its summary has several lines.
dotnet_tests() {
  local long=$1 text=$2 log=$artifacts/test/relapse-tests.log code=0 more
  local arguments=(--no-progress --no-ansi)
  # A test that hangs is a failure, and is one before anybody gives up waiting.
  $long || arguments+=(--filter-not-trait Long=true --timeout 12m)
  [[ -z $text ]] || arguments+=(--filter-method "*$text*")
  mkdir -p "$artifacts/test"
  printf "\n--- %s\n" ".NET tests"
  dotnet tests/Relapse.Tests/bin/Release/net10.0/Relapse.Tests.dll "${arguments[@]}" </dev/null | tee "$log" || code=$?
  more=$(summary failed "$log")
  failed=$((failed + more))
  passed=$((passed + $(summary succeeded "$log")))
  skipped=$((skipped + $(summary skipped "$log")))
  if [[ $code != 0 && $more == 0 ]]; then
    count ".NET tests: the run itself ended with code $code" failed
  fi
}

summary() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1 | grep . || echo 0; }

install_buf() { npm ci --prefix tools --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null; }

buf() { (cd protos && ../tools/node_modules/.bin/buf "$@"); }

# Google's protos come out of their NuGet package, where the build has them from too: nothing is fetched by buf.
buf_lint() {
  local google
  google=$(dotnet msbuild protos/Relapse.Protos.csproj -getProperty:PkgGoogle_Api_CommonProtos) &&
    rm -rf protos/.google &&
    mkdir -p protos/.google &&
    cp -R "$google/content/protos/google" protos/.google/ &&
    install_buf &&
    buf lint
}

# Against the contract as it was last released; before the first release there is nothing to break.
buf_breaking() { buf breaking --against released.binpb; }

scripts_are_clean() { shellcheck --external-sources relapse .ci/run tests/readme.sh; }

# Each block of README.md that is marked to be run is one test.
readme() {
  local results=$artifacts/test/readme.txt status name
  printf "\n--- %s\n" "README.md, as printed"
  bash tests/readme.sh "$results" </dev/null >/dev/null || true
  while read -r status name; do
    count "README: $name" "$status"
  done <"$results"
}

checks_beside_dotnet() {
  if have npm npm; then
    check "buf lint" buf_lint
    if [[ -f protos/released.binpb ]]; then
      check "buf breaking" buf_breaking
    fi
  else
    cannot "buf lint" "node and npm are missing and could not be installed"
  fi
  if have shellcheck shellcheck; then
    check "shellcheck" scripts_are_clean
  else
    cannot "shellcheck" "shellcheck is missing and could not be installed"
  fi
  if have curl curl; then
    readme
  else
    cannot "README" "curl is missing and could not be installed"
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
  if [[ $failed == 0 ]]; then
    dotnet_tests "$long" "$text"
    if [[ -z $text ]]; then
      checks_beside_dotnet
    fi
  fi
  printf "\n%s\n" "$passed passed, $failed failed, $skipped skipped"
  [[ $failed == 0 ]]
}
