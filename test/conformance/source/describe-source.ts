import { describe, expect, it } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import type { Source, Survey } from '../../../src/flow/source.ts';
import type { Task } from '../../../src/flow/task.ts';
import { type Reading, readSource, readTask, sumOf } from './read-source.ts';
import { rowsOf } from './rows-of.ts';

/** One way for an input to come in. Sources are opened in debug mode: released batches are poisoned. */
export interface SourceWay {
  readonly name: string;
  open(): Promise<Source>;
}

/** A source under test, over one input of several tasks, with rejects among its rows. */
export interface SourceSubject {
  /** Ways that nobody can tell apart, for a nominal task size; the first may be read by several sources, and again. */
  ways(taskBytes: number): readonly SourceWay[];
  /** Sizes that cut the input into one task, several, and very many. */
  readonly taskBytes: readonly number[];
  /** The input cannot be cut: it is one task, whatever its size, and only row groups go by it. */
  readonly whole?: boolean;
  /** Bytes of the (decompressed) input, in UTF-8; null for a table, whose tasks share no bytes and come in any order. */
  readonly bytes: number | null;
}

/** Opens a subject's input; the folder or server behind it is gone once the bed is disposed. */
export type SourceBed = SourceSubject & Disposable;

const signal = new AbortController().signal;
const all = { rejectLimit: Number.POSITIVE_INFINITY, signal };

/** Rows, rejects and spans: what no size, cut or wrapping may change. Of a table rows and rejects, in no order. */
function seen({ rows, rejects, spans }: Reading, { bytes }: SourceSubject) {
  if (bytes !== null) return { rows, spans, rejects: rejects.map(({ file, ...reject }) => reject) };
  const told = rejects.map(({ column, code, reason, raw }) => ({ column, code, reason, raw }));
  const sorted = <T>(all: readonly T[]): readonly string[] => all.map((each) => JSON.stringify(each)).sort();
  return { rows: sorted(rows), rejects: sorted(told) };
}

/** What another survey of the same source finds again: all but the name of a snapshot. */
function again(reading: Reading): Reading {
  const { state } = reading.survey;
  const named = typeof state === 'object' && state !== null && 'snapshot' in state;
  return named ? { ...reading, survey: { ...reading.survey, state: { ...state, snapshot: '' } } } : reading;
}

/** What every source promises. Call it inside a test file, once for each source. */
export function describeSource(name: string, open: () => SourceBed): void {
  /** Opens the first way in its middle task size, surveyed. */
  async function surveyed<T>(action: (source: Source, survey: Survey, bed: SourceBed) => Promise<T>): Promise<T> {
    using bed = open();
    await using source = await first(bed).open();
    return await action(source, await source.survey({ signal }), bed);
  }

  describe(`source ${name}`, () => {
    it('gives the same rows, rejects and spans whatever the size of tasks', async () => {
      using bed = open();
      const readings: Reading[] = [];
      for (const size of bed.taskBytes) readings.push(await readWay(first(bed, size)));
      const cuts = readings.map(({ tallies, groups }) => (bed.whole ? groups.length : tallies.length));
      expect(new Set(cuts).size).toBeGreaterThan(1);
      expect(readings[0]?.rows.length).toBeGreaterThan(10);
      expect(readings[0]?.rejects.length).toBeGreaterThan(2);
      for (const reading of readings) expect(seen(reading, bed)).toEqual(seen(readings[0] as Reading, bed));
    });

    it('gives the same batches and row groups however the input comes in', async () => {
      using bed = open();
      for (const size of bed.taskBytes) {
        const ways = bed.ways(size);
        const reference = await readWay(ways[0] as SourceWay);
        for (const way of ways.slice(1)) {
          const reading = await readWay(way);
          expect(seen(reading, bed), way.name).toEqual(seen(reference, bed));
          expect(reading.groups, way.name).toEqual(reference.groups);
          expect(reading.batches, way.name).toEqual(reference.batches);
        }
      }
    });

    it('tiles the input: tasks meet, and spans add up to its bytes', async () => {
      using bed = open();
      for (const size of bed.taskBytes) {
        for (const way of bed.ways(size)) {
          const { spans, tallies, rows, rejects } = await readWay(way);
          if (bed.bytes !== null) {
            expect(sumOf(spans), way.name).toBe(bed.bytes);
            expect(tallies.at(-1)?.end).toBe(bed.bytes);
          }
          expect(tallies[0]?.begin).toBe(0);
          for (const [index, tally] of tallies.entries()) {
            if (index > 0) expect(tally.begin).toBe(bed.bytes === null ? 0 : tallies[index - 1]?.end);
            expect(sumOf(tally.spans)).toBe(tally.end - tally.begin);
            expect(tally.stopped).toBe(false);
          }
          expect(tallies.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBe(rows.length + rejects.length);
          expect(tallies.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0)).toBe(rejects.length);
        }
      }
    });

    it('reads a task with a known begin as it reads one that it guessed', async () => {
      using bed = open();
      for (const size of bed.taskBytes) {
        await using source = await first(bed, size).open();
        const guessed = await readSource(source);
        const known = await readSource(source, { known: true });
        expect(known.guessedWrong).toBe(0);
        expect(again({ ...known, guessedWrong: 0 })).toEqual(again({ ...guessed, guessedWrong: 0 }));
      }
    });

    it('gives the same batches for the same cursor, in another source too, from a survey that went through JSON', () =>
      surveyed(async (source, survey, bed) => {
        await using other = await first(bed).open();
        const copy = JSON.parse(JSON.stringify(survey)) as Survey;
        let end = 0;
        for (const task of survey.tasks) {
          const located: Task = task.follows ? { ...task, begin: end } : task;
          const once = await readTask(source, located, survey, all.rejectLimit, signal);
          expect(await readTask(source, located, survey, all.rejectLimit, signal)).toEqual(once);
          expect(await readTask(other, located, copy, all.rejectLimit, signal)).toEqual(once);
          end = once.tally.end;
        }
        await other.confirm(copy.inputs, { signal });
      }));

    it('packs the same rejects that it would hand over one by one, and as many', () =>
      surveyed(async (source) => {
        const plain = await readSource(source);
        const packed = await readSource(source, { packRejects: true });
        expect(again(packed)).toEqual(again(plain));
        for (const rejectLimit of [1, 2]) {
          const few = await readSource(source, { rejectLimit, known: true });
          const same = await readSource(source, { rejectLimit, known: true, packRejects: true });
          expect(again(same)).toEqual(again(few));
        }
      }));

    it('stops at its reject limit, and says so', () =>
      surveyed(async (source) => {
        const whole = await readSource(source);
        const most = Math.max(...whole.tallies.map(({ rowsRejected }) => rowsRejected));
        expect(most).toBeGreaterThan(0);
        const task = whole.survey.tasks[whole.tallies.findIndex(({ rowsRejected }) => rowsRejected === most)] as Task;
        const located = task.follows ? { ...task, begin: whole.tallies[task.index]?.begin ?? null } : task;
        const limited = await readTask(source, located, whole.survey, most, signal);
        expect(limited.rejects.length).toBe(most);
        expect(limited.tally).toMatchObject({ stopped: true, rowsRejected: most });
        const beyond = await readTask(source, located, whole.survey, most + 1, signal);
        expect(beyond.tally.stopped).toBe(false);
      }));

    it('refuses to go on before a batch is released', () =>
      surveyed(async (source, survey) => {
        await using reader = await source.read(survey.tasks[0] as Task, survey.state, all);
        const delivery = await reader.next({ signal });
        await expect(reader.next({ signal })).rejects.toMatchObject({ code: 'ATLAS_INTERNAL' });
        delivery?.batch.release();
        await reader.next({ signal });
      }));

    it('keeps a batch as it is until it is released, and poisons it then', () =>
      surveyed(async (source, survey) => {
        let poisoned = 0;
        for (const task of survey.tasks.slice(0, 3)) {
          await using reader = await source.read(task, survey.state, all);
          for (let delivery = await reader.next({ signal }); delivery; delivery = await reader.next({ signal })) {
            const { batch } = delivery;
            const before = rowsOf(batch);
            await new Promise((done) => setImmediate(done));
            expect(rowsOf(batch)).toEqual(before);
            batch.release();
            if (batch.rows > 0) poisoned += Number(!sameRows(batch, before));
          }
        }
        expect(poisoned).toBeGreaterThan(0);
      }));

    it('stops at once when it is told to', () =>
      surveyed(async (source, survey, bed) => {
        const controller = new AbortController();
        const options = { rejectLimit: Number.POSITIVE_INFINITY, signal: controller.signal };
        await using reader = await source.read(survey.tasks[0] as Task, survey.state, options);
        (await reader.next({ signal: controller.signal }))?.batch.release();
        controller.abort(new Error('told to stop'));
        await expect(reader.next({ signal: controller.signal })).rejects.toThrow('told to stop');
        await expect(source.read(survey.tasks[0] as Task, survey.state, options)).rejects.toThrow('told to stop');
        for (const way of bed.ways(bed.taskBytes[0] as number)) {
          await using late = await way.open();
          await expect(late.survey({ signal: controller.signal }), way.name).rejects.toThrow('told to stop');
        }
      }));

    it('may be disposed at any time, and twice', () =>
      surveyed(async (source, survey) => {
        const reader = await source.read(survey.tasks[0] as Task, survey.state, all);
        await reader.next({ signal });
        await reader[Symbol.asyncDispose]();
        await reader[Symbol.asyncDispose]();
        await expect(reader.next({ signal })).rejects.toBeInstanceOf(AtlasError);
        await source[Symbol.asyncDispose]();
      }));
  });
}

function first(bed: SourceBed, size = bed.taskBytes[1] ?? 0): SourceWay {
  return bed.ways(size)[0] as SourceWay;
}

async function readWay(way: SourceWay): Promise<Reading> {
  await using source = await way.open();
  return await readSource(source);
}

function sameRows(batch: Parameters<typeof rowsOf>[0], before: ReturnType<typeof rowsOf>): boolean {
  try {
    return JSON.stringify(rowsOf(batch)) === JSON.stringify(before);
  } catch {
    return false;
  }
}
