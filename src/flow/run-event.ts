import type { ErrorCode } from '../errors.ts';
import type { Receipt } from './receipt.ts';

/** What a run says while it goes; rendering is the command line's affair. */
export type RunEvent =
  | { readonly type: 'run_started'; readonly run: string; readonly ocs: string; readonly datasets: readonly string[] }
  | { readonly type: 'recovered'; readonly dataset: string; readonly message: string }
  | {
      readonly type: 'dataset_started';
      readonly dataset: string;
      readonly bytes: number | null;
      readonly tasks: number;
    }
  | {
      readonly type: 'progress';
      readonly dataset: string;
      readonly rows: number;
      readonly rejected: number;
      readonly bytes: number;
      readonly totalBytes: number | null;
    }
  | { readonly type: 'warning'; readonly dataset: string | null; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'note'; readonly dataset: string; readonly message: string }
  | { readonly type: 'dataset_ended'; readonly dataset: string; readonly receipt: Receipt }
  | {
      readonly type: 'run_ended';
      readonly run: string;
      readonly exitCode: number;
      readonly receipts: readonly Receipt[];
    };
