import type { FileDescription } from '../flow/file-description.ts';
import type { TableDescription } from '../flow/table-description.ts';

/** A dataset of a database, as its server describes it, or of files whose own columns it takes. */
export interface DescribedDataset {
  /** Where the dataset stands in its document: one that names all tables of a schema has become several. */
  readonly index: number;
  /** Value of `{{ table }}`; null where the dataset names one table, or a query, or files. */
  readonly table: string | null;
  /** null of files. */
  readonly description: TableDescription | null;
  readonly file?: FileDescription;
}
