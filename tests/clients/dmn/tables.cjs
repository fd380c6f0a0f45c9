// DMN files as tables, and what the FEEL engine feelin makes of them.
'use strict';

const assert = require('node:assert/strict');

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

/** The words of a type. */
const words = (allowed) => [...allowed.matchAll(/"([^"]+)"/g)].map((match) => match[1]);

/** Whether a cell holds of a value, each pair asked of the engine once. */
function holder({ unaryTest }) {
  const known = new Map();
  return (cell, value) => {
    if (cell === '-') {
      return true;
    }
    let ofCell = known.get(cell);
    if (!ofCell) {
      known.set(cell, (ofCell = new Map()));
    }
    let holds = ofCell.get(value);
    if (holds === undefined) {
      ofCell.set(value, (holds = unaryTest(cell, { '?': value }).value === true));
    }
    return holds;
  };
}

/** For each input that a decision comes to, directly or not, its name. */
function supports(model) {
  const of = new Map();
  for (const decision of model.decisions) {
    of.set(decision.name, new Set(decision.inputs.flatMap((input) => [...(of.get(input) ?? [input])])));
  }
  return of;
}

// A finding comes out as one of the words that the rules of its cell know; with any other there is no such case.
const never = Symbol('never');

/**
 * What every table says of one child, whose facts are known or, those in `open`, one of several values: for each decision all that it
 * comes to, whatever those are. A decision is evaluated for each choice of the open inputs that it comes to, and for no other.
 */
function evaluator(model, { unaryTest, evaluate }) {
  const [holds, support, outputs] = [holder({ unaryTest }), supports(model), new Map()];
  const output = (text) => {
    if (!outputs.has(text)) {
      outputs.set(text, evaluate(text).value);
    }
    return outputs.get(text);
  };
  const decide = (decision, valueOf) => {
    if (decision.inputs.some((input) => valueOf(input) === never)) {
      return never;
    }
    const matching = decision.rules.filter((rule) => rule.cells.every((cell, index) => holds(cell, valueOf(decision.inputs[index]))));
    if (matching.length > 1) {
      assert.fail(`${decision.name}: ${matching.length} rules`);
    }
    matching.forEach((rule) => (rule.hits += 1));
    return matching.length === 0 ? null : output(matching[0].then);
  };
  return (facts, open) => {
    const comes = new Map();
    for (const decision of model.decisions) {
      const inputs = Object.keys(open).filter((name) => support.get(decision.name).has(name));
      const results = new Map();
      const at = (chosen) => (name) => {
        const feeder = comes.get(name);
        return feeder ? feeder.results.get(feeder.inputs.map((input) => chosen[input]).join('|')) : (chosen[name] ?? facts[name] ?? null);
      };
      for (const chosen of choices(inputs, open)) {
        results.set(inputs.map((input) => chosen[input]).join('|'), decide(decision, at(chosen)));
      }
      ruleOut(results, inputs.findIndex((input) => decision.inputs.includes(input) && input === `finding_for_${decision.name}`));
      comes.set(decision.name, { inputs, results });
    }
    return (decision) => [...new Set(comes.get(decision.name).results.values())].filter((value) => value !== never);
  };
}

/** Where a decision is null for a word of its own finding and something for another, all else the same, the first cannot come. */
function ruleOut(results, finding) {
  if (finding < 0) {
    return;
  }
  const rest = (key) => key.split('|').filter((_, index) => index !== finding).join('|');
  const settled = new Set([...results].filter(([, value]) => value !== null && value !== never).map(([key]) => rest(key)));
  for (const [key, value] of results) {
    if (value === null && settled.has(rest(key))) {
      results.set(key, never);
    }
  }
}

function* choices(inputs, open, chosen = {}) {
  if (inputs.length === 0) {
    yield chosen;
    return;
  }
  for (const value of open[inputs[0]]) {
    yield* choices(inputs.slice(1), open, { ...chosen, [inputs[0]]: value });
  }
}

/** Every cell on an input. */
const cellsOn = (model, name) => model.decisions.flatMap((decision) => decision.inputs.flatMap((input, index) => (input === name ? decision.rules.map((rule) => rule.cells[index]) : [])));

/** Numbers at, just below and just above every number in the cells on an input. */
function numbers(model, name, count) {
  const ends = [...new Set(cellsOn(model, name).flatMap((cell) => (cell.match(/[0-9]+(\.[0-9]+)?/g) ?? []).map(Number)))];
  const step = count ? 1 : Math.min(0.5, ...ends.filter((end) => end > 0).map((end) => end / 2));
  return [...new Set([0, ...ends, ...ends.map((end) => end + step), ...ends.map((end) => end - step)])].filter((number) => number >= 0);
}

/** Columns on an input that have one cell in every rule: scopes, outside of which a decision is null. */
const scopesOn = (model, name) => model.decisions.flatMap(({ inputs, rules }) => inputs
  .map((input, index) => (input === name ? new Set(rules.map((rule) => rule.cells[index])) : new Set()))
  .filter((cells) => cells.size === 1 && rules.length > 1)
  .map((cells) => [...cells][0]));

/**
 * Of values that no cell tells apart one: what may be anything is tried at each of these. The service takes scopes for met as long as they
 * are not known to be otherwise.
 */
function toldApart(model, name, values, engine) {
  const [holds, cells, seen] = [holder(engine), [...new Set(cellsOn(model, name))], new Map()];
  const within = scopesOn(model, name);
  for (const value of values.filter((each) => within.every((cell) => holds(cell, each)))) {
    seen.set(cells.map((cell) => (holds(cell, value) ? 1 : 0)).join(''), value);
  }
  return [...seen.values()];
}

/** For each rule, and for each fact that it looks at itself, the values that it asks for; for each decision, the rules that give one. */
function aims(model, values, engine) {
  const [holds, ofDecision] = [holder(engine), new Map()];
  for (const { name, inputs, rules } of model.decisions) {
    ofDecision.set(name, rules.map((rule) => ({
      rule,
      wants: inputs.map((input, index) => [input, (values[input] ?? []).filter((value) => holds(rule.cells[index], value))]).filter(([, wanted]) => wanted.length > 0),
      feeds: inputs.flatMap((input, index) => (rule.cells[index] === '-' ? [] : [(ofDecision.get(input) ?? []).filter((feeder) => holds(rule.cells[index], JSON.parse(feeder.rule.then)))])).filter((feeders) => feeders.length > 0),
    })));
  }
  return [...ofDecision.values()].flat();
}

/**
 * Whether the tables on the way to a rule ever come to what it asks for: for each decision that it looks at there is a rule that gives one of
 * the words wanted and asks for nothing that the rest excludes, and so on down to the facts. A rule out of reach is one for a conclusion that
 * the facts do not give, and that only a centre can have established.
 */
function inReach(model, values, engine) {
  const holds = holder(engine);
  const byName = new Map(model.decisions.map((decision) => [decision.name, { ...decision, gives: decision.rules.map((rule) => JSON.parse(rule.then)) }]));
  const allowed = new Map(model.data.map((input) => [input.name, values[input.name] ?? words(input.allowed)]));
  const asks = ({ inputs }, rule) => inputs
    .map((input, index) => [input, rule.cells[index]])
    .filter(([, cell]) => cell !== '-')
    .map(([input, cell]) => [input, new Set((byName.get(input)?.gives ?? allowed.get(input)).filter((value) => holds(cell, value)))]);
  const together = (asked, more) => more.reduce((all, [name, wanted]) => all.set(name, new Set([...wanted].filter((value) => all.get(name)?.has(value) ?? true))), new Map(asked));
  const reached = (asked) => {
    if ([...asked.values()].some((wanted) => wanted.size === 0)) {
      return false;
    }
    const last = model.decisions.findLast((decision) => asked.has(decision.name));
    if (!last) {
      return true;
    }
    const [feeder, rest] = [byName.get(last.name), new Map(asked)];
    rest.delete(last.name);
    return feeder.rules.some((rule, index) => asked.get(last.name).has(feeder.gives[index]) && reached(together(rest, asks(feeder, rule))));
  };
  return (decision, rule) => reached(new Map(asks(decision, rule)));
}

module.exports = { read, words, evaluator, numbers, toldApart, aims, inReach };
