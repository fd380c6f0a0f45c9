// Calls a running Relapse from Node over gRPC: node checks.cjs HOST:PORT RESULTS. For each check one line is added to
// RESULTS: `passed` or `failed`, and its name.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { grpc, connect, call, statusOf } = require('./relapse.cjs');

const [address, results] = process.argv.slice(2);
const classification = connect(address, 'classification', 'ClassificationService');
const mrd = connect(address, 'mrd', 'MrdService');
const registry = connect(address, 'registry', 'RegistryService');

// proto-loader takes the keys of JSON, so an example is a request as it stands.
const example = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, '../../../examples', name), 'utf8'));
const early = example('early-isolated-marrow.json');
const impossible = { case: { marrow: { blastsPercent: 140 }, relapseNumber: 0 } };

const checks = {
  'an answer has what the table in README.md says': async () => {
    const answer = await call(classification, 'classifyRelapse', { ...early, requestId: 'node' });
    const group = answer.decisions.find((one) => one.protocol === 'protocols/all-rez-bfm/versions/2002.1' && one.decision === 'risk_group');
    assert.equal(group.outcome, 'OUTCOME_DETERMINED');
    assert.deepEqual(group.possible, ['HIGH']);
    assert.ok(group.because[0].citations[0].locator.length > 0);
    assert.equal(answer.receipts[0].requestId, 'node');
  },

  'an error has every fault with its path': async () => {
    const error = await call(classification, 'classifyRelapse', impossible).catch((refused) => refused);
    const status = statusOf(error);
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.equal(status.code, grpc.status.INVALID_ARGUMENT);
    assert.equal(status.details.ErrorInfo.domain, 'relapse');
    assert.equal(status.details.ErrorInfo.reason, 'INVALID_REQUEST');
    const fields = status.details.BadRequest.fieldViolations.map((violation) => violation.field);
    assert.deepEqual(fields.sort(), ['case.marrow.blasts_percent', 'case.relapse_number']);
  },

  'a deadline that has passed ends the call': async () => {
    const error = await call(classification, 'classifyRelapse', early, -1).catch((refused) => refused);
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },

  'the registry is called from the same protos': async () => {
    const { protocols } = await call(registry, 'listProtocols', { pageSize: 1 });
    assert.equal(protocols.length, 1);
    const { version } = await call(registry, 'resolveLabel', { name: `${protocols[0].name}/labels/current` });
    assert.ok(protocols[0].versions.includes(version));
  },

  'results of residual disease are interpreted, and a response is assessed': async () => {
    const series = example('mrd-between-the-cut-offs.json');
    const answer = await call(mrd, 'interpretMrd', { ...series, requestId: 'node' });
    const response = answer.decisions.find((one) => one.protocol === 'protocols/ukall-r3/versions/2003.1' && one.decision === 'mrd_response');
    assert.deepEqual(response.possible, ['AT_OR_ABOVE_CUT_OFF']);
    const used = answer.interpretations.find((one) => one.protocol === response.protocol && one.decision === 'mrd_response');
    assert.deepEqual([used.used, used.cutOffs.map((one) => one.level)], ['case.mrd[1]', ['0.0001']]);
    assert.equal(answer.series.changes[0].direction, 'CHANGE_DIRECTION_FALLING');
    const assessed = await call(mrd, 'assessResponse', example('response-count-rules-disagree.json'));
    assert.deepEqual(assessed.countRecovery[0].notRecovered, ['count_recovery.b_high']);
    const { results } = await call(mrd, 'batchInterpretMrd', { items: [{ itemId: 'a', case: series.case }, { itemId: 'b', case: impossible.case }] });
    assert.deepEqual(results.map((one) => [one.itemId, one.result]), [['a', 'interpretation'], ['b', 'error']]);
  },

  'a batch keeps its order, and one refused item does not end the rest': async () => {
    const items = [{ itemId: 'a', case: early.case }, { itemId: 'b', case: impossible.case }, { itemId: 'c', case: early.case }];
    const { results: answered } = await call(classification, 'batchClassifyRelapses', { items });
    assert.deepEqual(answered.map((one) => [one.itemId, one.result]), [['a', 'classification'], ['b', 'error'], ['c', 'classification']]);
    assert.equal(answered[1].error.code, grpc.status.INVALID_ARGUMENT);
  },

  'a cohort is streamed in chunks, answered in order, and summed up at the end': async () => {
    const answers = await cohort([
      { settings: { protocols: ['protocols/all-rez-bfm'], requestId: 'node' } },
      { items: [{ itemId: '1', case: early.case }, { itemId: '2', case: impossible.case }] },
      { items: [{ itemId: '3', case: early.case }] },
    ]);
    const last = answers.at(-1);
    assert.deepEqual(answers.flatMap((one) => one.results ?? []).map((one) => [one.itemId, one.result]), [['1', 'classification'], ['2', 'error'], ['3', 'classification']]);
    assert.deepEqual([last.summary.items, last.summary.classified, last.summary.refused], ['3', '2', '1']);
    assert.equal(last.summary.requestId, 'node');
  },
};

// Writes all messages and reads all answers; a caller with a large cohort waits for `drain` when write() says false.
function cohort(messages) {
  return new Promise((resolve, reject) => {
    const stream = classification.classifyCohort({ deadline: new Date(Date.now() + 30_000) });
    const answers = [];
    stream.on('data', (answer) => answers.push(answer));
    stream.on('error', reject);
    stream.on('end', () => resolve(answers));
    messages.forEach((message) => stream.write(message));
    stream.end();
  });
}

async function run() {
  for (const [name, check] of Object.entries(checks)) {
    let outcome = 'passed';
    try {
      await check();
    } catch (error) {
      outcome = 'failed';
      console.error(error);
    }
    fs.appendFileSync(results, `${outcome} Node over gRPC: ${name}\n`);
  }
  classification.close();
  mrd.close();
  registry.close();
}

run();
