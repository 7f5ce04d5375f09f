import type { InputProfile } from '../../flow/profile.ts';
import { humanCount } from '../units.ts';

/** How many rows of a file are damaged whatever their types, a sentence; nothing where none is. */
export function describeDamage(name: string, { rows, damaged, damage }: InputProfile): readonly string[] {
  if (damaged === 0) return [];
  const codes = damage.map(({ code, records }) => `${humanCount(records)} ${code}`).join(', ');
  return [`${name}: ${humanCount(damaged)} of ${humanCount(rows + damaged)} rows are damaged: ${codes}`];
}
