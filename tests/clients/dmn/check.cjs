// Judges the DMN that a running Relapse exports: node check.cjs URL [CASES]. Each version is read by dmn-moddle without a warning; every
// table is evaluated by the FEEL engine feelin, and must have at most one rule for each case and answer what the service answers to that
// case over JSON, where the service's own engine knows nothing of FEEL. Random cases, always the same ones.
'use strict';

const assert = require('node:assert/strict');

const url = process.argv[2];
const cases = Number(process.argv[3] ?? 2000);
const batch = 100;
let seed = 20261124;

function random(below) {
  // Park and Miller's, so that each run has the same cases.
  seed = (seed * 48271) % 2147483647;
  return seed % below;
}

const pick = (values) => values[random(values.length)];

async function ask(path, body) {
  const response = await fetch(url + path, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  assert.ok(response.ok, `${path}: ${text.slice(0, 400)}`);
  return text;
}

/** The file as tables, read by dmn-moddle. */
async function read(xml, { DmnModdle }) {
  const { rootElement, warnings } = await new DmnModdle().fromXML(xml);
  assert.deepEqual(warnings.map((warning) => warning.message), []);
  assert.ok(rootElement.dmnDI.diagrams[0].diagramElements.length > 0, 'nothing is drawn');
  const elements = rootElement.drgElement;
  const decisions = elements.filter((element) => element.$type === 'dmn:Decision').map((decision) => {
    const table = decision.decisionLogic;
    assert.equal(table.$type, 'dmn:DecisionTable');
    assert.equal(table.hitPolicy, 'UNIQUE');
    return {
      name: decision.name,
      id: decision.id.replace(/^decision\./, ''),
      needs: (decision.informationRequirement ?? []).map((requirement) => requirement.requiredDecision?.href).filter(Boolean).map((href) => href.replace('#decision.', '')),
      inputs: table.input.map((clause) => clause.inputExpression.text),
      rules: table.rule.map((rule) => ({
        cells: rule.inputEntry.map((entry) => entry.text),
        then: rule.outputEntry[0].text,
        hits: 0,
      })),
    };
  });
  const types = new Map(rootElement.itemDefinition.map((item) => [item.name, item.allowedValues.text]));
  const data = elements.filter((element) => element.$type === 'dmn:InputData')
    .map((input) => ({ name: input.name, id: input.id.replace(/^input\./, ''), allowed: types.get(input.variable.typeRef), own: (input.extensionElements?.values ?? []).map((value) => value.$type) }));
  return { decisions: inOrder(decisions), data };
}

/** Each decision after those that it needs. */
function inOrder(decisions) {
  const done = [];
  const visit = (decision) => {
    if (!done.includes(decision)) {
      decision.needs.forEach((id) => visit(decisions.find((other) => other.id === id)));
      done.push(decision);
    }
  };
  decisions.forEach(visit);
  return done;
}

function evaluator({ unaryTest, evaluate }) {
  const known = new Map();
  const holds = (cell, value) => {
    const key = `${cell}|${JSON.stringify(value)}`;
    if (!known.has(key)) {
      known.set(key, unaryTest(cell, { '?': value }).value === true);
    }
    return known.get(key);
  };
  return (model, context) => {
    const values = { ...context };
    for (const decision of model.decisions) {
      const matching = decision.rules.filter((rule) => rule.cells.map((cell, index) => holds(cell, values[decision.inputs[index]] ?? null)).every(Boolean));
      assert.ok(matching.length <= 1, `${decision.name}: ${matching.length} rules at ${JSON.stringify(values)}`);
      matching.forEach((rule) => (rule.hits += 1));
      values[decision.name] = matching.length === 0 ? null : evaluate(matching[0].then).value;
    }
    return values;
  };
}

const words = (allowed) => [...allowed.matchAll(/"([^"]+)"/g)].map((match) => match[1]);

/** Numbers at, just below and just above every number in the cells on an input. */
function numbers(model, name, count) {
  const cells = model.decisions.flatMap((decision) => decision.inputs.flatMap((input, index) => (input === name ? decision.rules.map((rule) => rule.cells[index]) : [])));
  const ends = [...new Set(cells.flatMap((cell) => (cell.match(/[0-9.]*[0-9]/g) ?? []).map(Number)))];
  const step = count ? 1 : Math.min(0.5, ...ends.filter((end) => end > 0).map((end) => end / 2));
  return [...new Set([0, ...ends, ...ends.map((end) => end + step), ...ends.map((end) => end - step)])].filter((number) => number >= 0);
}

const counts = ['relapse_number', 'csf_consecutive_positive_samples', 'other_sites_involved'];
const most = { marrow_blasts_percent: 100, mrd_day_33: 1, mrd_day_78: 1, age_at_diagnosis_years: 130, age_at_relapse_years: 130 };
const notWritten = ['marrow_tests_highest_percent', 'marrow_tests_second_highest_percent', 'second_marrow_tests_second_highest_percent'];
// Which result stands for a measurement is for the protocol, not in the file; a response is one of several fields that hang together. No
// lines for either: decisions that look at them, or need one that does, are skipped and counted.
const notTold = /^(mrd_(decision|pre_transplant|at_relapse)_(level|method)|response_.*|reinduction_given|reinduction_completed|died|second_malignancy|remission_reached_before|dfs_event_before)$/;

/** The decisions that come to a fact which the service is not told of. They stand in order. */
function skipped(model) {
  const facts = new Set(model.data.filter((input) => input.own.length === 0 && notTold.test(input.name)).map((input) => input.name));
  const names = new Set();
  for (const decision of model.decisions) {
    if (decision.inputs.some((input) => facts.has(input) || names.has(input)) || decision.needs.some((id) => names.has(id))) {
      names.add(decision.name).add(decision.id);
    }
  }
  return model.decisions.filter((decision) => names.has(decision.id));
}

/** Every fact of a child, so that nothing contradicts the rest. */
function child(model, choices) {
  const facts = {};
  const usual = random(3) > 0;
  for (const { name } of model.data.filter((input) => choices[input.name])) {
    facts[name] = pick(choices[name]);
  }
  if (usual) {
    Object.assign(facts, { relapse_number: 1, first_remission: 'ACHIEVED', prior_transplant: 'NONE', disease: 'ACUTE_LYMPHOBLASTIC' });
  }
  // Most findings are absent in most children; else one of many would hide what the others come to.
  const quiet = { cns_clinical_signs: 'ABSENT', cns_imaging_mass: 'ABSENT', csf_blasts: 'ABSENT', testicular_enlargement: 'NONE', testicular_biopsy: 'NOT_DONE', contralateral_testicular_biopsy: 'NOT_DONE', other_sites_involved: 0, blood_blasts: 'ABSENT' };
  for (const name of Object.keys(quiet).filter((each) => facts[each] !== undefined && random(2) === 0)) {
    facts[name] = quiet[name];
  }
  facts.relapse_number = Math.max(1, facts.relapse_number ?? 1);
  if (facts.relapse_number > 1) {
    facts.first_remission = 'ACHIEVED';
  }
  if (facts.csf_blasts === 'ABSENT') {
    facts.csf_consecutive_positive_samples = 0;
  }
  if (facts.sex === 'FEMALE') {
    Object.assign(facts, { testicular_enlargement: undefined, testicular_biopsy: 'NOT_DONE', contralateral_testicular_biopsy: 'NOT_DONE' });
  }
  if (facts.lineage === 'B_CELL_PRECURSOR') {
    facts.early_t_precursor = 'ABSENT';
  }
  if (facts.first_remission === 'NOT_ACHIEVED') {
    facts.induction_failure = 'PRESENT';
  }
  if (facts.months_from_therapy_end > facts.months_from_diagnosis) {
    facts.months_from_therapy_end = facts.months_from_diagnosis;
  }
  if (facts.months_from_therapy_end === 'ON_TREATMENT') {
    facts.therapy_stopped_early = 'NO';
  }
  if (facts.other_sites_involved > 4) {
    facts.other_sites_involved = 4;
  }
  return facts;
}

const found = (word, present) => (word === undefined ? undefined : word === present);
const some = (object) => (Object.values(object).some((value) => value !== undefined) ? object : undefined);

/** The same child as the service is told of it. */
function told(facts) {
  const onTreatment = facts.months_from_therapy_end === 'ON_TREATMENT';
  const sites = ['SITE_SKIN', 'SITE_BONE', 'SITE_ORBIT', 'SITE_KIDNEY'];
  const disease = { MATURE_B: 'LINEAGE_MATURE_B', LYMPHOMA: 'LINEAGE_LYMPHOMA' }[facts.disease];
  const text = (number) => (number === undefined ? undefined : String(number));
  return {
    relapseNumber: facts.relapse_number,
    firstRemissionAchieved: found(facts.first_remission, 'ACHIEVED'),
    lineage: disease ?? (facts.lineage && `LINEAGE_${facts.lineage}`),
    earlyTPrecursor: disease ? undefined : found(facts.early_t_precursor, 'PRESENT'),
    sex: facts.sex && `SEX_${facts.sex}`,
    ageAtRelapseYears: facts.age_at_relapse_years,
    timing: some({
      monthsFromDiagnosis: text(facts.months_from_diagnosis),
      monthsFromTherapyEnd: onTreatment ? undefined : text(facts.months_from_therapy_end),
      monthsPrecision: 'MONTHS_PRECISION_EXACT',
      primaryTherapyStatus: onTreatment ? 'PRIMARY_THERAPY_STATUS_ON_TREATMENT' : { NO: 'PRIMARY_THERAPY_STATUS_COMPLETED', YES: 'PRIMARY_THERAPY_STATUS_STOPPED_EARLY' }[facts.therapy_stopped_early],
    }),
    marrow: some({ blastsPercent: facts.marrow_blasts_percent }),
    blood: some({ blastsPresent: found(facts.blood_blasts, 'PRESENT'), wbcPerUl: facts.wbc_at_relapse_per_ul }),
    csf: some({
      wbcPerUl: facts.csf_wbc_per_ul,
      blastsPresent: found(facts.csf_blasts, 'PRESENT'),
      erythrocytesPerUl: facts.csf_erythrocytes_per_ul,
      consecutivePositiveSamples: facts.csf_consecutive_positive_samples,
    }),
    cns: some({ clinicalSigns: found(facts.cns_clinical_signs, 'PRESENT'), imagingMass: found(facts.cns_imaging_mass, 'PRESENT') }),
    testes: facts.sex === 'FEMALE' ? undefined : some({
      enlarged: facts.testicular_enlargement && `TESTICULAR_ENLARGEMENT_${facts.testicular_enlargement}`,
      biopsyPositive: facts.testicular_biopsy === 'NOT_DONE' ? undefined : found(facts.testicular_biopsy, 'POSITIVE'),
      contralateralBiopsyPositive: facts.contralateral_testicular_biopsy === 'NOT_DONE' ? undefined : found(facts.contralateral_testicular_biopsy, 'POSITIVE'),
    }),
    otherSites: sites.slice(0, facts.other_sites_involved ?? 0).map((site) => ({ site, biopsyPositive: true }))
      .concat(facts.other_sites_suspected === 'ANY' ? [{ site: 'SITE_TONSIL', suspected: true, biopsyPositive: false }] : []),
    otherSitesAssessed: true,
    primaryDisease: some({
      ageYears: facts.age_at_diagnosis_years,
      wbcPerUl: facts.wbc_at_diagnosis_per_ul,
      cnsStatus: facts.cns_status_at_diagnosis && `CNS_STATUS_${facts.cns_status_at_diagnosis.slice(3)}`,
      prednisoneResponse: facts.prednisone_response && `PREDNISONE_RESPONSE_${facts.prednisone_response}`,
      inductionFailure: found(facts.induction_failure, 'PRESENT'),
      mrdDay33: text(facts.mrd_day_33),
      mrdDay78: text(facts.mrd_day_78),
    }),
    genetics: Object.entries(facts).filter(([name, word]) => /^marker_.*_at_diagnosis$/.test(name) && word)
      .map(([name, word]) => ({ marker: `GENETIC_MARKER_${name.slice(7, -13).toUpperCase()}`, status: `FINDING_STATUS_${word}`, time: 'FINDING_TIME_DIAGNOSIS' })),
    treatment: some({ arm: facts.treatment_arm }),
    history: some({ noPriorTransplant: found(facts.prior_transplant, 'NONE') }),
  };
}

/** What the tables say, for everything that a finding to come may show. */
function said(model, run, facts) {
  const findings = model.data.filter((input) => input.own.includes('relapse:finding') && model.decisions.some((decision) => decision.inputs.includes(input.name)));
  const contexts = findings.reduce((known, finding) => known.flatMap((context) => words(finding.allowed).map((word) => ({ ...context, [finding.name]: word }))), [facts]);
  const results = contexts.map((context) => run(model, context));
  return (decision) => [...new Set(results.map((values) => values[decision.name]))];
}

function compare(asked, answer, tables, facts) {
  const decision = asked.find((each) => each.id === answer.decision);
  if (!decision || answer.outcome === 'OUTCOME_INCONSISTENT') {
    return false;
  }
  const concluded = answer.outcome === 'OUTCOME_OUT_OF_SCOPE' ? [null] : answer.possible;
  assert.deepEqual(tables(decision).map(String).sort(), concluded.map(String).sort(), `${answer.decision} of ${JSON.stringify(facts)}: tables against service`);
  return true;
}

async function check(version, engines) {
  const xml = await ask(`/v1/registry/${version}/dmn`);
  const model = await read(xml, engines);
  const run = evaluator(engines);
  const readings = model.data.filter((input) => input.own.includes('relapse:reading'));
  const facts = model.data.filter((input) => input.own.length === 0 && !notWritten.includes(input.name) && !notTold.test(input.name));
  const choices = Object.fromEntries(facts.map((input) => [
    input.name,
    [...words(input.allowed), ...(/[0-9]/.test(input.allowed.replace(/"[^"]*"/g, '')) ? numbers(model, input.name, counts.includes(input.name)).filter((number) => number <= (most[input.name] ?? 1e9)) : [])],
  ]));
  const without = skipped(model);
  const ours = model.decisions.filter((decision) => !without.includes(decision));
  let compared = 0;
  const primary = model.decisions.some((decision) => decision.id === 'nci_group');
  for (let done = 0; done < cases; done += batch) {
    const chosen = readings.map((reading) => ({ protocol: version, reading: reading.name, value: pick(words(reading.allowed)) }));
    const children = Array.from({ length: batch }, () => child(model, choices));
    const answers = primary ? await one(version, chosen, children) : await many(version, chosen, children);
    children.forEach((each, index) => {
      const context = Object.fromEntries([...Object.entries(each), ...chosen.map((choice) => [choice.reading, choice.value])]);
      const tables = said({ ...model, decisions: ours }, run, context);
      compared += answers[index].filter((answer) => compare(ours, answer, tables, each)).length;
    });
  }
  const asked = primary ? model.decisions.filter((decision) => decision.id === 'nci_group' || decision.id.startsWith('primary_feature.')) : ours;
  const idle = asked.flatMap((decision) => decision.rules.map((rule, index) => (rule.hits === 0 ? `${decision.id}[${index}]` : null))).filter(Boolean);
  assert.deepEqual(idle, [], `${version}: rules that no case came to`);
  // A protocol all of whose decisions are skipped has nothing to compare, and its line says so.
  assert.ok(compared >= cases || asked.length === 0, `${version}: only ${compared} answers compared`);
  console.log(`${version}: ${compared} answers of ${asked.length} decisions equal${without.length > 0 ? `, ${without.length} skipped that look at MRD or a response` : ''}`);
}

async function many(version, readings, children) {
  const answer = JSON.parse(await ask('/v1/classification/relapses:batchClassify', { protocols: [version], readings, items: children.map((facts, index) => ({ itemId: String(index), case: told(facts) })) }));
  return answer.results.map((result) => {
    assert.ok(result.classification, JSON.stringify(result.error));
    return result.classification.decisions;
  });
}

function one(version, readings, children) {
  return Promise.all(children.map(async (facts) => JSON.parse(await ask('/v1/classification/primaryRisk:assess', { protocols: [version], readings, case: told(facts) })).decisions));
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
