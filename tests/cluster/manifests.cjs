// Holds rendered manifests to the models of their kinds: what is required, enums, quantities, formats. Unknown fields are found by the
// other validator, in tests/Relapse.Tests/Cluster.
//   node tests/cluster/manifests.cjs FILE...
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const Ajv = require('ajv');
const { parseAllDocuments } = require('yaml');

const tools = path.join(__dirname, '../../tools/node_modules');
const text = { type: 'string', minLength: 1 };
const pairs = { type: 'array', items: { type: 'object', required: ['name'], additionalProperties: false, properties: {
  name: text, value: {}, secretKeyRef: { type: 'object', required: ['name', 'key'], additionalProperties: false, properties: { name: text, key: text } } } } };
// Nobody publishes models of Dapr's kinds; these are the parts of their definitions that the chart uses.
const dapr = {
  Component: { type: 'object', required: ['type', 'version', 'metadata'], additionalProperties: false, properties: { type: text, version: text, metadata: pairs } },
  Subscription: { type: 'object', required: ['pubsubname', 'topic', 'routes'], additionalProperties: false, properties: {
    pubsubname: text, topic: text, deadLetterTopic: text, routes: { type: 'object', required: ['default'], additionalProperties: false, properties: { default: { type: 'string', pattern: '^/' } } } } },
};

async function modelOf(apiVersion, kind) {
  if (apiVersion.startsWith('gateway.networking.k8s.io/')) {
    // Modules only, which NODE_PATH says nothing to.
    return (await import(pathToFileURL(path.join(tools, '@kubernetes-models/gateway-api', apiVersion, 'index.js')).href))[kind];
  }
  const where = apiVersion.startsWith('monitoring.coreos.com/') ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';
  return require(`${where}/${apiVersion}`)[kind];
}

async function faultsOf(document) {
  if (document.apiVersion.startsWith('dapr.io/')) {
    const holds = new Ajv({ allErrors: true }).compile(dapr[document.kind]);
    return holds(document.spec) ? [] : holds.errors.map(error => `spec${error.instancePath} ${error.message}`);
  }
  const Model = await modelOf(document.apiVersion, document.kind);
  if (!Model) {
    return ['is of a kind that is not known'];
  }
  try {
    new Model(document).validate();
    return [];
  } catch (fault) {
    return [fault.message];
  }
}

async function main(files) {
  let faults = 0;
  for (const file of files) {
    const documents = parseAllDocuments(fs.readFileSync(file, 'utf8')).map(document => {
      faults += document.errors.length;
      document.errors.forEach(error => console.error(`${file}: ${error.message}`));
      return document.toJS();
    }).filter(Boolean);
    const names = new Set();
    for (const document of documents) {
      const name = `${document.kind} ${document.metadata?.name}`;
      const said = await faultsOf(document);
      if (names.has(`${document.apiVersion} ${name}`)) {
        said.push('is there twice');
      }
      names.add(`${document.apiVersion} ${name}`);
      said.forEach(fault => console.error(`${file}: ${name} ${fault}`));
      faults += said.length;
    }
    if (documents.length === 0) {
      console.error(`${file}: nothing in it`);
      faults += 1;
    }
  }
  process.exit(faults === 0 ? 0 : 1);
}

main(process.argv.slice(2));
