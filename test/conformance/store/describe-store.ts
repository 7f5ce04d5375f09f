import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinPath } from '../../../src/store/path.ts';
import type { Store } from '../../../src/store/store.ts';

/** A store under test and an empty folder in it. */
export interface StoreBed extends AsyncDisposable {
  readonly store: Store;
  readonly root: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const through = { signal: new AbortController().signal };

/** What every store promises. Call it inside a test file, once for each store. */
export function describeStore(name: string, open: () => Promise<StoreBed>): void {
  describe(`store ${name}`, () => {
    let bed: StoreBed;
    let at: (...names: string[]) => string;
    beforeEach(async () => {
      bed = await open();
      at = (...names) => joinPath(bed.root, ...names);
    });
    afterEach(() => bed[Symbol.asyncDispose]());

    const make = async (path: string, text: string) => {
      await using file = await bed.store.create(path, 0o666, through);
      await file.write(bytes(text), through);
      await file.sync(through);
      await file.close();
    };
    const textOf = async (path: string) => {
      await using reader = await bed.store.open(path, through);
      return new TextDecoder().decode(await reader.read(0, reader.length));
    };

    it('appends what is written, and reads it back from any place', async () => {
      await using file = await bed.store.create(at('a'), 0o666, through);
      await file.write(bytes('one '), through);
      await file.write(bytes('two '), through);
      await file.write(new Uint8Array(0), through);
      await file.write(bytes('three'), through);
      expect(file.length).toBe(13);
      await file.sync(through);
      await file.close();
      await using reader = await bed.store.open(at('a'), through);
      expect(reader.length).toBe(13);
      expect(new TextDecoder().decode(await reader.read(4, 7))).toBe('two');
      await expect(reader.read(10, 20)).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
      const sha256 = createHash('sha256').update('one two three').digest('hex');
      expect(await bed.store.checksum(at('a'), through)).toBe(sha256);
    });

    it('streams any range in order, to whoever takes it in whatever portions, and knows what it opened', async () => {
      const content = createHash('sha256').update('seed').digest('hex').repeat(40_000);
      await make(at('a'), content);
      await using reader = await bed.store.open(at('a'), through);
      expect(reader.found).toEqual(await bed.store.look(at('a'), through));
      for (const [from, to] of [
        [0, content.length],
        [17, 2_000_001],
        [content.length - 1, content.length],
        [5, 5],
      ] as const) {
        const parts: Uint8Array[] = [];
        for await (const part of reader.stream(from, to)) parts.push(part);
        expect(Buffer.concat(parts).toString() === content.slice(from, to), `${from} to ${to}`).toBe(true);
      }
      const [one, other] = [reader.stream(0, 1_500_000), reader.stream(1_000_000, 2_500_000)];
      let [first, second] = ['', ''];
      for await (const part of one) {
        first += Buffer.from(part).toString();
        if (second === '') for await (const each of other) second += Buffer.from(each).toString();
      }
      expect(first === content.slice(0, 1_500_000) && second === content.slice(1_000_000, 2_500_000)).toBe(true);
      for await (const part of reader.stream(0, content.length)) if (part.length > 0) break;
      await expect(async () => {
        for await (const _ of reader.stream(0, content.length + 1));
      }).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
    });

    it('stops a stream at once when it is told to', async () => {
      await make(at('a'), 'x'.repeat(3_000_000));
      const stop = new AbortController();
      await using reader = await bed.store.open(at('a'), { signal: stop.signal });
      const stream = reader.stream(0, reader.length)[Symbol.asyncIterator]();
      await stream.next();
      stop.abort(new Error('told to stop'));
      const rest = async (): Promise<void> => {
        while (!(await stream.next()).done);
      };
      await expect(rest()).rejects.toThrow('told to stop');
    });

    it('creates exclusively', async () => {
      await make(at('a'), 'first');
      await expect(bed.store.create(at('a'), 0o666, through)).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
      expect(await textOf(at('a'))).toBe('first');
    });

    it('goes on with a file it suspended, and fails where somebody else wrote to it', async () => {
      await using file = await bed.store.create(at('a'), 0o666, through);
      await file.write(bytes('one '), through);
      await file.suspend(through);
      await file.suspend(through);
      expect(await textOf(at('a'))).toBe('one ');
      await file.write(bytes('two '), through);
      await file.write(bytes('three'), through);
      await file.suspend(through);
      await file.sync(through);
      expect(await textOf(at('a'))).toBe('one two three');
      await file.suspend(through);
      await bed.store.remove(at('a'), through);
      await make(at('a'), 'other');
      await expect(
        (async () => {
          await file.write(bytes('four'), through);
          await file.sync(through);
        })(),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^ATLAS_STORE_(WRITE|SYNC)$/) });
    });

    it('proves what it holds, or says that nothing stands between', async () => {
      await using file = await bed.store.create(at('a'), 0o666, through);
      await file.write(bytes('one '), through);
      await file.suspend(through);
      await file.write(bytes('two'), through);
      await file.sync(through);
      const proof = await file.prove(through);
      await file.close();
      const checksum = await bed.store.askChecksum(at('a'), through);
      if (proof === null) expect(checksum).toBeNull();
      else {
        expect(proof.compared).toBe(`length and ${checksum?.algorithm}`);
        expect(proof.checksum).toEqual(checksum);
      }
    });

    it('keeps identity, length and time of change through a rename', async () => {
      await make(at('draft'), 'new');
      await make(at('target'), 'older');
      const before = await bed.store.look(at('draft'), through);
      const old = await bed.store.look(at('target'), through);
      expect(before).toMatchObject({ kind: 'file', length: 3 });
      expect(before).not.toEqual(old);
      await bed.store.rename(at('draft'), at('target'), through);
      await bed.store.syncFolder(bed.root, through);
      expect(await bed.store.look(at('target'), through)).toEqual(before);
      expect(await bed.store.look(at('draft'), through)).toEqual({ kind: 'absent' });
      expect(await textOf(at('target'))).toBe('new');
    });

    it('looks at an open file as at its path', async () => {
      await using file = await bed.store.create(at('a'), 0o600, through);
      await file.write(bytes('1234'), through);
      await file.setMode(0o640, through);
      await file.sync(through);
      expect(await file.look(through)).toEqual(await bed.store.look(at('a'), through));
      expect(await file.look(through)).toMatchObject({ kind: 'file', length: 4, mode: 0o640 });
    });

    it('makes missing folders, and says which it made', async () => {
      expect(await bed.store.makeFolders(at('x', 'y', 'z'), through)).toEqual([
        at('x'),
        at('x', 'y'),
        at('x', 'y', 'z'),
      ]);
      expect(await bed.store.makeFolders(at('x', 'y', 'w'), through)).toEqual([at('x', 'y', 'w')]);
      expect(await bed.store.makeFolders(at('x', 'y'), through)).toEqual([]);
      await expect(bed.store.makeFolder(at('x'), through)).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
    });

    it('lists a folder', async () => {
      await make(at('b'), '');
      await bed.store.makeFolder(at('a'), through);
      const listed = [...(await bed.store.list(bed.root, through))].sort((p, q) => p.name.localeCompare(q.name));
      expect(listed).toEqual([
        { name: 'a', kind: 'folder' },
        { name: 'b', kind: 'file' },
      ]);
    });

    it('a renamed folder replaces an empty one, never a full one', async () => {
      await bed.store.makeFolder(at('draft'), through);
      await make(at('draft', 'f'), 'x');
      await bed.store.makeFolder(at('target'), through);
      await make(at('target', 'g'), 'y');
      await expect(bed.store.rename(at('draft'), at('target'), through)).rejects.toMatchObject({
        code: 'ATLAS_STORE_WRITE',
      });
      await bed.store.remove(at('target', 'g'), through);
      const identity = await bed.store.look(at('draft'), through);
      await bed.store.rename(at('draft'), at('target'), through);
      expect(await bed.store.look(at('target'), through)).toEqual(identity);
      expect(await textOf(at('target', 'f'))).toBe('x');
    });

    it('removes files and whole folders, and does not mind that nothing is there', async () => {
      await bed.store.makeFolders(at('a', 'b'), through);
      await make(at('a', 'b', 'f'), 'x');
      await make(at('f'), 'x');
      for (let twice = 0; twice < 2; twice++) {
        await bed.store.remove(at('a'), through);
        await bed.store.remove(at('f'), through);
      }
      expect(await bed.store.list(bed.root, through)).toEqual([]);
    });

    it('removes a folder only if it is empty', async () => {
      await bed.store.makeFolders(at('a', 'b'), through);
      expect(await bed.store.removeEmpty(at('a'), through)).toBe(false);
      expect(await bed.store.removeEmpty(at('a', 'b'), through)).toBe(true);
      expect(await bed.store.removeEmpty(at('a', 'b'), through)).toBe(false);
    });

    it('says no room, no confirmation and no luck by different codes', async () => {
      await expect(bed.store.open(at('none'), through)).rejects.toMatchObject({
        code: 'ATLAS_STORE_WRITE',
        message: expect.stringContaining(at('none')),
        place: { file: expect.stringContaining(at('none')) },
        cause: expect.anything(),
      });
      await expect(bed.store.syncFolder(at('none'), through)).rejects.toMatchObject({ code: 'ATLAS_STORE_SYNC' });
    });

    it('does nothing once it is told to stop', async () => {
      const stop = new AbortController();
      const reason = new Error('stop');
      stop.abort(reason);
      await expect(bed.store.makeFolder(at('a'), { signal: stop.signal })).rejects.toBe(reason);
      await expect(bed.store.create(at('a'), 0o666, { signal: stop.signal })).rejects.toBe(reason);
      expect(await bed.store.list(bed.root, through)).toEqual([]);
    });

    it('holds a lock for one run at a time, and leaves nothing of it', async () => {
      const lock = await bed.store.lock(bed.root, 'target', 'run-1', through);
      await lock.confirm(through);
      await expect(bed.store.lock(bed.root, 'target', 'run-2', through)).rejects.toMatchObject({
        code: 'ATLAS_TARGET_LOCKED',
        message: expect.stringContaining('run-1'),
      });
      await using other = await bed.store.lock(bed.root, 'other', 'run-2', through);
      await other.confirm(through);
      await lock[Symbol.asyncDispose]();
      await lock[Symbol.asyncDispose]();
      await expect(lock.confirm(through)).rejects.toMatchObject({ code: 'ATLAS_LOCK_LOST' });
      await using again = await bed.store.lock(bed.root, 'target', 'run-3', through);
      await again.confirm(through);
      await again[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      expect(await bed.store.list(bed.root, through)).toEqual([]);
    });
  });
}
