import type { ErrorCode } from '../errors.ts';
import type { Connection } from '../flow/connections.ts';
import type { ExaminationStep, Finding } from '../flow/examination.ts';
import type { DoctorPatient } from './doctor-patients.ts';
import type { Io, Output } from './io.ts';
import { type Paint, paintFor } from './paint.ts';
import { wrapText } from './wrap-text.ts';

interface StepTaken extends Finding {
  readonly server: string | null;
  readonly step: string;
  readonly milliseconds: number;
}

interface Examined {
  readonly patient: DoctorPatient;
  readonly steps: StepTaken[];
  /** Whether anything could be tried. */
  tried: boolean;
}

const MARKS = { ok: 'ok    ', warning: 'warn  ', failed: 'FAILED', skipped: '-     ' } as const;
/** Before a step's text: indent, mark, name. */
const MARGIN = 4 + 7 + 10;
/** Steps that took longer say how long, in milliseconds. */
const SLOW_MS = 1000;

/** What doctor says as it goes: a line for each step, on a terminal also for the one that is being taken. */
export class DoctorReport {
  readonly connections: Examined[] = [];
  readonly #output: Output;
  readonly #now: Io['now'];
  readonly #paint: Paint;
  #server: string | null | undefined;
  #began = 0;
  /** What is being tried, as it stands on the terminal. */
  #pending = '';

  constructor(output: Output, now: Io['now']) {
    this.#output = output;
    this.#now = now;
    this.#paint = paintFor(output);
  }

  begin(patient: DoctorPatient): void {
    const { name, type, connection, datasets } = patient;
    const paint = this.#paint;
    const before = this.connections.length === 0 ? '' : '\n';
    this.connections.push({ patient, steps: [], tried: true });
    this.#server = undefined;
    const urls = connection === null ? '' : ` ${placeOf(connection)}`;
    const users = datasets.length === 0 ? '' : `, used by ${datasets.join(', ')}`;
    this.#output.write(`${before}${paint.bold(name)}  ${type}${urls}${users}\n`);
  }

  /** Says that nothing can be tried about a connection. */
  cannot({ type }: DoctorPatient): void {
    const last = this.connections.at(-1);
    if (last !== undefined) last.tried = false;
    this.#line({
      server: null,
      step: type,
      outcome: 'skipped',
      message: `not tried: this version can only try webhdfs, clickhouse, postgresql and mysql connections`,
      hint: null,
      code: null,
      milliseconds: 0,
    });
  }

  hear({ server, step, finding }: ExaminationStep): void {
    if (finding === null) {
      this.#began = this.#now();
      this.#under(server);
      this.#draw(step);
      return;
    }
    this.#under(server);
    this.#wipe();
    this.#line({ ...finding, server, step, milliseconds: Math.round(this.#now() - this.#began) });
  }

  /** Writes something else, above what is being tried. */
  above(text: string, output: Output): void {
    this.#wipe();
    output.write(text);
  }

  end(): void {
    this.#wipe();
  }

  /** A line for each connection, and where to read on. */
  summary(): string {
    const paint = this.#paint;
    const lines = this.connections.map(({ patient, steps, tried }) => {
      if (!tried) return `${patient.name}: not tried`;
      const failed = steps.filter(({ outcome }) => outcome === 'failed');
      const warnings = steps.filter(({ outcome }) => outcome === 'warning').length;
      const worth = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
      if (failed.length === 0) return `${patient.name}: ${paint.green('all well')}${worth}`;
      const codes = [...new Set(failed.flatMap(({ code }) => code ?? []))];
      const count = `${failed.length} ${failed.length === 1 ? 'step' : 'steps'} failed`;
      return `${patient.name}: ${paint.red(count)}${worth}; more: atlas-ingest explain ${codes[0]}`;
    });
    return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
  }

  json(exit: number): object {
    const connections = this.connections.map(({ patient: { name, type, datasets }, steps, tried }) => ({
      name,
      type,
      datasets,
      ok: tried ? steps.every(({ outcome }) => outcome !== 'failed') : null,
      steps: steps.map(({ server, step, outcome, message, hint, code, milliseconds }) => ({
        server,
        step,
        outcome,
        message,
        hint,
        code: code satisfies ErrorCode | null,
        milliseconds,
      })),
    }));
    return { doctor_version: 1, ok: exit === 0, exit_code: exit, connections };
  }

  #line(taken: StepTaken): void {
    this.connections.at(-1)?.steps.push(taken);
    const { step, outcome, message, hint, milliseconds, code } = taken;
    const paint = this.#paint;
    const colour = { ok: paint.green, warning: paint.yellow, failed: paint.red, skipped: paint.dim }[outcome];
    const slow = milliseconds >= SLOW_MS ? ` (${(milliseconds / 1000).toFixed(1)} s)` : '';
    const width = this.#output.isTTY ? this.#output.columns : Number.POSITIVE_INFINITY;
    const text = wrapText(message + slow, width, MARGIN);
    const lines = [`    ${colour(MARKS[outcome])} ${paint.bold(step.padEnd(9))} ${text}`];
    if (code !== null) lines.push(`${' '.repeat(MARGIN)}${paint.red(code)}`);
    if (hint !== null) lines.push(`${' '.repeat(MARGIN - 5)}${paint.dim('hint')} ${wrapText(hint, width, MARGIN)}`);
    this.#output.write(`${lines.join('\n')}\n`);
  }

  #under(server: string | null): void {
    if (server === this.#server) return;
    this.#wipe();
    // the folders are a part of their own, unless there was only this
    this.#output.write(`  ${this.#paint.cyan(server ?? 'the cluster')}\n`);
    this.#server = server;
  }

  #draw(step: string): void {
    if (!this.#output.isTTY) return;
    this.#pending = `    ${this.#paint.dim('...    ')}${step}`;
    this.#output.write(this.#pending);
  }

  #wipe(): void {
    if (this.#pending === '') return;
    this.#pending = '';
    this.#output.write('\r\u001b[K');
  }
}

function placeOf(connection: Connection): string {
  if (connection.type === 'webhdfs') return connection.urls.join(', ');
  if (connection.type === 'clickhouse')
    return connection.folder ?? connection.urls?.join(', ') ?? 'as the environment says';
  return `${connection.host}:${connection.port}/${connection.database}`;
}
