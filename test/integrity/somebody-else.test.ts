import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { lawBed } from './law-bed.ts';
import { Life } from './mortal.ts';

/** A life in which something happens right after one step. */
class Eventful extends Life {
  readonly #after: string;
  readonly #event: () => Promise<void>;
  constructor(after: string, event: () => Promise<void>) {
    super(Number.POSITIVE_INFINITY, 'before');
    this.#after = after;
    this.#event = event;
  }
  override async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = await super.step(name, work);
    if (name === this.#after) await this.#event();
    return result;
  }
}

it('what somebody else wrote between intention and commit is never overwritten', async () => {
  await using bed = await lawBed();
  const target = bed.plan.destination.path;
  await bed.load('old', await bed.fragments(3));
  const intruder = new Eventful('intend', async () => {
    await writeFile(bed.at('data', 'foreign'), 'written by somebody else');
    await rename(bed.at('data', 'foreign'), target);
  });

  await expect(bed.load('new', await bed.fragments(9), intruder)).rejects.toMatchObject({
    code: 'ATLAS_TARGET_CONFLICT',
  });

  expect(intruder.steps).not.toContain('commit');
  expect(await readFile(target, 'utf8')).toBe('written by somebody else');
  // the draft is kept, and the intention stays open for whoever decides
  expect((await readdir(bed.at('data'))).filter((name) => name.endsWith('.atlas-draft'))).toHaveLength(1);
  expect(await bed.ledger.pending(target)).toHaveLength(1);

  await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
  expect(await bed.recover({ force: true })).toMatchObject([{ run: 'new', did: 'abandoned' }]);
  expect(await readFile(target, 'utf8')).toBe('written by somebody else');
  expect(await bed.ledger.pending(target)).toEqual([]);
});
