import { AtlasError } from '../../errors.ts';

/** Whether nobody knows if a statement was carried out: its answer was lost. */
export function isLost(error: unknown): error is AtlasError {
  return error instanceof AtlasError && error.code === 'ATLAS_CH_LOST';
}
