import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DatasetPlan } from '../../src/flow/dataset-plan.ts';
import type { ColumnSet } from '../../src/flow/drift.ts';
import { parseLogicalType } from '../../src/metadata/logical-type.ts';
import type { Evolution } from '../../src/plan/drift/evolution.ts';
import { evolvePlan } from '../../src/plan/drift/evolve-plan.ts';
import { hasDrifted } from '../../src/plan/drift/has-drifted.ts';
import { judgeDrift, type LastRun } from '../../src/plan/drift/judge-drift.ts';
import { widenType } from '../../src/plan/infer/widen-type.ts';
import { receiptSchema } from '../../src/plan/receipt-schema.ts';
import { openStores, profileInputs } from '../../src/registry.ts';
import { planned } from './planned.ts';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40);
const { signal } = new AbortController();

/** Columns of a file, each with its values; every file has the declared ones. */
type Table = Readonly<Record<string, readonly string[]>>;

const POOLS = [
  ['1', '2', ''],
  ['70000', '5000000000'],
  ['1.5', '12.25', '7'],
  ['x', ''],
  [''],
  ['true', 'false'],
  ['2024-01-01', '2024-01-02'],
  ['2024-01-01 10:00:00.5'],
];
const cells = fc
  .constantFrom(...POOLS)
  .chain((pool) => fc.array(fc.constantFrom(...pool), { minLength: 2, maxLength: 2 }));
const numbers = fc
  .constantFrom(...POOLS.slice(0, 3))
  .chain((pool) => fc.array(fc.constantFrom(...pool), { minLength: 2, maxLength: 2 }));
const tables: fc.Arbitrary<readonly Table[]> = fc.array(
  fc
    .tuple(numbers, fc.dictionary(fc.constantFrom('a', 'b', 'c', 'D', 'd', 'constructor'), cells))
    .map(([id, rest]) => ({ ...rest, id })),
  { minLength: 1, maxLength: 3 },
);

async function evolve(
  inputs: readonly Table[],
  last: LastRun | null,
  order = inputs.map((_, at) => at),
): Promise<Evolution & { last: LastRun }> {
  const root = mkdtempSync(join(tmpdir(), 'atlas-evolve-'));
  try {
    mkdirSync(join(root, 'in'));
    const sets: ColumnSet[] = [];
    for (const [place, at] of order.entries()) {
      const table = inputs[at] as Table;
      const names = Object.keys(table);
      const rows = [0, 1].map((row) => names.map((name) => table[name]?.[row]).join(','));
      const padded = names.length === 1 ? rows.map((row) => (row === '' ? '""' : row)) : rows;
      writeFileSync(join(root, `in/${place}.csv`), `${[names.join(','), ...padded].join('\n')}\n`);
      sets.push({ names, inputs: [`in/${place}.csv`] });
    }
    const features = [{ name: 'id', type: 'int32' }];
    const plan: DatasetPlan = planned({
      root,
      source: { path: 'in/*.csv', features },
      dataset: { on_drift: 'evolve' },
    });
    const verdict = judgeDrift(plan, sets, last);
    const profiles = await profileInputs(plan.source, { signal, stores: openStores({}) });
    const evolution = evolvePlan({ plan, verdict, last, profiles });
    const run = last === null ? 'first' : `after ${last.run}`;
    const after: LastRun = {
      run,
      schema: receiptSchema(evolution.plan),
      columns: verdict.comparison.union,
      drift: evolution.drift,
    };
    return { ...evolution, last: after };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const typesOf = ({ plan }: Evolution) => Object.fromEntries(receiptSchema(plan).map(({ name, type }) => [name, type]));

it('evolving is idempotent, never narrows, and does not care for the order of files', {
  timeout: 300_000,
}, async () => {
  console.log(`seed ${SEED}, ${RUNS} runs (PROPERTY_SEED, PROPERTY_RUNS)`);
  await fc.assert(
    fc.asyncProperty(tables, tables, async (before, now) => {
      const first = await evolve(before, null);
      const again = await evolve(before, first.last);
      expect(again.plan.hash).toBe(first.plan.hash);
      expect(hasDrifted(again.drift, first.drift)).toBe(false);
      const turned = before.map((_, at) => before.length - 1 - at);
      expect(typesOf(await evolve(before, null, turned))).toEqual(typesOf(first));

      const second = await evolve(now, first.last);
      const types = typesOf(second);
      for (const { name, type } of first.last.schema) {
        expect(Object.keys(types)).toContain(name);
        const [was, is] = [parseLogicalType(type), parseLogicalType(types[name] ?? '')];
        if ('problem' in was || 'problem' in is) throw new Error(`${type} ${types[name]}`);
        expect(widenType(was, is)).toEqual(is);
      }
      expect(second.plan.source.features[0]?.name).toBe('id');
      expect(second.plan.source.features.slice(1).every(({ nullable }) => nullable)).toBe(true);
      expect((await evolve(now, second.last)).plan.hash).toBe(second.plan.hash);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
