// Random children for the check of DMN files, and how the service is told of each. What is told leaves some facts open: those have all the
// values that they may have, and everything else has one.
'use strict';

const { words, numbers, toldApart, aims } = require('./tables.cjs');

let seed = 20261124;

function random(below) {
  // Park and Miller's, so that each run has the same children.
  seed = (seed * 48271) % 2147483647;
  return seed % below;
}

const pick = (values) => values[random(values.length)];

const counts = ['relapse_number', 'csf_consecutive_positive_samples', 'other_sites_involved'];
const most = (name) => ({ marrow_blasts_percent: 100, response_marrow_blasts_percent: 100, age_at_diagnosis_years: 130, age_at_relapse_years: 130 })[name]
  ?? (/^mrd_/.test(name) ? 1 : /^(second_)?marrow_tests_/.test(name) ? 100 : 1e9);
const marrowTests = ['marrow_tests_highest_percent', 'marrow_tests_second_highest_percent', 'second_marrow_tests_second_highest_percent'];
const methods = ['MRD_METHOD_FLOW', 'MRD_METHOD_PCR_IG_TR', 'MRD_METHOD_NGS', 'MRD_METHOD_PCR_FUSION'];
const reinductions = ['ALL_REZ_BFM', 'ALL_R3', 'AALL01P2', 'OTHER'];
// Below the detection of an assay that reaches this far, and not known any better.
const farthest = '0.00000001';

/** For each fact of a version the values that are tried, and those that stand for all when it is open; and what each rule asks for. */
function factsOf(model, engine) {
  const facts = model.data.filter((input) => input.own.length === 0);
  const values = Object.fromEntries(facts.map(({ name, allowed }) => [
    name,
    [...words(allowed), ...(/[0-9]/.test(allowed.replace(/"[^"]*"/g, '')) ? numbers(model, name, counts.includes(name)).filter((number) => number <= most(name)) : [])],
  ]));
  return { values, aims: aims(model, values, engine), any: Object.fromEntries(facts.map(({ name }) => [name, toldApart(model, name, values[name], engine)])) };
}

/** A child: its facts, those that are open, and what the service is told. */
function child({ values, any, aims }, measurements) {
  const [facts, open] = [plain(values, aims), {}];
  const leave = (name, among = any[name]) => {
    if (values[name]) {
      delete facts[name];
      open[name] = among;
    }
  };
  const tests = results(facts, leave, values, measurements);
  const response = assessed(facts, leave, values);
  const told = relapse(facts);
  // Another disease is told in the place of the lineage.
  if (facts.disease && facts.disease !== 'ACUTE_LYMPHOBLASTIC') {
    leave('lineage');
  }
  // A result counts only after reinductions that leave its time point what it is.
  const not = Object.values(measurements).flatMap((measurement) => [...(measurement.notAfter ?? []), ...(measurement.excluded ?? []).flatMap((excluded) => excluded.after)]);
  if (not.length > 0 && (!facts.reinduction_given || not.includes(`REINDUCTION_${facts.reinduction_given}`))) {
    facts.reinduction_given = pick(reinductions.filter((word) => !not.includes(`REINDUCTION_${word}`)));
  }
  told.treatment = some({ ...told.treatment, reinduction: facts.reinduction_given && `REINDUCTION_${facts.reinduction_given}` });
  return { facts, open, told: { ...told, mrd: tests.mrd, unknown: tests.unknown, responses: response && [...before(facts, response), response] } };
}

/** Every fact of a child, so that nothing contradicts the rest. */
function plain(values, rules) {
  const facts = {};
  const usual = random(3) > 0;
  for (const name of Object.keys(values)) {
    facts[name] = pick(values[name]);
  }
  if (usual) {
    Object.assign(facts, { relapse_number: 1, first_remission: 'ACHIEVED', prior_transplant: 'NONE', disease: 'ACUTE_LYMPHOBLASTIC' });
    if (facts.marker_bcr_abl1) {
      facts.marker_bcr_abl1 = 'ABSENT';
    }
  }
  // Most findings are absent in most children; else one of many would hide what the others come to.
  const quiet = { cns_clinical_signs: 'ABSENT', cns_imaging_mass: 'ABSENT', csf_blasts: 'ABSENT', testicular_enlargement: 'NONE', testicular_biopsy: 'NOT_DONE', contralateral_testicular_biopsy: 'NOT_DONE', other_sites_involved: 0, blood_blasts: 'ABSENT' };
  for (const name of Object.keys(quiet).filter((each) => facts[each] !== undefined && random(2) === 0)) {
    facts[name] = quiet[name];
  }
  if (facts.response_marrow_blasts_percent !== undefined) {
    respond(facts);
  }
  aim(facts, rules);
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
  // What was found at diagnosis was found.
  for (const name of Object.keys(facts).filter((each) => facts[`${each}_at_diagnosis`] === 'PRESENT')) {
    facts[name] = 'PRESENT';
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
  if (facts.sex === 'FEMALE' && facts.response_testes) {
    facts.response_testes = 'NOT_EXAMINED';
  }
  return facts;
}

/** Every other child has what a rule asks for that few children had. */
function aim(facts, rules) {
  if (random(2) === 0) {
    return;
  }
  give(facts, [pick(rules), pick(rules), pick(rules), pick(rules)].reduce((least, other) => (other.rule.hits < least.rule.hits ? other : least)));
}

function give(facts, { wants, feeds }) {
  feeds.forEach((feeders) => give(facts, pick(feeders)));
  for (const [name, values] of wants.filter(([fact, wanted]) => !wanted.includes(facts[fact]))) {
    facts[name] = pick(values);
  }
}

/** Most findings of a response are good in most children, or no remission would be met. */
function respond(facts) {
  const good = {
    response_marrow_blasts_percent: 1, response_marrow: 'DONE', response_blood_blasts: 'ABSENT', response_csf: 'DONE', response_csf_wbc_per_ul: 0, response_csf_blasts: 'ABSENT',
    response_testes: 'NORMAL', response_clinical_signs: 'ABSENT', response_other_sites: 'CLEAR', response_residual_biopsy: 'NEGATIVE', response_wbc_per_ul: 3000,
    response_neutrophils_per_ul: 2000, response_platelets_per_ul: 200000, reinduction_completed: 'YES', died: 'NO', second_malignancy: 'NO', remission_reached_before: 'NO',
  };
  const often = pick([1, 3, 12]);
  for (const name of Object.keys(good).filter((each) => facts[each] !== undefined && random(often) > 0)) {
    facts[name] = good[name];
  }
}

/** The results of tests for minimal residual disease, which are tests of the marrow at relapse, too. */
function results(facts, leave, values, measurements) {
  const mrd = [];
  const none = values[marrowTests[0]] && random(4) === 0;
  for (const [name, measurement] of Object.entries(measurements)) {
    const [level, method] = [`mrd_${name}_level`, `mrd_${name}_method`];
    if (none || random(12) === 0) {
      // No result that counts.
      leave(level);
      leave(method);
      continue;
    }
    const own = measurement.methods ?? methods;
    const result = {
      timePoint: pick(measurement.timePoints),
      specimen: pick(measurement.specimens),
      method: facts[method] === 'OTHER' ? pick(methods.filter((each) => !own.includes(each))) : pick(own),
      unit: 'MRD_UNIT_FRACTION',
    };
    if (facts[level] > 0) {
      result.quantified = String(facts[level]);
    } else {
      Object.assign(result, { belowDetection: true, sensitivity: farthest });
      leave(level, [0, Number(farthest) / 2]);
    }
    mrd.push(result);
  }
  if (none) {
    marrowTests.forEach((name) => (facts[name] = 0));
    return { unknown: [{ field: 'case.mrd', reason: 'UNKNOWN_REASON_NOT_DONE' }] };
  }
  return values[marrowTests[0]] ? listed(leave, mrd) : { mrd };
}

/** Tests of the marrow at relapse, by which one definition of marrow relapse goes: nothing said, or some on one marrow or two. */
function listed(leave, mrd) {
  const how = random(3);
  const least = [0, 0, 0];
  const test = (percent, method, day) => mrd.push({
    timePoint: 'TIME_POINT_AT_RELAPSE', specimen: 'SPECIMEN_MARROW', method, unit: 'MRD_UNIT_PERCENT', quantified: String(percent), collectDate: { year: 2020, month: 5, day },
  });
  const levels = () => [pick([0.5, 1, 4, 5, 30]), pick([0.5, 1, 4, 5, 30])].sort((one, other) => other - one);
  if (how > 0) {
    const first = levels().slice(0, 1 + random(2));
    first.forEach((percent, index) => test(percent, methods[index], 1));
    [least[0], least[1]] = [first[0], first[1] ?? 0];
  }
  if (how > 1) {
    const second = levels();
    second.forEach((percent, index) => test(percent, methods[index], 2));
    least[2] = second[1];
  }
  // Tests that nobody listed may have found more.
  marrowTests.forEach((name, index) => leave(name, [...new Set([least[index], ...[1, 5, 30].filter((percent) => percent > least[index])])]));
  return { mrd };
}

/** One response; what was not looked at is not said, and what that would have found is open. */
function assessed(facts, leave, values) {
  if (!Object.keys(values).some((name) => /^response_|^reinduction_completed$|^died$/.test(name))) {
    return undefined;
  }
  if (facts.response_marrow === 'NOT_DONE') {
    leave('response_marrow_blasts_percent');
  }
  if (facts.response_csf === 'NOT_DONE') {
    leave('response_csf_wbc_per_ul');
    leave('response_csf_blasts');
  }
  // What was found at the relapse itself is no response to what came after it, and nothing came before the first block.
  if (facts.response_time_point === 'AT_RELAPSE' || (facts.response_time_point && facts.dfs_event_before === 'YES')) {
    facts.response_time_point = 'END_OF_INDUCTION';
  }
  return {
    timePoint: `TIME_POINT_${facts.response_time_point ?? 'END_OF_INDUCTION'}`,
    marrowBlastsPercent: facts.response_marrow_blasts_percent,
    wbcPerUl: facts.response_wbc_per_ul,
    neutrophilsPerUl: facts.response_neutrophils_per_ul,
    plateletsPerUl: facts.response_platelets_per_ul,
    bloodBlastsPresent: found(facts.response_blood_blasts, 'PRESENT'),
    csfWbcPerUl: facts.response_csf_wbc_per_ul,
    csfBlastsPresent: found(facts.response_csf_blasts, 'PRESENT'),
    testesNormal: facts.response_testes === 'NOT_EXAMINED' ? undefined : found(facts.response_testes, 'NORMAL'),
    clinicalSigns: found(facts.response_clinical_signs, 'PRESENT'),
    otherSitesClear: facts.response_other_sites === 'NOT_ASSESSED' ? undefined : found(facts.response_other_sites, 'CLEAR'),
    residualBiopsyPositive: facts.response_residual_biopsy === 'NOT_DONE' ? undefined : found(facts.response_residual_biopsy, 'POSITIVE'),
    reinductionCompleted: found(facts.reinduction_completed, 'YES'),
    died: found(facts.died, 'YES'),
    secondMalignancy: found(facts.second_malignancy, 'YES'),
    remissionReachedBefore: found(facts.remission_reached_before, 'YES'),
  };
}

/** An event before the response assessed is shown by one that came before it: a reinduction that had failed. */
function before(facts, response) {
  if (facts.dfs_event_before !== 'YES') {
    return [];
  }
  response.assessDate = { year: 2020, month: 9, day: 1 };
  return [{
    timePoint: 'TIME_POINT_END_OF_BLOCK_1', assessDate: { year: 2020, month: 7, day: 1 }, marrowBlastsPercent: 30, reinductionCompleted: true, died: false,
    secondMalignancy: false, remissionReachedBefore: false,
  }];
}

/** What was found of each marker: at diagnosis, and whenever it was looked for. */
function genetics(facts) {
  return Object.entries(facts).filter(([name, word]) => /^marker_/.test(name) && word).map(([name, word]) => {
    const [marker, first] = [name.replace(/^marker_|_at_diagnosis$/g, ''), name.endsWith('_at_diagnosis')];
    return { marker: `GENETIC_MARKER_${marker.toUpperCase()}`, status: `FINDING_STATUS_${word}`, time: first ? 'FINDING_TIME_DIAGNOSIS' : 'FINDING_TIME_RELAPSE' };
  });
}

/** What was given before this relapse; the lists are whole. */
function given(facts) {
  const agents = { prior_blinatumomab: 'BLINATUMOMAB', prior_inotuzumab: 'INOTUZUMAB', prior_car_t: 'CAR_T', prior_tki: 'TYROSINE_KINASE_INHIBITOR', prior_nelarabine: 'NELARABINE', prior_clofarabine: 'CLOFARABINE' };
  const parts = { prior_irradiation_cns: 'CRANIUM', prior_irradiation_testes: 'TESTES' };
  const told = (names) => (Object.keys(names).some((name) => facts[name]) ? true : undefined);
  return {
    priorAgents: Object.keys(agents).filter((name) => facts[name] === 'PRESENT').map((name) => `PRIOR_AGENT_${agents[name]}`),
    priorAgentsComplete: told(agents),
    priorIrradiation: Object.keys(parts).filter((name) => facts[name] === 'ANY').map((name) => ({ site: `IRRADIATION_SITE_${parts[name]}` })),
    priorIrradiationComplete: told(parts),
  };
}

const found = (word, present) => (word === undefined ? undefined : word === present);
const some = (object) => (Object.values(object).some((value) => value !== undefined) ? object : undefined);

/** The relapse itself, as the service is told of it. */
function relapse(facts) {
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
    genetics: genetics(facts),
    downSyndrome: found(facts.down_syndrome, 'PRESENT'),
    treatment: some({ arm: facts.treatment_arm, transplantPlanned: found(facts.transplant_planned, 'YES') }),
    history: some({ noPriorTransplant: found(facts.prior_transplant, 'NONE'), ...given(facts) }),
  };
}

module.exports = { factsOf, child, pick };
