import { AtlasError } from '../../errors.ts';
import type { Look } from './look.ts';
import type { RecordsFile } from './records-file.ts';
import type { RecordsInput } from './records-inputs.ts';

/** Looks at a file of JSON lines: columns by every line. */
export async function lookAtJsonl({ name }: RecordsInput, _look: Look): Promise<Omit<RecordsFile, 'input' | 'found'>> {
  throw new AtlasError('ATLAS_USAGE', `${name}: JSON lines cannot be read yet`);
}
