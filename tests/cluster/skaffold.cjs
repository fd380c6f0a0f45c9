// Holds skaffold.yaml to skaffold's own schema (skaffold-v4beta13.json, Apache-2.0, of the Skaffold authors; data for this check only).
// A profile is the same kind of thing as the whole, so its parts are held to it too. node tests/cluster/skaffold.cjs FILE
const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv');
const { parse } = require('yaml');

const config = parse(fs.readFileSync(process.argv[2], 'utf8'));
const schema = JSON.parse(fs.readFileSync(path.join(__dirname, `skaffold-${config.apiVersion.split('/')[1]}.json`), 'utf8'));
delete schema.$schema;
const holds = new Ajv({ strict: false, allErrors: true }).compile(schema);
if (!holds(config)) {
  // Its alternatives are tried in turn, and each says why it is not the one; what matters is said deepest.
  const deepest = Math.max(...holds.errors.map(error => error.instancePath.split('/').length));
  const faults = holds.errors.filter(error => error.instancePath.split('/').length >= deepest - 1);
  new Set(faults.map(error => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)).forEach(fault => console.error(fault));
  process.exit(1);
}
