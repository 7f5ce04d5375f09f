import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { cli } from './cli.ts';
import { diagnose } from './doctor-bed.ts';
import { startProxy } from './doctor-proxy.ts';

const through = { signal: new AbortController().signal };

describeWithHadoop('doctor, of a real HDFS', (hadoop) => {
  async function withFolder(
    see: (folder: string, left: () => Promise<readonly string[]>) => Promise<void>,
  ): Promise<void> {
    const folder = `/doctor/${randomBytes(6).toString('hex')}`;
    const name = `hdfs://lake${folder}`;
    await using stores = openStores({ lake: hdfsConnection(hadoop()) });
    const store = await stores.of(name);
    await store.makeFolders(name, through);
    try {
      await see(folder, async () => (await store.list(name, through)).map((each) => each.name));
    } finally {
      await store.remove(name, through);
    }
  }

  it('goes through all steps, and leaves nothing', async () => {
    await withFolder(async (folder, left) => {
      const { exit, steps } = await diagnose(declaredHdfs(hadoop()), folder);
      expect(steps.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
      expect(steps.map(({ step }) => step)).toEqual([
        ...['host', 'port', 'webhdfs', 'login', 'state'],
        ...['space', 'folder', 'quota', 'access', 'datanode', 'write', 'checksum', 'rename', 'read', 'remove'],
      ]);
      expect(exit).toBe(0);
      expect(await left()).toEqual([]);
    });
  });

  it('writes nothing where it is told so', async () => {
    await withFolder(async (folder) => {
      await using proxy = await startProxy(hadoop().url, {});
      const { exit, steps } = await diagnose(declaredHdfs(proxy), folder, ['--read-only']);
      expect(exit).toBe(0);
      expect(steps.at(-1)).toMatchObject({ step: 'write', outcome: 'skipped' });
      expect(proxy.heard.filter((op) => /CREATE|RENAME|DELETE|MKDIRS/.test(op))).toEqual([]);
    });
  });

  it('a path under which WebHDFS is not: names the one where it is', async () => {
    const url = hadoop().url.replace('/webhdfs/v1', '/gateway/webhdfs/v1');
    const { exit, failure } = await diagnose(declaredHdfs({ url }));
    expect([exit, failure?.step, failure?.code]).toEqual([1, 'webhdfs', 'ATLAS_HDFS_PROTOCOL']);
    expect(failure?.message).toMatch(/^WebHDFS is not under \/gateway\/webhdfs\/v1, .* but under \/webhdfs\/v1$/);
    expect(failure?.hint).toContain(JSON.stringify(hadoop().url));
  });

  it('the RPC port', async () => {
    const url = hadoop().fileSystem.replace('hdfs:', 'http:');
    const { exit, failure } = await diagnose(declaredHdfs({ url }));
    expect(exit).toBe(1);
    expect(failure?.message).toContain("is the NameNode's RPC port");
  });

  it('a folder of somebody else: who, whose, and how to be let in', async () => {
    await withFolder(async (folder, left) => {
      const { exit, failure, steps } = await diagnose(declaredHdfs(hadoop(), { user: 'nobody' }), folder);
      expect([exit, failure?.step, failure?.code]).toEqual([1, 'access', 'ATLAS_HDFS_DENIED']);
      expect(failure?.message).toMatch(/^nobody may not write into hdfs:\/\/lake\/doctor\/\w+ \(\w+:\w+ drwxr-xr-x\)$/);
      expect(failure?.hint).toContain(`hdfs dfs -setfacl -m user:nobody:rwx ${folder}`);
      expect(steps.at(-1)?.step).toBe('access');
      expect(await left()).toEqual([]);
    });
  });

  it('a quota that leaves less than a block, and one that is used up', async () => {
    await withFolder(async (folder, left) => {
      const admin = 'org.apache.hadoop.hdfs.tools.DFSAdmin';
      await hadoop().run(admin, ['-setSpaceQuota', '1000000', folder]);
      const short = await diagnose(declaredHdfs(hadoop()), `${folder}/not/there/yet`);
      expect(short.steps.find(({ step }) => step === 'quota')).toMatchObject({ outcome: 'warning' });
      expect([short.exit, short.failure?.step, short.failure?.code]).toEqual([1, 'write', 'ATLAS_STORE_SPACE']);
      expect(await left()).toEqual([]);
      await hadoop().run(admin, ['-setQuota', '1', folder]);
      const full = await diagnose(declaredHdfs(hadoop()), folder);
      expect([full.exit, full.failure?.step, full.failure?.code]).toEqual([1, 'quota', 'ATLAS_STORE_SPACE']);
      expect(full.failure?.message).toContain('0 of 1 names left');
      await hadoop().run(admin, ['-clrQuota', folder]);
    });
  });

  it('a DataNode that announces a name which only the cluster knows', async () => {
    await withFolder(async (folder, left) => {
      await using proxy = await startProxy(hadoop().url, {
        headers: (headers) => {
          const { location } = headers;
          if (typeof location === 'string') headers['location'] = location.replace(/\/\/[^:/]+/, '//dn.atlas.invalid');
        },
      });
      const refused = await diagnose(declaredHdfs(proxy), folder);
      expect([refused.exit, refused.failure?.step, refused.failure?.code]).toEqual([
        1,
        'datanode',
        'ATLAS_HDFS_REDIRECT',
      ]);
      expect(refused.failure?.hint).toContain('"redirect_hosts": ["dn.atlas.invalid"]');
      const unknown = await diagnose(declaredHdfs(proxy, { redirect_hosts: ['dn.atlas.invalid'] }), folder);
      expect([unknown.exit, unknown.failure?.step, unknown.failure?.code]).toEqual([
        75,
        'datanode',
        'ATLAS_HDFS_DATANODE',
      ]);
      expect(unknown.failure?.message).toMatch(
        /sends us to the DataNode dn\.atlas\.invalid:\d+, and this machine does not know the host dn\.atlas\.invalid/,
      );
      expect(await left()).toEqual([]);
    });
  });

  it('one on standby and one active: works through the active one', async () => {
    await withFolder(async (folder, left) => {
      await using standby = await startProxy(hadoop().url, {
        answer: (op, response) => {
          if (op === 'GETHOMEDIRECTORY' || op === '') return false;
          const message = 'Operation category READ is not supported in state standby';
          const exception = {
            exception: 'StandbyException',
            javaClassName: 'org.apache.hadoop.ipc.StandbyException',
            message,
          };
          response
            .writeHead(403, { 'content-type': 'application/json' })
            .end(JSON.stringify({ RemoteException: exception }));
          return true;
        },
      });
      const both = await diagnose(declaredHdfs(hadoop(), { url: [standby.url, hadoop().url] }), folder);
      expect(both.exit).toBe(0);
      const hosts = [standby.url, hadoop().url].map((url) => new URL(url).host);
      expect(both.steps.find(({ step }) => step === 'active')?.message).toBe(
        `${hosts[0]} is on standby, ${hosts[1]} is active`,
      );
      const alone = await diagnose(declaredHdfs(standby), folder);
      expect([alone.exit, alone.failure?.step]).toEqual([75, 'active']);
      expect(alone.failure?.message).toContain('there is no active NameNode');
      expect(await left()).toEqual([]);
    });
  });

  it('takes the canary away where the renaming fails', async () => {
    await withFolder(async (folder, left) => {
      await using proxy = await startProxy(hadoop().url, {
        answer: (op, response) => {
          if (op !== 'RENAME') return false;
          const exception = { exception: 'AccessControlException', javaClassName: 'x', message: 'no' };
          response
            .writeHead(403, { 'content-type': 'application/json' })
            .end(JSON.stringify({ RemoteException: exception }));
          return true;
        },
      });
      const { exit, failure, steps } = await diagnose(declaredHdfs(proxy), folder);
      expect([exit, failure?.step]).toEqual([1, 'rename']);
      expect(steps.at(-1)).toMatchObject({ step: 'remove', outcome: 'ok' });
      expect(await left()).toEqual([]);
    });
  });

  it('takes the canary away where nobody reads on', async () => {
    await withFolder(async (folder, left) => {
      using project = new Project();
      project.declare([datasetOf('a', { n: 'int' }, { destination: { path: `hdfs://lake${folder}/a.parquet` } })], {
        lake: declaredHdfs(hadoop()),
      });
      await cli(['doctor', '--ocs', 'g'], {
        cwd: project.root,
        onStart: ({ stdout }) => {
          stdout?.on('data', (text) => {
            if (String(text).includes('datanode')) stdout.destroy();
          });
        },
      });
      expect(await left()).toEqual([]);
    });
  });

  it('takes the canary away where it is stopped in the middle', async () => {
    await withFolder(async (folder, left) => {
      let held = false;
      await using proxy = await startProxy(hadoop().url, {
        answer: (op) => {
          if (op !== 'RENAME') return false;
          held = true;
          return true;
        },
      });
      using project = new Project();
      project.declare([datasetOf('a', { n: 'int' }, { destination: { path: `hdfs://lake${folder}/a.parquet` } })], {
        lake: declaredHdfs(proxy),
      });
      const { status, stderr, stdout } = await cli(['doctor', '--ocs', 'g'], {
        cwd: project.root,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (!held) return;
            clearInterval(timer);
            child.kill('SIGINT');
          }, 20);
          child.once('close', () => clearInterval(timer));
        },
      });
      expect(status).toBe(130);
      expect(stderr).toContain('ATLAS_STOPPED');
      expect(stdout).toContain('ok     write');
      expect(await left()).toEqual([]);
    });
  });
});
