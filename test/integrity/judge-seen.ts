import { expect } from 'vitest';
import { type Content, contains } from './folder-content.ts';
import type { Growth } from './growth-bed.ts';

/** What may be seen at any moment: never a row of before missing without the new ones being there. */
export function judgeSeen({ destination }: Growth, now: Content, old: Content, wanted: Content, about: string): void {
  if (destination.layout === 'versioned') expect([old, wanted], about).toContainEqual(now);
  else {
    expect(contains(now, old) || contains(now, wanted), about).toBe(true);
    expect(contains({ ...old, ...wanted }, now), about).toBe(true);
  }
}
