import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import { examineGroup, loadGroup } from '../../src/metadata/load-group.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atlas-metadata-'));
  await mkdir(join(root, 'metadata'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const document = (ocs: string, extra: object = {}, source: object = {}) =>
  JSON.stringify({
    ocs,
    ...extra,
    dataset_config: [
      {
        name: 'a',
        source: { type: 'csv', path: 'a.csv', features: [{ name: 'x', type: 'int' }], ...source },
        destination: { type: 'parquet', path: 'a.parquet' },
      },
    ],
  });

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const request = (
  ocs: string,
  more: { env?: string | null; environment?: Record<string, string | undefined> } = {},
) => ({
  ocs,
  metadataDir: join(root, 'metadata'),
  env: more.env ?? null,
  environment: more.environment ?? {},
});

async function failure(promise: Promise<unknown>): Promise<AtlasError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AtlasError);
  return error as AtlasError;
}

describe('finding the document', () => {
  it('.json or .jsonc; the root is the folder that holds metadata/', async () => {
    await put({ 'metadata/a.json': document('a'), 'metadata/b.jsonc': `// b\n${document('b')}` });
    expect(await loadGroup(request('a'))).toMatchObject({ file: join(root, 'metadata/a.json'), root, warnings: [] });
    expect((await loadGroup(request('b'))).group.ocs).toBe('b');
  });

  it('a document that does not name its group is named by its file', async () => {
    const { ocs: _, ...nameless } = JSON.parse(document('x')) as Record<string, unknown>;
    await put({ 'metadata/shop.json': JSON.stringify(nameless) });
    expect((await loadGroup(request('shop'))).group.ocs).toBe('shop');
  });

  it('comments in a .json file are read, with a warning that names the better name', async () => {
    await put({ 'metadata/a.json': `{\n  // why\n${document('a').slice(1)}` });
    const { group, warnings } = await loadGroup(request('a'));
    expect(group.ocs).toBe('a');
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'ATLAS_META_SYNTAX',
        hint: 'Rename it to a.jsonc.',
        place: expect.objectContaining({ line: 2, column: 3 }) as unknown,
      }),
    ]);
  });

  it('both are one too many', async () => {
    await put({ 'metadata/a.json': document('a'), 'metadata/a.jsonc': document('a') });
    const error = await failure(loadGroup(request('a')));
    expect([error.code, error.message]).toEqual(['ATLAS_META_INVALID', 'a.json and a.jsonc are both there']);
  });

  it('none: the nearest name is suggested', async () => {
    await put({ 'metadata/weather.json': '{}', 'metadata/_connections.json': '{}' });
    const error = await failure(loadGroup(request('wether')));
    expect(error).toMatchObject({ code: 'ATLAS_META_NOT_FOUND', exit: 2, hint: 'Did you mean "weather"?' });
  });

  it.each(['_connections', '../a', '.', '', 'a/b', 'a.b'])('%j is no name of a group', async (name) => {
    await put({ 'metadata/_connections.json': '{}', 'a.json': document('a'), 'metadata/a.b.json': document('a.b') });
    expect(await failure(loadGroup(request(name)))).toMatchObject({ code: 'ATLAS_META_NOT_FOUND' });
  });

  it('no folder', async () => {
    const error = await failure(loadGroup({ ...request('a'), metadataDir: join(root, 'nowhere') }));
    expect(error.code).toBe('ATLAS_META_NOT_FOUND');
  });

  it('a document that is not UTF-8', async () => {
    await put({ 'metadata/a.json': new Uint8Array([0x7b, 0xff, 0x7d]) });
    const error = await failure(loadGroup(request('a')));
    expect([error.code, error.message]).toEqual(['ATLAS_META_INVALID', 'it is not UTF-8']);
  });
});

describe('errors', () => {
  it('one problem is the error itself', async () => {
    await put({ 'metadata/a.json': document('b') });
    const error = await failure(loadGroup(request('a')));
    expect(error.message).toBe('ocs is "b", but the file is named "a"');
    expect(error.place).toMatchObject({ file: join(root, 'metadata/a.json'), line: 1, column: 8, path: 'ocs' });
  });

  it('several are carried by one error', async () => {
    await put({ 'metadata/a.json': document('b', { versoin: 1 }) });
    const error = await failure(loadGroup(request('a')));
    expect(error.message).toBe('2 problems in the metadata of a');
    expect(error.problems.map((problem) => problem.message)).toEqual([
      'ocs is "b", but the file is named "a"',
      'unknown key "versoin"',
    ]);
  });

  it('examineGroup answers them', async () => {
    await put({ 'metadata/a.json': '{' });
    const { group, problems } = await examineGroup(request('a'));
    expect(group).toBeNull();
    expect(problems.map((problem) => problem.code)).toEqual(['ATLAS_META_SYNTAX']);
  });
});

describe('.env beside metadata/', () => {
  it('is read; the real environment wins', async () => {
    await put({
      'metadata/a.json': document('a', {}, { path: '${ONE}/${TWO}.csv' }),
      '.env': 'ONE=file\nTWO=file\n',
    });
    const { group } = await loadGroup(request('a', { environment: { TWO: 'real', ONE: undefined } }));
    expect(group.dataset_config[0]?.source).toHaveProperty('path', 'file/real.csv');
  });

  it('a bad line is a problem, at its line', async () => {
    await put({ 'metadata/a.json': document('a'), '.env': '\nwhat\n' });
    const error = await failure(loadGroup(request('a')));
    expect(error).toMatchObject({ code: 'ATLAS_META_SYNTAX', place: { file: join(root, '.env'), line: 2 } });
  });
});

describe('${file:…}', () => {
  it('holds what the file holds, without its last line end; relative to the project', async () => {
    const absolute = join(root, 'secret');
    await put({
      'metadata/a.json': document('a', {}, { path: `\${file:${absolute}}-\${file:more/two}` }),
      secret: 'one\n',
      'more/two': 'two\r\n\n',
    });
    const { group } = await loadGroup(request('a'));
    expect(group.dataset_config[0]?.source).toHaveProperty('path', 'one-two\r\n');
  });

  it('that is not there is a problem', async () => {
    await put({ 'metadata/a.json': document('a', {}, { path: '${file:/not/there}' }) });
    const error = await failure(loadGroup(request('a')));
    expect(error).toMatchObject({
      code: 'ATLAS_META_VARIABLE',
      message: '${file:/not/there}: it cannot be read: ENOENT',
    });
  });
});

describe('connections', () => {
  const shared = {
    $schema: 'x',
    shop: { type: 'postgresql', host: 'db', database: 'shop', password: '${SHOP}' },
    lake: { type: 'webhdfs', url: 'http://nn' },
  };
  const prod = { shop: { host: 'prod-db' }, lake: { type: 'clickhouse', url: 'https://ch' } };

  it('lie in layers: shared, environment, the document itself', async () => {
    await put({
      'metadata/a.json': document('a', { connections: { shop: { port: 1 } } }),
      'metadata/_connections.json': JSON.stringify(shared),
      'metadata/_connections.prod.jsonc': `// prod\n${JSON.stringify(prod)}`,
    });
    const environment = { SHOP: 'x' };
    const plain = (await loadGroup(request('a', { environment }))).group.connections;
    expect(plain['shop']).toMatchObject({ host: 'db', port: 1, password: 'x' });
    expect(plain['lake']).toMatchObject({ type: 'webhdfs' });
    const { connections } = (await loadGroup(request('a', { environment, env: 'prod' }))).group;
    expect(connections['shop']).toMatchObject({ host: 'prod-db', database: 'shop', port: 1 });
    // another type replaces, instead of leaving keys behind that mean nothing to it
    expect(connections['lake']).toMatchObject({ type: 'clickhouse', url: 'https://ch' });
  });

  it('what a shared one lacks that nobody here uses stops nobody', async () => {
    await put({ 'metadata/a.json': document('a'), 'metadata/_connections.json': JSON.stringify(shared) });
    expect((await loadGroup(request('a'))).warnings).toEqual([]);
  });

  it('what is wrong in one is said at its own file', async () => {
    await put({
      'metadata/a.json': document('a'),
      'metadata/_connections.json': JSON.stringify({ shop: { type: 'postgresql', hots: 'db', database: 'd' } }),
    });
    const error = await failure(loadGroup(request('a')));
    const file = join(root, 'metadata/_connections.json');
    expect(error.problems.map(({ message, place }) => [message, place.file])).toEqual([
      ['the key "host" is missing', file],
      ['unknown key "hots"', file],
    ]);
  });

  it('an unknown environment is an error where there are others, else a warning', async () => {
    await put({ 'metadata/a.json': document('a') });
    const { warnings } = await loadGroup(request('a', { env: 'prod' }));
    expect(warnings.map((warning) => warning.code)).toEqual(['ATLAS_META_NOT_FOUND']);
    await put({ 'metadata/_connections.prod.json': '{}' });
    const error = await failure(loadGroup(request('a', { env: 'prd' })));
    expect(error).toMatchObject({ code: 'ATLAS_META_NOT_FOUND', hint: 'Did you mean "prod"?' });
  });

  it('two documents of one layer are one too many; a list is none', async () => {
    await put({ 'metadata/a.json': document('a'), 'metadata/_connections.json': '[]' });
    expect((await failure(loadGroup(request('a')))).message).toBe('connections are an object, this is not');
    await put({ 'metadata/_connections.jsonc': '{}' });
    expect((await failure(loadGroup(request('a')))).message).toMatch(/are both there$/);
  });
});

it('stops when it is told to', async () => {
  await put({ 'metadata/a.json': document('a') });
  await expect(loadGroup(request('a'), { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
    /stop|abort/i,
  );
});
