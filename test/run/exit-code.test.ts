import { expect, it } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import { exitCodeOf, type StopSignal } from '../../src/run/exit-code.ts';

type Ended = Parameters<typeof exitCodeOf>[0][number];

const rows = (rejected: number) => ({ read: 10, published: 10 - rejected, rejected, deduplicated: 0, excluded: 0 });
const ok: Ended = { outcome: 'published', error: null, rows: rows(0) };
const withRejects: Ended = { outcome: 'published', error: null, rows: rows(2) };
const empty: Ended = { outcome: 'skipped', error: null, rows: rows(0) };
const failed = (code: ErrorCode): Ended => ({ outcome: 'failed', error: { code, message: '' }, rows: rows(0) });
const held: Ended = { outcome: 'skipped', error: { code: 'ATLAS_TARGET_SKIPPED', message: '' }, rows: rows(0) };
const after: Ended = { outcome: 'skipped', error: { code: 'ATLAS_NEEDS_FAILED', message: '' }, rows: rows(0) };

it.each<[number, string, readonly Ended[], { stopped?: StopSignal; strict?: boolean }]>([
  [0, 'everything is published', [ok, ok], {}],
  [0, 'nothing was to be done', [], {}],
  [0, 'an empty input is skipped as told', [ok, empty], {}],
  [0, 'rejects are within limits', [withRejects], {}],
  [1, 'rejects are within limits, but strictly none are wanted', [withRejects, ok], { strict: true }],
  [1, 'all fail', [failed('ATLAS_INPUT_EMPTY'), failed('ATLAS_REJECTS_FOUND')], {}],
  [1, 'one fails, and one that needs it is skipped', [failed('ATLAS_INPUT_EMPTY'), after], {}],
  [3, 'some are published, others fail', [ok, failed('ATLAS_REJECTS_FOUND')], {}],
  [
    75,
    'the ledger is out of reach, whatever else',
    [ok, failed('ATLAS_LEDGER_UNAVAILABLE'), failed('ATLAS_STORE_WRITE')],
    {},
  ],
  [
    4,
    'a lock is held, and the ledger out of reach',
    [failed('ATLAS_LEDGER_UNAVAILABLE'), failed('ATLAS_TARGET_LOCKED')],
    {},
  ],
  [2, 'metadata is wrong, whatever else', [ok, failed('ATLAS_TARGET_LOCKED'), failed('ATLAS_META_INVALID')], {}],
  [99, 'a held target is skipped as told', [ok, held], {}],
  [3, 'a held target is skipped, and another dataset fails', [ok, held, failed('ATLAS_STORE_SPACE')], {}],
  [1, 'a held target is skipped, and strictly no rejects are wanted', [withRejects, held], { strict: true }],
  [130, 'SIGINT comes before all', [ok, failed('ATLAS_META_INVALID')], { stopped: 'SIGINT' }],
  [143, 'SIGTERM comes before all', [failed('ATLAS_STOPPED')], { stopped: 'SIGTERM' }],
])('%i: %s', (exit, _why, receipts, { stopped = null, strict = false }) => {
  expect(exitCodeOf(receipts, { stopped, strict })).toBe(exit);
  expect(exitCodeOf([...receipts].reverse(), { stopped, strict })).toBe(exit);
});
