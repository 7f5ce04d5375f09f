import { runProgram } from '../../src/cli/program.ts';
import { datasetOf, Project } from '../run/project.ts';
import { recordedIo } from './recorded-io.ts';

export interface ToldStep {
  readonly server: string | null;
  readonly step: string;
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  readonly hint: string | null;
  readonly code: string | null;
}

export interface Diagnosis {
  readonly exit: number;
  /** All steps of all connections. */
  readonly steps: readonly ToldStep[];
  /** The first that failed. */
  readonly failure: ToldStep | undefined;
  /** What people see. */
  readonly text: string;
}

/** What doctor says of a connection `lake`, of which a dataset writes into `folder`. */
export async function diagnose(lake: object, folder = '/', args: readonly string[] = []): Promise<Diagnosis> {
  using project = new Project();
  const path = `hdfs://lake${folder.replace(/\/$/, '')}/{{ ds }}.parquet`;
  project.declare([datasetOf('a', { n: 'int' }, { destination: { path } })], { lake });
  const io = recordedIo(project.root);
  const exit = await runProgram(['doctor', '--ocs', 'g', '--json', ...args], io);
  if (io.printed.out === '') throw new Error(io.printed.err);
  const { connections } = JSON.parse(io.printed.out) as { connections: readonly { steps: readonly ToldStep[] }[] };
  const steps = connections.flatMap((each) => each.steps);
  return { exit, steps, failure: steps.find(({ outcome }) => outcome === 'failed'), text: io.printed.err };
}
