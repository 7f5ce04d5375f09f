import { expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import type { Sink } from '../../src/flow/sink.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { publishStaged } from '../../src/run/publish-staged.ts';
import { settlePending } from '../../src/run/settle-pending.ts';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import { localStore } from '../../src/store/local-store.ts';
import { receiptOf } from '../conformance/ledger/describe-ledger.ts';
import { fragmentsFor, planFor, sinkBed, through } from '../sink/sink-bed.ts';

/** A sink of which one thing is otherwise. */
function but(sink: Sink, otherwise: Partial<Sink>): Sink {
  return new Proxy(sink, {
    get(target, key) {
      const member = Reflect.get(otherwise, key) ?? Reflect.get(target, key);
      return typeof member === 'function' && !Reflect.has(otherwise, key) ? member.bind(target) : member;
    },
  });
}

it('a commit whose answer was lost stays open, and is settled even if it happens while the next run looks', async () => {
  await using bed = await sinkBed();
  const plan = planFor(bed.at('data', 'out.parquet'));
  await using ledger = await openSqliteLedger(bed.at('state', 'ledger.sqlite'));
  await using sink = await openParquetSink(plan, { ...through, store: localStore });
  await using lock = await sink.lock('run-1', through);
  await using draft = await sink.draft('run-1', through);
  for (const fragment of await fragmentsFor(plan, [{ rows: 3 }])) await draft.write(fragment, through);
  const staged = await draft.stage(through);
  const lost = new AtlasError('ATLAS_HDFS_UNCERTAIN', 'the answer was lost');
  const deaf = but(sink, { commit: () => Promise.reject(lost) });
  const receipt = receiptOf('run-1', 'set', {
    rows: { read: 3, published: 3, rejected: 0, deduplicated: 0, excluded: 0 },
  });
  const publication = { sink: deaf, kind: 'parquet', ledger, lock, staged, receipt, signal: through.signal };
  await expect(publishStaged(publication)).rejects.toBe(lost);
  expect(await ledger.pending(sink.target)).toHaveLength(1);
  const late = but(sink, {
    compare: async (...asked) => {
      const found = await sink.compare(...asked);
      if (asked[1] === 'draft') await sink.commit(staged, through);
      return found;
    },
  });
  const recoveries = await settlePending({ sink: late, ledger, lock, force: false, signal: through.signal });
  expect(recoveries.map(({ did }) => did)).toEqual(['settled']);
  expect(await ledger.pending(sink.target)).toEqual([]);
});
