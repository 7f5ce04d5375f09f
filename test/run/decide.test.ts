import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/flow/sink.ts';
import { decide } from '../../src/run/decide.ts';
import { sameIdentity } from '../../src/run/same-identity.ts';

const absent: Identity = { kind: 'absent' };
const file = (inode: string, length: number, modified?: string, device = '1'): Identity => ({
  kind: 'file',
  device,
  inode,
  length,
  ...(modified === undefined ? {} : { modified }),
});
const folder = (inode: string, modified?: string, device = '1'): Identity => ({
  kind: 'folder',
  device,
  inode,
  ...(modified === undefined ? {} : { modified }),
});

/** Everything a look can differ in: kind, device, inode, length, time of change, and whether that is known. */
const ALL: readonly Identity[] = [
  absent,
  ...['1', '2'].flatMap((device) =>
    ['10', '11'].flatMap((inode) =>
      [undefined, '500', '501'].flatMap((modified) => [
        file(inode, 7, modified, device),
        file(inode, 8, modified, device),
        folder(inode, modified, device),
      ]),
    ),
  ),
];

const coarse = (identity: Identity) =>
  identity.kind === 'absent' || identity.kind === 'table'
    ? identity.kind
    : `${identity.kind} ${identity.inode} ${identity.kind === 'file' ? identity.length : ''}`;

describe('decide', () => {
  const old = file('10', 7, '500');
  const made = file('11', 8, '501');
  it.each([
    ['the staged file is there', old, made, made, 'settle'],
    ['the old file is there', old, made, old, 'commit'],
    ['nothing was there, and nothing is', absent, made, absent, 'commit'],
    ['nothing was there, the staged file is', absent, made, made, 'settle'],
    ['nothing was there, another file is', absent, made, file('12', 8, '600'), 'conflict'],
    ['the old file is gone', old, made, absent, 'conflict'],
    ['a third file is there', old, made, file('12', 7, '500'), 'conflict'],
    ['a folder is there', old, made, folder('11', '501'), 'conflict'],
    ['the old inode was written in place, to another length', old, made, file('10', 9, '600'), 'conflict'],
    ['the old inode was written in place, to the same length', old, made, file('10', 7, '600'), 'conflict'],
    ['the staged inode was reused for another length', old, made, file('11', 9, '600'), 'conflict'],
    ['the staged inode was reused for the same length', old, made, file('11', 8, '600'), 'conflict'],
    ['the old inode was reused for the same length', old, made, file('10', 7, '601'), 'conflict'],
    [
      'the device has another number after a boot, the old file is there',
      old,
      made,
      file('10', 7, '500', '2'),
      'commit',
    ],
    ['the device has another number after a boot, the staged one is', old, made, file('11', 8, '501', '2'), 'settle'],
    ['the staged folder is there', absent, folder('11', '501'), folder('11', '501'), 'settle'],
    ['an empty folder was there and is', folder('10', '500'), folder('11', '501'), folder('10', '500'), 'commit'],
    [
      'something came into that empty folder',
      folder('10', '500'),
      folder('11', '501'),
      folder('10', '502'),
      'conflict',
    ],
  ] as const)('%s', (_name, pre, post, now, decision) => {
    expect(decide(pre, post, now)).toBe(decision);
  });

  it('over every combination of looks, never commits over what is not the pre-image, never settles what is not the post-image', () => {
    let seen = 0;
    for (const pre of ALL) {
      for (const post of ALL.filter(({ kind }) => kind !== 'absent')) {
        for (const now of ALL) {
          seen += 1;
          const decision = decide(pre, post, now);
          if (decision === 'commit') expect(coarse(now)).toBe(coarse(pre));
          if (decision === 'settle') expect(coarse(now)).toBe(coarse(post));
          if (coarse(now) !== coarse(pre) && coarse(now) !== coarse(post)) expect(decision).toBe('conflict');
          if (now === post) expect(decision).toBe('settle');
          if (now === pre && !sameIdentity(pre, post)) expect(decision).toBe('commit');
        }
      }
    }
    expect(seen).toBe(ALL.length * (ALL.length - 1) * ALL.length);
  });

  it('sameness goes both ways', () => {
    for (const one of ALL) {
      expect(sameIdentity(one, one)).toBe(true);
      for (const other of ALL) expect(sameIdentity(one, other)).toBe(sameIdentity(other, one));
    }
  });
});
