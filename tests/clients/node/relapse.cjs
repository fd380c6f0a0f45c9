// Relapse over gRPC from Node: @grpc/grpc-js and @grpc/proto-loader read the protos, no code is generated. Copy it.
'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const protos = path.join(__dirname, '../../../protos');

const definitions = protoLoader.loadSync(
  ['relapse/classification/v1/classification.proto', 'relapse/mrd/v1/mrd.proto', 'relapse/registry/v1/registry.proto', 'google/rpc/error_details.proto'],
  {
    // Google's protos (google/api, google/rpc, google/type) stand beside ours; tests/callers.sh copies them there.
    includeDirs: [protos, path.join(protos, '.google')],
    enums: String,
    // 64-bit counts as strings, as JSON has them. Without `defaults`, what is absent stays absent: not known is not zero.
    longs: String,
    oneofs: true,
    // Decodes google.protobuf.Any: the details of an error.
    json: true,
  },
);
const packages = grpc.loadPackageDefinition(definitions);

/** A client of one service, e.g. connect('localhost:8081', 'classification', 'ClassificationService'). */
function connect(address, word, service) {
  return new packages.relapse[word].v1[service](address, grpc.credentials.createInsecure());
}

/** One unary call as a promise. A deadline travels with the call; without one it may wait for ever. */
function call(client, rpc, request, seconds = 10) {
  const deadline = new Date(Date.now() + seconds * 1000);
  return new Promise((resolve, reject) =>
    client[rpc](request, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
}

/** The google.rpc.Status behind an error: code, message, and details by type. */
function statusOf(error) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!bytes) {
    return null;
  }
  const { code, message, details } = definitions['google.rpc.Status'].deserialize(bytes);
  const byType = Object.fromEntries(details.map((detail) => [detail['@type'].split('.').pop(), detail]));
  return { code, message, details: byType };
}

module.exports = { grpc, connect, call, statusOf };
