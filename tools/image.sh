#!/usr/bin/env bash
# Makes the image of one process: tools/image.sh PROJECT [IMAGE], e.g. tools/image.sh services/Relapse.Mrd registry.example.org/relapse/mrd:0.1.0
# What it is made of stands in Directory.Build.targets. PUSH_IMAGE=true sends it to the registry that IMAGE begins with, over cleartext if
# that is this machine; without it, it goes to the Docker or Podman of this machine. Skaffold calls it so, with IMAGE and PUSH_IMAGE set.
# BASE_IMAGE is another base than the vendor's, BASE_DIGEST pins the vendor's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly project=${1:?which project?}
readonly image=${2:-${IMAGE:-}}
arguments=()

if [[ -n $image ]]; then
  repository=${image%:*}
  arguments+=("-p:ContainerImageTag=${image##*:}")
  # What stands before the first slash is a registry if it can be a host's name.
  if [[ $repository == */* && ${repository%%/*} == *[.:]* || $repository == localhost/* ]]; then
    [[ ${PUSH_IMAGE:-false} != true ]] || arguments+=("-p:ContainerRegistry=${repository%%/*}")
    repository=${repository#*/}
  fi
  arguments+=("-p:ContainerRepository=$repository")
fi
[[ -z ${BASE_IMAGE:-} ]] || arguments+=("-p:ContainerBaseImage=$BASE_IMAGE")
[[ -z ${BASE_DIGEST:-} ]] || arguments+=("-p:RelapseBaseDigest=$BASE_DIGEST")

exec dotnet publish "$project" --configuration Release --runtime "${RUNTIME:-linux-x64}" --self-contained false --verbosity quiet --nologo -t:PublishContainer \
  -p:NuGetLockFilePath=obj/publish.packages.lock.json -p:RestoreLockedMode=false "${arguments[@]}" </dev/null
