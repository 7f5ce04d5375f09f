import type { LockOwner } from '../../lock-owner.ts';

const BEGIN = 'owner';
const BETWEEN = '~';
const FIELDS = 8;
/** A longer host name is cut, which makes it nobody's: the lease decides then. With it the whole stays below 255 bytes. */
const LONGEST_HOST = 60;

/** An owner as the name of a folder: letters, digits and `.-_~`, which no gateway spells otherwise. */
export function nameOfOwner({ claim, run, host, pid, boot, space, start }: LockOwner): string {
  const fields = [run, String(pid), boot ?? '', space ?? '', start ?? ''].map(spell);
  return [BEGIN, spell(claim), spell(host).slice(0, LONGEST_HOST), ...fields].join(BETWEEN);
}

/** The owner whose name a folder has, or null where it has no such name. */
export function ownerOfName(name: string): LockOwner | null {
  const fields = name.split(BETWEEN).map(read);
  const [begin, claim, host, run, pid, boot, space, start] = fields;
  if (fields.length !== FIELDS || begin !== BEGIN || !claim || run === undefined || host === undefined) return null;
  if (!/^\d+$/.test(pid ?? '')) return null;
  return { claim, run, host, pid: Number(pid), boot: boot || null, space: space || null, start: start || null };
}

function spell(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9.-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function read(text: string): string {
  const bytes = text.replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
