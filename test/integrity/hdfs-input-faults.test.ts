import { createHash } from 'node:crypto';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { StopRequest } from '../../src/run/stop-request.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { HdfsFolder } from '../services/hadoop/hdfs-folder.ts';
import type { Hadoop } from '../services/hadoop/start-hadoop.ts';
import { startProxy } from '../services/proxy.ts';

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['FAULT_RUNS'] ?? 6);
const ROWS = 30_000;
const FEATURES = { id: 'int32', name: 'string' };
const csv = `id,name\n${Array.from({ length: ROWS }, (_, id) => `${id},"text\n${'y'.repeat(id % 60)}"\n`).join('')}`;

/** What becomes of bytes on their way from a DataNode: all pass, or so many and then the end, by a cut or as if that were all. */
type Fault = { readonly kind: 'pass' | 'cut' | 'end' | 'stall'; readonly after: number } | { readonly kind: 'refuse' };

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A proxy that NameNode and DataNode are both reached through. `next` says what becomes of each reading of bytes. */
async function startFaults(hadoop: Hadoop, next: (bytes: number) => Fault | Promise<Fault>) {
  const route = async (asked: IncomingMessage, answer: ServerResponse): Promise<URL | 'handled'> => {
    const url = new URL(asked.url ?? '/', 'http://proxy');
    const dataNode = url.searchParams.get('through');
    if (dataNode === null) return new URL(`${url.pathname}${url.search}`, hadoop.url);
    url.searchParams.delete('through');
    const to = new URL(`${url.pathname}${url.search}`, dataNode);
    if (url.searchParams.get('op') !== 'OPEN') return to;
    const fault = await next(Number(url.searchParams.get('length')));
    if (fault.kind === 'refuse') answer.destroy();
    else carry(to, fault.kind, fault.after, answer);
    return 'handled';
  };
  const location = (to: string): string => {
    const url = new URL(to);
    const { origin } = url;
    url.host = new URL(proxy.url).host;
    url.searchParams.set('through', origin);
    return url.href;
  };
  const proxy = await startProxy({ route, location });
  return proxy;
}

function carry(to: URL, kind: 'pass' | 'cut' | 'end' | 'stall', after: number, answer: ServerResponse): void {
  let left = kind === 'pass' ? Number.POSITIVE_INFINITY : after;
  const onward = request(to, { agent: false }, (said) => {
    // Without a length, so that an early end looks like the end.
    answer.writeHead(said.statusCode ?? 502, { 'content-type': 'application/octet-stream' });
    said.on('data', (bytes: Buffer) => {
      const part = bytes.subarray(0, Math.min(left, bytes.length));
      left -= part.length;
      answer.write(part, () => {
        if (left > 0) return;
        if (kind === 'cut') answer.destroy();
        else if (kind === 'end') answer.end();
      });
      if (left <= 0) onward.destroy();
    });
    said.once('end', () => answer.end());
    said.on('error', () => undefined);
  });
  onward.on('error', () => undefined);
  onward.end();
}

describeWithHadoop('CSV on an HDFS that fails', (hadoop) => {
  async function bed(next: Parameters<typeof startFaults>[1], more: object = {}) {
    const folder = await HdfsFolder.make(hadoop());
    const path = await folder.write('t.csv', csv);
    const proxy = await startFaults(hadoop(), next);
    const project = new Project();
    const declare = (input: string): void => {
      const through = declaredHdfs({ url: `${proxy.url}/webhdfs/v1` }, { attempts: 5, ...more });
      project.declare([datasetOf('t', FEATURES, { source: { path: input, slice_bytes: 200_000 } })], { lake: through });
    };
    project.write('t.csv', csv);
    declare(path);
    const dispose = async (): Promise<void> => {
      await proxy[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      project[Symbol.dispose]();
    };
    return { folder, path, project, proxy, declare, [Symbol.asyncDispose]: dispose };
  }

  const digest = (project: Project, plan: string): string =>
    createHash('sha256')
      .update(project.read('out/t.parquet').toString('latin1').replace(plan, ''), 'latin1')
      .digest('hex');

  it('gives the rows of the whole file whatever breaks off on the way, or nothing', { timeout: 300_000 }, async () => {
    console.log(`seed ${SEED}, ${RUNS} runs (FAULT_SEED, FAULT_RUNS)`);
    let random = randomOf(SEED);
    let broken = 0;
    await using it = await bed((bytes) => {
      const dice = random();
      if (dice > 0.5) return { kind: 'pass', after: 0 };
      broken += 1;
      if (dice < 0.1) return { kind: 'refuse' };
      return { kind: dice < 0.3 ? 'cut' : 'end', after: Math.floor(random() * bytes) };
    });
    const { project, path } = it;
    it.declare('t.csv');
    const local = await project.load();
    const expected = digest(project, local.planHash);
    it.declare(path);
    for (let run = 0; run < RUNS; run += 1) {
      random = randomOf(SEED + run);
      const receipt = await project.load({ workers: 1 + (run % 2) });
      expect(receipt.error, `seed ${SEED}, run ${run}`).toBeNull();
      expect(receipt.rows.published).toBe(ROWS);
      expect(digest(project, receipt.planHash), `seed ${SEED}, run ${run}`).toBe(expected);
    }
    expect(broken).toBeGreaterThan(RUNS);
  });

  it('is asked once for the bytes of a slice, and once for the start of a file', async () => {
    const lengths: number[] = [];
    await using it = await bed((bytes) => {
      lengths.push(bytes);
      return { kind: 'pass', after: 0 };
    });
    const receipt = await it.project.load();
    expect(receipt.error).toBeNull();
    const slices = Math.ceil(csv.length / 200_000);
    expect(slices).toBeGreaterThan(4);
    expect(lengths).toHaveLength(1 + slices);
    expect(Math.max(...lengths)).toBeLessThan(200_000 + 1_200_000);
    const asked = (op: string): number => it.proxy.seen.filter((each) => each.startsWith(`GET ${op} `)).length;
    // The NameNode and the DataNode; the look of each opening, and the one that confirms.
    expect(asked('OPEN')).toBe(2 * (1 + slices));
    expect(asked('GETFILESTATUS')).toBe(1 + slices + 1);
  });

  it.each(['refuse', 'cut', 'end'] as const)('ends cleanly where every reading ends in: %s', async (kind) => {
    await using it = await bed(() => ({ kind, after: 0 }), { attempts: 2 });
    const receipt = await it.project.load();
    expect(receipt).toMatchObject({
      outcome: 'failed',
      error: { code: 'ATLAS_HDFS_UNAVAILABLE' },
      rows: { published: 0 },
    });
    expect(it.project.list('out').filter((name) => name.endsWith('.parquet'))).toEqual([]);
  });

  it('never goes on in another file of the same name', async () => {
    let swap: (() => Promise<unknown>) | null = null;
    await using it = await bed(async (bytes) => {
      await swap?.();
      swap = null;
      return { kind: bytes > 100_000 ? 'cut' : 'pass', after: Math.floor(bytes / 2) };
    });
    for (const workers of [1, 2]) {
      let reading = 0;
      swap = async () => {
        reading += 1;
        await it.folder.write('t.csv', csv.replaceAll('y', 'z'));
      };
      const receipt = await it.project.load({ workers });
      expect(reading).toBe(1);
      expect(receipt).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_INPUT_CHANGED' } });
    }
  });

  it.each([1, 2])('stops where it stands when it is told to, with %s workers', async (workers) => {
    const stop = new AbortController();
    let readings = 0;
    await using it = await bed((bytes) => {
      readings += 1;
      if (readings === 2) setTimeout(() => stop.abort(new StopRequest('SIGINT')), 100);
      return { kind: readings > 1 ? 'stall' : 'pass', after: Math.floor(bytes / 3) };
    });
    const { receipts, exitCode } = await it.project.run({ workers, signal: stop.signal });
    expect(exitCode).toBe(130);
    expect(receipts).toMatchObject([{ outcome: 'failed', error: { code: 'ATLAS_STOPPED' } }]);
    expect(it.project.list('out').filter((name) => name.endsWith('.parquet'))).toEqual([]);
  });
});
