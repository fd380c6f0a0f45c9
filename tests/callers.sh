#!/usr/bin/env bash
# Calls Relapse as other people do, from other languages, and writes one line for each check, `passed <name>` or
# `failed <name>`, to the file named by the argument. It starts what was built (AllInOne, Release) on
# ports of its own, and stops it. Needs node, `npm ci --prefix tools`, and Google's protos in protos/.google.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly results=$1
readonly work=artifacts/test/callers
readonly tools=$PWD/tools/node_modules
export NODE_PATH=$tools

rm -rf "$work"
mkdir -p "$work"
: >"$results"

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# From anywhere, so that two runs at once do not meet.
free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)) && is_taken "$port"; do :; done
  echo "$port"
}

check() {
  local name=$1 outcome=passed
  shift
  "$@" </dev/null || outcome=failed
  printf '%s %s\n' "$outcome" "$name" >>"$results"
}

start() {
  RELAPSE_HTTP_PORT=$http_port RELAPSE_GRPC_PORT=$grpc_port \
    dotnet services/Relapse.AllInOne/bin/Release/net10.0/Relapse.AllInOne.dll >"$work/server.log" 2>&1 </dev/null &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  dotnet clients/Relapse.Cli/bin/Release/net10.0/Relapse.Cli.dll wait "$url" 120 && kill -0 "$server"
}

# Types out of the document, a client written against them, and the compiler between the two.
generated_client() {
  local client=$work/client
  mkdir -p "$client"
  cp tests/clients/openapi/client.ts "$client/"
  ln -sfn "$tools" "$client/node_modules"
  "$tools/.bin/openapi-typescript" "$url/openapi.json" --output "$client/relapse.ts" >"$work/openapi-typescript.log" 2>&1 || {
    cat "$work/openapi-typescript.log" >&2
    return 1
  }
  "$tools/.bin/tsc" --strict --noEmitOnError --target es2022 --lib es2022,dom --module node16 "$client/client.ts" &&
    node "$client/client.js" "$url"
}

# In a directory that has no proto, so that there is nothing but reflection to know a message from.
buf_curl_through_reflection() (
  local at=http://127.0.0.1:$grpc_port example=$PWD/examples/early-isolated-marrow.json
  local rpc=relapse.classification.v1.ClassificationService/ClassifyRelapse
  mkdir -p "$work/nothing"
  cd "$work/nothing"
  "$tools/.bin/buf" curl --protocol grpc --http2-prior-knowledge --list-methods "$at" >../methods.txt
  grep -qx "$rpc" ../methods.txt || {
    echo "buf curl --list-methods does not name $rpc" >&2
    return 1
  }
  "$tools/.bin/buf" curl --protocol grpc --http2-prior-knowledge --data "@$example" "$at/$rpc" >../reflected.json
  grep -q '"ISOLATED_MARROW"' ../reflected.json || return 1
  if "$tools/.bin/buf" curl --protocol grpc --http2-prior-knowledge --reflect=false --data "@$example" "$at/$rpc" >/dev/null 2>&1; then
    echo "buf curl knows the message without reflection: this check proves nothing" >&2
    return 1
  fi
)

node_over_grpc() {
  node tests/clients/node/checks.cjs "127.0.0.1:$grpc_port" "$PWD/$results" </dev/null ||
    printf 'failed Node over gRPC: the run itself\n' >>"$results"
}

http_port=$(free_port)
grpc_port=$(free_port)
readonly http_port grpc_port url=http://127.0.0.1:$http_port
if ! start; then
  tail -n 20 "$work/server.log" >&2
  printf 'failed callers: the server did not start\n' >>"$results"
  exit 1
fi
check "openapi.json is OpenAPI 3.1, and true of real requests and answers" node tests/clients/openapi/validate.cjs "$url"
check "a client generated from openapi.json compiles and calls" generated_client
check "the generated client reads a batch" node "$work/client/client.js" "$url" batch
node_over_grpc
check "every version as DMN: read by dmn-moddle, each table answers by feelin as the service does" node tests/clients/dmn/check.cjs "$url"
check "buf curl knows every message through reflection" buf_curl_through_reflection
