/** A range of whole numbers, and how many rows it is thought to hold. */
export interface Weighed {
  /** Inclusive. */
  readonly from: bigint;
  /** Exclusive. */
  readonly to: bigint;
  readonly rows: number;
}

/** Bounds that part `from` to `to` (inclusive) into `count` ranges of equal length; fewer where there are not as many numbers. */
export function equalBounds(from: bigint, to: bigint, count: number): readonly bigint[] {
  const bounds: bigint[] = [];
  const length = to - from + 1n;
  for (let index = 1n; index < BigInt(count); index += 1n) {
    const bound = from + (length * index) / BigInt(count);
    if (bound > (bounds.at(-1) ?? from)) bounds.push(bound);
  }
  return bounds;
}

/** Bounds that part what was weighed into `count` ranges of about as many rows each, as if rows were spread evenly within each range. */
export function evenBounds(weighed: readonly Weighed[], count: number): readonly bigint[] {
  const total = weighed.reduce((sum, { rows }) => sum + rows, 0);
  const bounds: bigint[] = [];
  let before = 0;
  let next = 1;
  for (const { from, to, rows } of weighed) {
    while (next < count && rows > 0 && before + rows > (total * next) / count) {
      const share = ((total * next) / count - before) / rows;
      const bound = from + BigInt(Math.floor(Number(to - from) * share));
      if (bound > (bounds.at(-1) ?? weighed[0]?.from ?? bound)) bounds.push(bound);
      next += 1;
    }
    before += rows;
  }
  return bounds;
}

/** Whether one range holds more than twice its share. */
export function isSkewed(weighed: readonly Weighed[]): boolean {
  const total = weighed.reduce((sum, { rows }) => sum + rows, 0);
  return weighed.some(({ rows }) => rows * weighed.length > total * 2);
}
