import type { Schema } from '../../batch/schema.ts';

/** What the encoder needs of a dataset's plan. */
export interface ArrowPlan {
  readonly schema: Schema;
  /** Of each buffer of a message (Arrow, `BodyCompression`). */
  readonly compression: 'none' | 'lz4' | 'zstd';
  /** null = the codec's default. */
  readonly compressionLevel: number | null;
  /** Rows of a fragment at most. */
  readonly rows: number;
  /** Bytes of its values at most, in the measure of `rawBytesOf`, unless one row alone has more. */
  readonly bytes: number;
  /** Bytes that the texts of one row have at most. */
  readonly textBytes: number;
}
