import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startHadoop } from '../services/hadoop/start-hadoop.ts';

/** The faults, against the HDFS that `ATLAS_HADOOP` names, or one of their own. The options are those of test/hdfs-faults/main.ts. */
const running = process.env['ATLAS_HADOOP'];
await using own = running === undefined ? await startHadoop() : null;
const facts =
  running ??
  JSON.stringify({
    url: own?.url,
    fileSystem: own?.fileSystem,
    home: own?.home,
    nameNodePid: own?.nameNodePid,
    dataNodePid: own?.dataNodePid,
  });
const main = fileURLToPath(new URL('../../hdfs-faults/main.js', import.meta.url));
const child = spawn(process.execPath, [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ATLAS_HADOOP: facts },
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
