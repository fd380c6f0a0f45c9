// Makes the chart's values.schema.json and the table in its README.md of its values.yaml, so that a value is said once.
//   node tools/chart/documents.mjs          writes both
//   node tools/chart/documents.mjs --check  says what is stale, and writes nothing
// Above each key stands what it means; a line `# @ {...}` adds to its schema.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const chart = new URL('../../charts/relapse/', import.meta.url);
const text = readFileSync(new URL('values.yaml', chart), 'utf8');
const values = parse(text);

// One entry for each key that is not inside a list: its path, its comment, what is added to its schema.
function keys() {
  const found = [];
  const above = [];
  let comment = [];
  for (const line of text.split('\n')) {
    const said = line.match(/^ *# ?(.*)$/);
    const key = line.match(/^( *)([A-Za-z][A-Za-z0-9]*):/);
    if (said) {
      comment.push(said[1]);
    } else if (key) {
      const depth = key[1].length / 2;
      above.length = depth;
      above.push(key[2]);
      if (isOurs(above)) {
        const added = comment.filter(part => part.startsWith('@ ')).map(part => parse(part.slice(2)));
        const meaning = comment.filter(part => !part.startsWith('@ ')).join(' ');
        found.push({ path: [...above], meaning, added: Object.assign({}, ...added) });
      }
      comment = [];
    } else {
      comment = [];
    }
  }
  return found;
}

function at(path) {
  return path.reduce((value, key) => value?.[key], values);
}

// What stands in an open map, or in a list, is an example of the user's own and not a key of the chart.
function isOurs(path) {
  return path.length < 2 || (path[0] !== 'services' && !path.slice(1, -1).some((_, i) => isOpen(path.slice(0, i + 2))) && at(path) !== undefined);
}

function isOpen(path) {
  return ['annotations', 'labels'].includes(path.at(-1));
}

function schemaOf({ path, meaning, added }, entries) {
  const value = at(path);
  const inner = entries.filter(entry => entry.path.length === path.length + 1 && path.every((key, i) => entry.path[i] === key));
  const schema = { description: meaning };
  if (Array.isArray(value)) {
    schema.type = 'array';
  } else if (typeof value === 'object') {
    schema.type = 'object';
    schema.additionalProperties = false;
    if (inner.length > 0) {
      schema.properties = Object.fromEntries(inner.map(entry => [entry.path.at(-1), schemaOf(entry, entries)]));
    }
  } else {
    schema.type = Number.isInteger(value) ? 'integer' : typeof value;
  }
  return { ...schema, ...added };
}

function schema(entries) {
  const root = schemaOf({ path: [], meaning: 'Values of the chart relapse. Made of values.yaml by tools/chart/documents.mjs.', added: {} }, entries);
  const { description, ...service } = root.properties.defaults;
  root.properties.defaults = { description, $ref: '#/definitions/service' };
  root.properties.global = { type: 'object', description: 'Of a chart that this one is part of; nothing here reads it.' };
  return JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...root, definitions: { service } }, null, 2) + '\n';
}

function table(entries) {
  const cell = said => said.replaceAll('|', '\\|');
  const rows = entries.filter(({ path }) => path[0] !== 'services').map(({ path, meaning }) => {
    const value = at(path);
    const isGroup = typeof value === 'object' && !Array.isArray(value) && !isOpen(path) && Object.keys(value).length > 0;
    return `| \`${path.join('.')}\` | ${isGroup ? '' : `\`${cell(JSON.stringify(value))}\``} | ${cell(meaning)} |`;
  });
  const services = Object.entries(values.services).map(([word, given]) =>
    `| \`services.${word}\` | \`${cell(JSON.stringify(given))}\` | Any key of \`defaults\` |`);
  return ['| value | default | meaning |', '|---|---|---|', ...rows, ...services].join('\n');
}

function readme(entries) {
  const old = readFileSync(new URL('README.md', chart), 'utf8');
  const [begin, end] = ['<!-- values -->', '<!-- end of values -->'];
  if (!old.includes(begin) || !old.includes(end)) {
    throw new Error(`README.md has no ${begin} ... ${end}`);
  }
  return `${old.slice(0, old.indexOf(begin))}${begin}\n${table(entries)}\n${old.slice(old.indexOf(end))}`;
}

const entries = keys();
const silent = entries.filter(({ path, meaning }) => path[0] !== 'services' && meaning === '').map(({ path }) => path.join('.'));
if (silent.length > 0) {
  console.error(`values.yaml does not say what these are: ${silent.join(', ')}`);
  process.exit(1);
}

let stale = 0;
for (const [file, made] of [['values.schema.json', schema(entries)], ['README.md', readme(entries)]]) {
  const where = new URL(file, chart);
  if (!process.argv.includes('--check')) {
    writeFileSync(where, made);
  } else if (readFileSync(where, 'utf8') !== made) {
    console.error(`charts/relapse/${file} is stale: node tools/chart/documents.mjs`);
    stale = 1;
  }
}
process.exit(stale);
