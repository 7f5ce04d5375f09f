import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { Project } from '../run/project.ts';
import { freePort } from '../services/free-port.ts';
import { diagnose } from './doctor-bed.ts';
import { recordedIo } from './recorded-io.ts';

const lake = (url: string | readonly string[], more: object = {}) => ({ type: 'webhdfs', url, user: 'etl', ...more });

async function withServer(
  answer: { status?: number; headers?: Record<string, string>; body: string },
  see: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await see(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('doctor, of servers that are none', () => {
  it('a host that nobody knows', async () => {
    const { exit, failure, steps } = await diagnose(lake('http://nn1.atlas.invalid:9870'));
    expect(exit).toBe(75);
    expect(failure).toMatchObject({ step: 'host', server: 'nn1.atlas.invalid:9870', code: 'ATLAS_HDFS_UNAVAILABLE' });
    expect(failure?.message).toContain('does not know the host nn1.atlas.invalid');
    expect(steps.map(({ step }) => step)).toEqual(['host']);
  });

  it('a port where nobody listens', async () => {
    const port = await freePort();
    const { exit, failure } = await diagnose(lake(`http://127.0.0.1:${port}`));
    expect(exit).toBe(75);
    expect(failure).toMatchObject({ step: 'port', message: `127.0.0.1:${port} refuses the connection (ECONNREFUSED)` });
    expect(failure?.hint).toContain('9870');
  });

  it('both of two: each is told, and no more is tried', async () => {
    const ports = [await freePort(), await freePort()];
    const { exit, steps } = await diagnose(lake(ports.map((port) => `http://127.0.0.1:${port}`)));
    expect(exit).toBe(75);
    expect(steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['host', 'ok'],
      ['port', 'failed'],
      ['host', 'ok'],
      ['port', 'failed'],
      ['active', 'skipped'],
    ]);
  });

  it('a web page: its title, never its text', async () => {
    const body = '<html><head><title>Welcome to nginx!</title></head><body>hunter2</body></html>';
    await withServer({ body, headers: { 'content-type': 'text/html', server: 'nginx/1.25' } }, async (url) => {
      const { exit, failure, text } = await diagnose(lake(url));
      expect(exit).toBe(1);
      expect(failure).toMatchObject({ step: 'webhdfs', code: 'ATLAS_HDFS_PROTOCOL' });
      expect(failure?.message).toContain('an HTML page titled "Welcome to nginx!" (HTTP 200, server "nginx/1.25")');
      expect(text).not.toContain('hunter2');
    });
  });

  it('a login page somewhere else', async () => {
    await withServer(
      { status: 302, body: '', headers: { location: 'https://sso.corp/login?ticket=s3cret' } },
      async (url) => {
        const { exit, failure } = await diagnose(lake(url));
        expect(exit).toBe(1);
        expect(failure?.message).toBe('instead of an answer there is a redirect to sso.corp/login (HTTP 302)');
      },
    );
  });

  it('a gateway that reaches nobody', async () => {
    await withServer({ status: 502, body: 'Bad Gateway', headers: { via: '1.1 proxy7' } }, async (url) => {
      const { exit, failure } = await diagnose(lake(url));
      expect(exit).toBe(75);
      expect(failure?.message).toContain('HTTP 502, through "1.1 proxy7"');
    });
  });

  it('a sign-in that is none of ours', async () => {
    await withServer({ status: 401, body: '', headers: { 'www-authenticate': 'Basic realm="KNOX"' } }, async (url) => {
      const { exit, failure } = await diagnose(lake(url));
      expect([exit, failure?.code]).toEqual([1, 'ATLAS_HDFS_AUTH']);
      expect(failure?.message).toContain('asks to sign in by Basic');
    });
  });

  it('http where https was declared', async () => {
    await withServer({ body: '' }, async (url) => {
      const { exit, failure } = await diagnose(lake(url.replace('http:', 'https:')));
      expect([exit, failure?.step, failure?.code]).toEqual([1, 'tls', 'ATLAS_HDFS_TLS']);
      expect(failure?.message).toContain('does not speak TLS');
    });
  });

  it('a clock that goes wrong is shown, and stops nothing', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    const body = JSON.stringify({ Path: '/user/etl' });
    await withServer({ body, headers: { date, 'content-type': 'application/json' } }, async (url) => {
      const { steps } = await diagnose(lake(url), '/', ['--read-only']);
      const clock = steps.find(({ step }) => step === 'clock');
      expect(clock?.outcome).toBe('warning');
      expect(clock?.message).toMatch(/is (599|600|601) s ahead of that of this machine/);
    });
  });
});

describe('doctor, of what it is asked', () => {
  it.each([
    [['doctor'], 'nothing says which connections to try'],
    [['doctor', '--all', '--connection', 'x'], '--all and --connection are both there'],
    [['doctor', '--ocs', 'g', '--connection', 'lak'], 'there is no connection "lak" in g; declared: lake'],
    [['doctor', '--ocs', 'g', '--folder', '/tmp'], '--folder is "/tmp", hdfs://<connection>/<folder> is expected'],
  ])('%j', async (args, message) => {
    using project = new Project();
    project.declare(
      [
        {
          name: 'a',
          source: { type: 'csv', path: 'a.csv', features: [{ name: 'n', type: 'int' }] },
          destination: { type: 'parquet', path: 'hdfs://lake/a.parquet' },
        },
      ],
      { lake: lake('http://127.0.0.1:1') },
    );
    const io = recordedIo(project.root);
    expect(await runProgram(args, io)).toBe(2);
    expect(io.printed.err).toContain(message);
  });

  it('has nothing to do where all is local', async () => {
    using project = new Project();
    project.declare([
      {
        name: 'a',
        source: { type: 'csv', path: 'a.csv', features: [{ name: 'n', type: 'int' }] },
        destination: { type: 'parquet', path: 'a.parquet' },
      },
    ]);
    const io = recordedIo(project.root);
    expect(await runProgram(['doctor', '--ocs', 'g'], io)).toBe(0);
    expect(io.printed.err).toBe('no dataset of g uses a connection: nothing to try\n');
  });
});
