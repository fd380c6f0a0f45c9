// Judges the DMN that a running Relapse exports: node check.cjs URL [CASES]. Each version is read by dmn-moddle without a warning; every
// table is evaluated by the FEEL engine feelin, and must have at most one rule for each case and come to what the service answers to that
// case over JSON, where the service's own engine knows nothing of FEEL. What is open, a finding to come or a fact that nobody knows, is tried
// at everything that it may be, and the service must leave just that possible. Random cases, always the same ones; each rule must be met.
'use strict';

const assert = require('node:assert/strict');
const { read, words, evaluator, inReach } = require('./tables.cjs');
const { factsOf, child, pick } = require('./child.cjs');

const url = process.argv[2];
const cases = Number(process.argv[3] ?? 600);
const batch = 100;
const most = 10;

// Which call answers a decision; the rest are those of a classification.
const mrd = ['mrd_response', 'mrd_band', 'mrd_timing_prognosis', 'pre_transplant_mrd'];
const response = [
  'response_marrow_status', 'count_recovery.a', 'count_recovery.b_low', 'count_recovery.b_high', 'cns_remission', 'testicular_remission', 'remission',
  'reinduction', 'refractory', 'relapse_after_remission', 'dfs_event',
];
const classification = ['marrow_status', 'cns_involvement', 'testicular_involvement', 'other_involvement', 'extramedullary_site', 'relapse_site', 'timing', 'risk_group'];
const calls = [
  { answers: (id) => classification.includes(id), ask: (asked) => many('/v1/classification/relapses:batchClassify', 'classification', asked) },
  { answers: (id) => mrd.includes(id), ask: (asked) => many('/v1/mrd/results:batchInterpret', 'interpretation', asked) },
  { answers: (id) => /^(post_remission|salvage_path|local_therapy\..*)$/.test(id), ask: (asked) => many('/v1/transplant/eligibility:batchAssess', 'assessment', asked) },
  { answers: (id) => response.includes(id), ask: (asked) => many('/v1/mrd/responses:batchAssess', 'assessment', asked) },
  { answers: (id) => id === 'nci_group' || id.startsWith('primary_feature.'), ask: one },
];

async function ask(path, body) {
  const response = await fetch(url + path, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${text.slice(0, 400)}`);
  return text;
}

async function many(path, answer, { version, readings, children }) {
  const { results } = JSON.parse(await ask(path, { protocols: [version], readings, items: children.map(({ told }, index) => ({ itemId: String(index), case: told })) }));
  return results.map((result, index) => {
    assert.ok(result[answer], `${JSON.stringify(result.error)} of ${JSON.stringify(children[index].told)}`);
    return result[answer].decisions;
  });
}

function one({ version, readings, children }) {
  return Promise.all(children.map(async ({ told }) => JSON.parse(await ask('/v1/classification/primaryRisk:assess', { protocols: [version], readings, case: told })).decisions));
}

/** What no fact answers, with all that it may come to. */
function findings(model) {
  const asked = model.data.filter((input) => input.own.includes('relapse:finding') && model.decisions.some((decision) => decision.inputs.includes(input.name)));
  return Object.fromEntries(asked.map((finding) => [finding.name, words(finding.allowed)]));
}

function compare(decision, answer, comes, { facts, open, told }) {
  if (!decision || answer.outcome === 'OUTCOME_INCONSISTENT') {
    return false;
  }
  const concluded = answer.outcome === 'OUTCOME_OUT_OF_SCOPE' ? [null] : answer.possible.map((word) => (word === 'OUT_OF_SCOPE' ? null : word));
  assert.deepEqual(
    comes(decision).map(String).sort(),
    concluded.map(String).sort(),
    `${answer.decision} of ${JSON.stringify(facts)}, open ${JSON.stringify(open)}, told ${JSON.stringify(told)}: tables against service, ${answer.outcome}`,
  );
  return true;
}

async function check(version, engines) {
  const model = await read(await ask(`/v1/registry/${version}/dmn`), engines);
  const { measurements = {} } = JSON.parse(await ask(`/v1/registry/${version}`)).version.document;
  const [run, known, toCome] = [evaluator(model, engines), factsOf(model, engines), findings(model)];
  const readings = model.data.filter((input) => input.own.includes('relapse:reading'));
  const byId = new Map(model.decisions.map((decision) => [decision.id, decision]));
  const needed = calls.filter((call) => model.decisions.some((decision) => call.answers(decision.id)));
  const compared = new Map(model.decisions.map((decision) => [decision.id, 0]));
  const reached = inReach(model, known.values, engines);
  const idle = () => model.decisions.flatMap((decision) => decision.rules.filter((rule) => rule.hits === 0 && reached(decision, rule)).map((rule) => `${decision.id}: ${rule.cells.join(' | ')}`));
  // A rule of few children may want more of them to be met.
  for (let done = 0; done < cases || (done < most * cases && idle().length > 0); done += batch) {
    const chosen = readings.map((reading) => ({ protocol: version, reading: reading.name, value: pick(words(reading.allowed)) }));
    const children = Array.from({ length: batch }, () => child(known, measurements));
    const answers = await Promise.all(needed.map((call) => call.ask({ version, readings: chosen, children })));
    children.forEach((each, index) => {
      const facts = { ...each.facts, ...Object.fromEntries(chosen.map((choice) => [choice.reading, choice.value])) };
      const comes = run(facts, { ...toCome, ...each.open });
      for (const answer of answers.flatMap((ofCall) => ofCall[index])) {
        const id = answer.decision;
        compared.set(id, (compared.get(id) ?? 0) + (compare(byId.get(id), answer, comes, { ...each, facts }) ? 1 : 0));
      }
    });
  }
  assert.deepEqual(idle(), [], `${version}: rules that no case came to`);
  const seldom = [...byId.keys()].filter((id) => compared.get(id) < cases / 4);
  assert.deepEqual(seldom, [], `${version}: decisions of which too few answers were compared`);
  const cells = model.decisions.reduce((sum, decision) => sum + decision.rules.reduce((count, rule) => count + rule.cells.length, 0), 0);
  console.log(`${version}: ${[...compared.values()].reduce((sum, count) => sum + count, 0)} answers equal, of all ${model.decisions.length} decisions with ${cells} cells`);
}

(async () => {
  const engines = { ...(await import(require.resolve('dmn-moddle'))), ...(await import(require.resolve('feelin'))) };
  const { protocols } = JSON.parse(await ask('/v1/registry/protocols?pageSize=1000'));
  for (const version of protocols.flatMap((protocol) => protocol.versions)) {
    await check(version, engines);
  }
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
