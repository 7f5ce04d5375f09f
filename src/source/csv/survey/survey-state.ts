import type { Json } from '../../../flow/task.ts';
import type { LineFile } from '../../lines/line-file.ts';
import type { Layout } from './layout.ts';

/** One input as the survey found it: all that a reader in another thread needs. */
export interface SurveyedFile extends LineFile {
  /** The header as it stands in the file, without line end, in base64; null where it is not to be looked for again. */
  readonly headerRecord: string | null;
  /** Index into the layouts; null where the file ends before its header. */
  readonly layout: number | null;
}

/** The survey's findings. Survives JSON. */
export interface CsvState {
  readonly files: readonly SurveyedFile[];
  readonly layouts: readonly Layout[];
}

export function encodeState(state: CsvState): Json {
  return state as unknown as Json;
}

export function decodeState(state: Json): CsvState {
  return state as unknown as CsvState;
}
