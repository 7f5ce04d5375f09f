import type { Kernel } from '../../kernel/kernel.ts';
import type { WireProtocol } from './wire-shape.ts';

/** Bytes of the message that begins at an address and is no row, with its type and length; five bytes of it must be there. */
export function foreignLength({ view }: Kernel, protocol: WireProtocol, at: number): number {
  if (protocol === 'mysql') return (view.getUint32(at, true) & 0xff_ffff) + 4;
  // A length below its own four bytes is for the client to refuse.
  return Math.max(5, view.getUint32(at + 1, false) + 1);
}
