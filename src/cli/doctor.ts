import { AtlasError, CODES } from '../errors.ts';
import { examineConnection, examineLedger } from '../registry.ts';
import { newRunId } from '../run/run-id.ts';
import type { DoctorOptions } from './command-options.ts';
import { type DoctorPatient, doctorPatients } from './doctor-patients.ts';
import { DoctorReport } from './doctor-report.ts';
import type { Io } from './io.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** Exit codes, the one that counts most first. */
const PRECEDENCE = [2, 4, 75, 1];

/** `atlas-ingest doctor`: tries connections step by step, and says what to do where a step fails; answers that step's exit code. */
export async function doctor(options: DoctorOptions, io: Io): Promise<number> {
  const report = new DoctorReport(options.json ? io.stderr : io.stdout, io.now);
  const around: Io = { ...io, stderr: { ...io.stderr, write: (text) => report.above(text, io.stderr) } };
  const patients = await doctorPatients(options, around);
  // a ledger on a server is tried too, unless certain connections are asked for
  const ledger = options.ledger?.includes('://') && options.connections.length === 0 ? options.ledger : null;
  if (patients.length === 0 && ledger === null)
    io.stderr.write(`no dataset of ${options.ocs} uses a connection: nothing to try\n`);
  const run = newRunId(new Date(io.now()));
  {
    using stop = stopOnSignal('text', around);
    try {
      if (ledger !== null) await examineOwn(ledger, report, stop.signal);
      for (const patient of patients) await examine(patient, run, report, stop.signal, options);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      throw stop.signal.reason;
    } finally {
      report.end();
    }
  }
  const failures = report.connections.flatMap(({ steps }) => steps.flatMap(({ code }) => code ?? []));
  const exits = failures.map((code) => CODES[code].exit as number);
  const exit = PRECEDENCE.find((each) => exits.includes(each)) ?? 0;
  if (options.json) io.stdout.write(`${JSON.stringify(report.json(exit))}\n`);
  else io.stdout.write(report.summary());
  if (exit === 0 && patients.length > 0 && report.connections.every(({ tried }) => !tried)) {
    throw new AtlasError('ATLAS_USAGE', `${patients.map(({ name }) => name).join(', ')} cannot be tried yet`, {
      hint: 'This version tries webhdfs, clickhouse, postgresql and mysql connections.',
    });
  }
  return exit;
}

async function examineOwn(ledger: string, report: DoctorReport, signal: AbortSignal): Promise<void> {
  report.begin({ name: 'ATLAS_LEDGER', type: 'ledger', connection: null, datasets: [], targets: [], sources: [] });
  for await (const step of examineLedger(ledger, { signal })) report.hear(step);
}

async function examine(
  patient: DoctorPatient,
  run: string,
  report: DoctorReport,
  signal: AbortSignal,
  { write }: DoctorOptions,
): Promise<void> {
  report.begin(patient);
  const { connection, targets, sources } = patient;
  if (connection === null) return report.cannot(patient);
  for await (const step of examineConnection(connection, { targets, sources, write, run, signal })) report.hear(step);
}
