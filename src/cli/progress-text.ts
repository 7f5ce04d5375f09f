import type { RunEvent } from '../flow/run-event.ts';
import type { Paint } from './paint.ts';
import { humanBytes, humanCount, humanRate, humanSeconds } from './units.ts';

/** How far one dataset is. */
export interface Progress {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly rows: number;
  readonly bytes: number;
  readonly totalBytes: number | null;
}

/** Rows, bytes, rate and, where the end is known, per cent and time left. */
export function progressText({ startedAt, rows, bytes, totalBytes }: Progress, now: number): string {
  const seconds = Math.max(0.001, (now - startedAt) / 1000);
  const parts = [`${humanCount(rows)} rows`];
  const rate = `${humanRate(rows / seconds)} rows/s`;
  if (totalBytes === null || totalBytes === 0) parts.push(humanBytes(bytes), rate);
  else {
    const share = Math.min(1, bytes / totalBytes);
    parts.push(`${humanBytes(bytes)} of ${humanBytes(totalBytes)} (${Math.floor(share * 100)}%)`, rate);
    if (share > 0.01 && seconds > 1) parts.push(`${humanSeconds((seconds / share) * (1 - share))}s left`);
  }
  return parts
    .join(', ')
    .replace(/([ms])s left/, '$1 left')
    .replace(/(\d)s left/, '$1 s left');
}

/** One event as one line, or '' where it is not worth one. */
export function eventText(event: RunEvent, paint: Paint): string {
  switch (event.type) {
    case 'run_started':
      return `${event.ocs}: run ${event.run}, ${event.datasets.length} dataset${event.datasets.length === 1 ? '' : 's'}`;
    case 'recovered':
      return `${paint.yellow('recovered')} ${event.dataset}: ${event.message}`;
    case 'dataset_started':
      return `${event.dataset}: reading${event.bytes === null ? '' : ` ${humanBytes(event.bytes)}`}`;
    case 'warning':
      return `${paint.yellow('warning')} ${event.code}: ${event.dataset === null ? '' : `${event.dataset}: `}${event.message}`;
    case 'note':
      return `${paint.dim('note')} ${event.dataset}: ${event.message}`;
    case 'dataset_ended': {
      const { outcome, rows, seconds, error } = event.receipt;
      if (outcome === 'failed') return `${paint.red('failed')} ${event.dataset}: ${error?.code ?? 'no reason given'}`;
      if (outcome === 'skipped') return `${paint.yellow('skipped')} ${event.dataset}${error ? `: ${error.code}` : ''}`;
      const rejected = rows.rejected > 0 ? `, ${humanCount(rows.rejected)} rejected` : '';
      return `${paint.green('published')} ${event.dataset}: ${humanCount(rows.published)} rows${rejected}, ${humanSeconds(seconds)} s`;
    }
    default:
      return '';
  }
}
