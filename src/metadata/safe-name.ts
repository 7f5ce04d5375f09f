import { z } from 'zod';

/** Names that become parts of paths: they start with a letter or digit, so that none is hidden, `..`, or `_connections`. */
export const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** A name that is safe in a path on any system. */
export const safeName = () =>
  z.string().regex(SAFE_NAME, {
    error: 'letters, digits, _ and - are possible, at most 128 of them, the first a letter or digit',
  });
