import type { Schema } from '../../batch/schema.ts';

/** What the encoder and the file writer need of a dataset's plan; a `DatasetPlan` is one. */
export interface EncodePlan {
  readonly ocs: string;
  readonly dataset: string;
  readonly schema: Schema;
  readonly hash: string;
  readonly destination: {
    readonly compression: 'snappy' | 'gzip' | 'zstd' | 'none';
    /** null = the codec's default. */
    readonly compressionLevel: number | null;
    /** `compatible` keeps to PLAIN and dictionaries of text, for old readers. */
    readonly encodings: 'auto' | 'compatible';
    readonly rowGroupRows: number;
    /** Bytes of a data page before encoding. */
    readonly pageBytes: number;
  };
}
