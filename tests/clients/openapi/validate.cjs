// Judges a running Relapse's /openapi.json: node validate.cjs URL. By the OpenAPI 3.1 schema of its authors, by Redocly's
// rules for what a schema cannot say, and by whether real requests and answers are what it says they are.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const Ajv2020 = require('ajv/dist/2020').default;
const { createConfig, lintFromString } = require('@redocly/openapi-core');

const url = process.argv[2];
const examples = path.join(__dirname, '../../../examples');
const files = (wanted) => fs.readdirSync(examples).filter((file) => file.endsWith('.json') && wanted(file));
// What asks something else than a case by itself.
const others = [
  { prefix: 'donors-', rpc: 'relapse.transplant.v1.RankDonors', call: 'donors:rank', word: 'transplant' },
  { prefix: 'outcome-', rpc: 'relapse.outcome.v1.EstimateOutcome', call: 'estimates:make', word: 'outcome' },
];
const ofCases = (file) => !others.some(({ prefix }) => file.startsWith(prefix));

async function isOpenApi(document) {
  const { Validator } = await import(require.resolve('@seriousme/openapi-schema-validator'));
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors, null, 2));
  assert.equal(validator.version, '3.1');
}

async function hasNoProblems(text) {
  const problems = await lintFromString({ source: text, config: await createConfig({ extends: ['recommended'] }) });
  assert.deepEqual(problems.map((problem) => `${problem.ruleId}: ${problem.message} at ${problem.location[0]?.pointer}`), []);
}

function schemasOf(document) {
  // `format` says how wide a number is, which is not for a JSON validator to judge.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'relapse', components: document.components });
  return (name) => ajv.getSchema(`relapse#/components/schemas/${name}`) ?? assert.fail(`no schema ${name}`);
}

function holds(validate, value, what) {
  assert.ok(validate(value), `${what}: ${JSON.stringify(validate.errors)}`);
}

async function matchesWhatIsSaid(schemaOf) {
  const request = schemaOf('relapse.classification.v1.ClassifyRelapseRequest');
  const answer = schemaOf('relapse.classification.v1.ClassifyRelapseResponse');
  for (const name of files(ofCases)) {
    const text = fs.readFileSync(path.join(examples, name), 'utf8');
    holds(request, JSON.parse(text), name);
    holds(answer, await (await post(text)).json(), `the answer to ${name}`);
  }
  await matchesBeyondOneCase(schemaOf);
  const refused = await post('{"case": {"marrow": {"blastsPercent": 140}, "unheardOf": 1}}');
  assert.equal(refused.status, 400);
  holds(schemaOf('google.rpc.Status'), await refused.json(), 'an error');
  const version = await fetch(`${url}/v1/registry/protocols/all-rez-bfm/versions/2002.1`);
  holds(schemaOf('relapse.registry.v1.GetProtocolVersionResponse'), await version.json(), 'a protocol version');
  const list = await fetch(`${url}/v1/registry/protocols`);
  holds(schemaOf('relapse.registry.v1.ListProtocolsResponse'), await list.json(), 'the list of protocols');
  const label = await fetch(`${url}/v1/registry/protocols/all-rez-bfm/labels/current`);
  holds(schemaOf('relapse.registry.v1.ResolveLabelResponse'), await label.json(), 'a label');
  await matchesOnMrd(schemaOf);
  for (const name of files(ofCases)) {
    const text = fs.readFileSync(path.join(examples, name), 'utf8');
    const assessed = await post(text, 'cases:assess', 'assessment');
    assert.equal(assessed.status, 200, name);
    holds(schemaOf('relapse.assessment.v1.AssessCaseResponse'), await assessed.json(), `the assessment of ${name}`);
  }
  for (const { prefix, rpc, call, word } of others) {
    for (const name of files((file) => file.startsWith(prefix))) {
      const text = fs.readFileSync(path.join(examples, name), 'utf8');
      holds(schemaOf(`${rpc}Request`), JSON.parse(text), name);
      holds(schemaOf(`${rpc}Response`), await (await post(text, call, word)).json(), `the answer to ${name}`);
    }
  }
  for (const word of ['assessment', 'classification', 'mrd', 'outcome', 'registry', 'transplant']) {
    const info = await fetch(`${url}/v1/${word}/info`);
    holds(schemaOf(`relapse.${word}.v1.GetServiceInfoResponse`), await info.json(), `what ${word} is`);
  }
}

// A batch with an item of each kind (answered, refused, without a case) and the disease at first diagnosis.
async function matchesBeyondOneCase(schemaOf) {
  const cases = files(ofCases).map((name) => ({ name, case: JSON.parse(fs.readFileSync(path.join(examples, name), 'utf8')).case }));
  const batch = { items: [...cases.map((one) => ({ itemId: one.name, case: one.case })), { itemId: 'refused', case: { marrow: { blastsPercent: 140 } } }, { case: {} }], includeTrace: true };
  holds(schemaOf('relapse.classification.v1.BatchClassifyRelapsesRequest'), batch, 'a batch');
  const answer = await (await post(JSON.stringify(batch), 'relapses:batchClassify')).json();
  assert.equal(answer.results.filter((result) => result.classification).length, batch.items.length - 1);
  holds(schemaOf('relapse.classification.v1.BatchClassifyRelapsesResponse'), answer, 'the answer to a batch');
  for (const one of [...cases, { name: 'an empty case', case: {} }]) {
    const request = { case: one.case };
    holds(schemaOf('relapse.classification.v1.AssessPrimaryRiskRequest'), request, `the first diagnosis of ${one.name}`);
    const assessed = await post(JSON.stringify(request), 'primaryRisk:assess');
    assert.equal(assessed.status, 200, one.name);
    holds(schemaOf('relapse.classification.v1.AssessPrimaryRiskResponse'), await assessed.json(), `the answer to the first diagnosis of ${one.name}`);
  }
}

// Residual disease and response, of every example and of an empty case, alone and in batches.
async function matchesOnMrd(schemaOf) {
  const items = files(ofCases).map((name) => ({ itemId: name, case: JSON.parse(fs.readFileSync(path.join(examples, name), 'utf8')).case }));
  items.push({ itemId: 'empty', case: {} }, { itemId: 'refused', case: { mrd: [{ quantified: '1' }] } });
  for (const [rpc, single, batch] of [['InterpretMrd', 'results:interpret', 'results:batchInterpret'], ['AssessResponse', 'responses:assess', 'responses:batchAssess']]) {
    for (const { itemId, case: known } of items.slice(0, -1)) {
      holds(schemaOf(`relapse.mrd.v1.${rpc}Request`), { case: known }, itemId);
      const answer = await post(JSON.stringify({ case: known }), single, 'mrd');
      assert.equal(answer.status, 200, itemId);
      holds(schemaOf(`relapse.mrd.v1.${rpc}Response`), await answer.json(), `what ${rpc} says of ${itemId}`);
    }
    const many = rpc === 'InterpretMrd' ? 'BatchInterpretMrd' : 'BatchAssessResponses';
    holds(schemaOf(`relapse.mrd.v1.${many}Request`), { items }, many);
    const answer = await (await post(JSON.stringify({ items }), batch, 'mrd')).json();
    assert.equal(answer.results.filter((result) => result.error).length, 1, many);
    holds(schemaOf(`relapse.mrd.v1.${many}Response`), answer, `the answer to ${many}`);
  }
}

// What the document refuses the server refuses, too.
async function refusesWhatIsRefused(schemaOf) {
  const request = schemaOf('relapse.classification.v1.ClassifyRelapseRequest');
  for (const faulty of [
    {},
    { case: {}, unheardOf: 1 },
    { case: { lineage: 2 } },
    { case: { marrow: { blastsPercent: '80' } } },
    { case: { relapseNumber: 1.5 } },
    { case: { genetics: [{ marker: 'GENETIC_MARKER_TP53' }] } },
    { case: { genetics: [{ marker: 'GENETIC_MARKER_UNSPECIFIED', status: 'FINDING_STATUS_PRESENT' }] } },
    { case: { history: { priorAgents: ['PRIOR_AGENT_UNSPECIFIED'] } } },
    { case: { previousRelapses: [{ sites: ['SITE_UNSPECIFIED'] }] } },
    { case: { mrd: [{ unit: 'MRD_UNIT_PERCENT', quantified: '1', notEvaluable: true }] } },
  ]) {
    const text = JSON.stringify(faulty);
    assert.ok(!request(faulty), `the document takes ${text}`);
    assert.equal((await post(text)).status, 400, `the server takes ${text}`);
  }
}

const post = (body, method = 'relapses:classify', word = 'classification') => fetch(`${url}/v1/${word}/${method}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });

async function run() {
  const text = await (await fetch(`${url}/openapi.json`)).text();
  const document = JSON.parse(text);
  await isOpenApi(document);
  await hasNoProblems(text);
  const schemaOf = schemasOf(document);
  await matchesWhatIsSaid(schemaOf);
  await refusesWhatIsRefused(schemaOf);
}

run().catch((failure) => {
  console.error(failure.message);
  process.exitCode = 1;
});
