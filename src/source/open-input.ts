import type { InputIdentity } from '../flow/source.ts';
import { isRemote } from '../store/path.ts';
import type { Input, InputAccess } from './input.ts';
import { confirmInput, InputFile } from './input-file.ts';
import { confirmStored, StoreInput } from './store-input.ts';

/** Inputs that are looked at or confirmed at the same time, where each is a matter of waiting for an answer. */
export const AT_ONCE = 8;

/**
 * Opens an input wherever it rests; where `identity` is given it must have it. Fails with ATLAS_INPUT_NOT_FOUND,
 * ATLAS_INPUT_UNREADABLE, ATLAS_INPUT_CHANGED, ATLAS_CONNECTION_UNKNOWN, ATLAS_HDFS_*.
 */
export async function openInput(path: string, identity: string | null, access: InputAccess): Promise<Input> {
  return isRemote(path) ? StoreInput.open(path, identity, access) : InputFile.open(path, identity);
}

/** Fails with ATLAS_INPUT_CHANGED unless every input still is what was surveyed. */
export async function confirmInputs(inputs: readonly InputIdentity[], access: InputAccess): Promise<void> {
  const { signal } = access;
  const left = inputs.entries();
  const confirmSome = async (): Promise<void> => {
    for (const [, { path, identity }] of left) {
      signal.throwIfAborted();
      if (identity === null) continue;
      if (isRemote(path)) await confirmStored(path, identity, access);
      else confirmInput(path, identity);
    }
  };
  const lanes = inputs.some(({ path }) => isRemote(path)) ? AT_ONCE : 1;
  await Promise.all(Array.from({ length: lanes }, confirmSome));
}
