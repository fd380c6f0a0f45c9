// Calls a running Relapse over JSON with the types that openapi-typescript generated from its own /openapi.json:
// node client.js URL [batch]. tests/callers.sh generates, compiles and runs it; what the document gets wrong does not
// compile.
import createClient from 'openapi-fetch';
import type { components, paths } from './relapse';

declare const process: { argv: string[]; exitCode: number };

type RelapseCase = components['schemas']['relapse.case.v1.RelapseCase'];
type Status = components['schemas']['google.rpc.Status'];

const relapse = createClient<paths>({ baseUrl: process.argv[2] });

const early: RelapseCase = {
  relapseNumber: 1,
  lineage: 'LINEAGE_T_CELL',
  timing: { monthsFromDiagnosis: '14', primaryTherapyStatus: 'PRIMARY_THERAPY_STATUS_ON_TREATMENT' },
  marrow: { blastsPercent: 80 },
  history: { noPriorTransplant: true },
};

function expect(what: string, is: unknown, wanted: unknown): void {
  if (JSON.stringify(is) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: ${JSON.stringify(is)}, and not ${JSON.stringify(wanted)}`);
  }
}

async function classifies(): Promise<void> {
  const { data, error } = await relapse.POST('/v1/classification/relapses:classify', {
    body: { case: early, protocols: ['protocols/all-rez-bfm'] },
  });
  expect('no error', error, undefined);
  const group = data?.decisions?.find((decision) => decision.decision === 'risk_group');
  expect('the outcome', group?.outcome, 'OUTCOME_DETERMINED');
  expect('the group', group?.possible, ['HIGH']);
}

async function isRefused(): Promise<void> {
  const { error, response } = await relapse.POST('/v1/classification/relapses:classify', {
    body: { case: { marrow: { blastsPercent: 140 } } },
  });
  expect('the HTTP status', response.status, 400);
  expect('the faults', faults(error), ['case.marrow.blasts_percent']);
}

// The details of an error are told apart by their type, and the compiler knows each.
function faults(status: Status | undefined): (string | undefined)[] {
  return (status?.details ?? []).flatMap((detail) =>
    detail['@type'] === 'type.googleapis.com/google.rpc.BadRequest' ? (detail.fieldViolations ?? []).map((fault) => fault.field) : [],
  );
}

async function readsTheRegistry(): Promise<void> {
  const list = await relapse.GET('/v1/registry/protocols', { params: { query: { pageSize: 1 } } });
  expect('the page', list.data?.protocols?.length, 1);
  const version = await relapse.GET('/v1/registry/protocols/{protocol}/versions/{version}', {
    params: { path: { protocol: 'all-rez-bfm', version: '2002.1' } },
  });
  expect('the version', version.data?.version?.name, 'protocols/all-rez-bfm/versions/2002.1');
  expect('64-bit counts are strings', typeof version.data?.version?.certificate?.cells, 'string');
}

async function batches(): Promise<void> {
  const { data } = await relapse.POST('/v1/classification/relapses:batchClassify', {
    body: { items: [{ itemId: 'a', case: early }, { itemId: 'b', case: { marrow: { blastsPercent: 140 } } }] },
  });
  expect('the order', data?.results?.map((result) => result.itemId), ['a', 'b']);
  expect('one refused', data?.results?.map((result) => faults(result.error)), [[], ['case.marrow.blasts_percent']]);
}

// What the document forbids must not compile: an error that does not come is one itself.
// @ts-expect-error an unknown key
const unknownKey: RelapseCase = { marrow: { blastPercent: 80 } };
// @ts-expect-error a number for an enum
const numericEnum: RelapseCase = { lineage: 2 };
// @ts-expect-error a marker that is refused
const unspecifiedMarker: RelapseCase = { genetics: [{ marker: 'GENETIC_MARKER_UNSPECIFIED', status: 'FINDING_STATUS_PRESENT' }] };
// @ts-expect-error a finding without its marker
const missingMarker: RelapseCase = { genetics: [{ status: 'FINDING_STATUS_PRESENT' }] };
void [unknownKey, numericEnum, unspecifiedMarker, missingMarker];

const run = process.argv[3] === 'batch' ? batches() : classifies().then(isRefused).then(readsTheRegistry);
run.catch((failure: unknown) => {
  console.error(failure);
  process.exitCode = 1;
});
