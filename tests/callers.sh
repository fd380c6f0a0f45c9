#!/usr/bin/env bash
# Calls Relapse as other people do, from other languages, and writes one line for each check, `passed <name>` or
# `failed <name>`, to the file named by the argument. It starts what was built (AllInOne, Release) on
# ports of its own, and stops it. Needs node, `npm ci --prefix tools`, and Google's protos in protos/.google.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/checks.sh
source tests/checks.sh

readonly results=$1
readonly work=artifacts/test/callers
readonly tools=$PWD/tools/node_modules
readonly program=$work/program
package=''
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

start() {
  # A registry of its own: what somebody published on this machine is nobody else's.
  RELAPSE_HTTP_PORT=$http_port RELAPSE_GRPC_PORT=$grpc_port RELAPSE_REGISTRY_FOLDER=$work/registry \
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

# The client as it would be published, restored as another team would: from a folder, and what it needs from where everything comes.
# What was restored for the build is taken as it is; the package itself goes into a folder of its own, so that the next is not this one.
package_client() {
  local global
  mkdir -p "$program"
  cp tests/clients/dotnet/*.csproj tests/clients/dotnet/Directory.* "$program/"
  printf '<configuration><packageSources><add key="packed" value="../packed" /></packageSources></configuration>\n' >"$program/nuget.config"
  global=$(dotnet nuget locals global-packages --list --force-english-output | sed 's/^global-packages: *//')
  dotnet pack clients/Relapse.Client --configuration Release --no-build -p:BuildProjectReferences=false --output "$work/packed" --verbosity quiet --nologo &&
    dotnet restore "$program" --packages "$program/packages" -p:RestoreFallbackFolders="$global" --verbosity quiet &&
    package=$(echo "$program"/packages/relapse.client/*) &&
    (cd "$package" && ls lib/net10.0/Relapse.{Client,Protos}.{dll,xml} protos/{relapse.protoset,service-config.json} >/dev/null) &&
    diff -r protos/relapse "$package/protos/relapse"
}

# Its Program.cs is the example in the package's README.
program_with_the_package() {
  # shellcheck disable=SC2016 # Backticks that are meant.
  sed -n '/^```csharp$/,/^```$/p' "$package/README.md" | sed '/^```/d' >"$program/Program.cs"
  dotnet build "$program" --no-restore --configuration Release --output "$program/out" --verbosity quiet --nologo
}

the_program_calls() {
  local said=$work/program.txt line
  dotnet "$program/out/Caller.dll" "http://127.0.0.1:$grpc_port" >"$said" || return 1
  for line in 'relapse.assessment.v1.AssessmentService  Serving  ' 'relapse.mrd.v1.MrdService  Serving  ' \
    'protocols/all-rez-bfm/versions/2002.1: HIGH' 'InvalidArgument (INVALID_REQUEST): ' '  case.marrow.blasts_percent: must be 0 to 100 percent' \
    'case-300 InvalidArgument (INVALID_REQUEST): ' '500 cases, 1 refused'; do
    grep -qF -- "$line" "$said" || {
      echo "the program does not say: $line" >&2
      cat "$said" >&2
      return 1
    }
  done
}

packed_descriptor_set() {
  "$tools/.bin/buf" curl --protocol grpc --http2-prior-knowledge --schema "$package/protos/relapse.protoset#format=binpb" \
    --data @examples/early-isolated-marrow.json \
    "http://127.0.0.1:$grpc_port/relapse.classification.v1.ClassificationService/ClassifyRelapse" >"$work/packed.json" &&
    grep -q '"ISOLATED_MARROW"' "$work/packed.json"
}

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
check "the client is packed with the contract's types, protos and descriptor set" package_client
check "a program that has the package alone compiles" program_with_the_package
check "that program checks the server, is answered, is refused, and runs a cohort" the_program_calls
check "buf curl calls with the packed descriptor set" packed_descriptor_set
