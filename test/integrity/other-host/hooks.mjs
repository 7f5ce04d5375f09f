/** Puts a lock that is always given into the place of the local one, and an owner of whom nothing is known into that of its owner. */
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (found.url.endsWith('/dist/store/local-lock.js'))
    return { ...found, url: new URL('./no-lock.mjs', import.meta.url).href };
  const isOwner = found.url.endsWith('/dist/store/lock-owner.js') && !context.parentURL?.endsWith('/far-owner.mjs');
  if (isOwner && process.env.FAR === '1') return { ...found, url: new URL('./far-owner.mjs', import.meta.url).href };
  return found;
}
