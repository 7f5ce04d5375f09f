/**
 * Does the same work for every item, `atOnce` at a time, and answers how each ended, in the order of the items. Whoever stops early
 * waits for what was begun.
 */
export async function* settleInOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<PromiseSettledResult<Result>, void, void> {
  const begun: Promise<PromiseSettledResult<Result>>[] = [];
  let next = 0;
  try {
    for (let index = 0; index < items.length; index += 1) {
      for (; next < items.length && next < index + atOnce; next += 1) begun.push(settle(work(items[next] as Item)));
      yield await (begun.shift() as Promise<PromiseSettledResult<Result>>);
    }
  } finally {
    await Promise.all(begun);
  }
}

async function settle<Result>(work: Promise<Result>): Promise<PromiseSettledResult<Result>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}
