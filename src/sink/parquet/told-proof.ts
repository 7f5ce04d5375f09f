import type { StagedFile } from '../../flow/sink.ts';
import type { Proof } from '../../store/store.ts';

/** What a staged file tells of its proof: nothing where its store gave none. */
export function toldProof(proof: Proof | null): Pick<StagedFile, 'proof'> {
  return proof === null ? {} : { proof: { compared: proof.compared, checksum: proof.checksum } };
}
