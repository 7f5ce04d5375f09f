import { AtlasError } from '../../errors.ts';

/** An error about the URL of a ledger; `what` must hold nothing that may be a part of a password. */
export function unreadable(what: string, hint?: string): AtlasError {
  return new AtlasError('ATLAS_LEDGER_URL', `ATLAS_LEDGER: ${what}`, hint === undefined ? {} : { hint });
}
