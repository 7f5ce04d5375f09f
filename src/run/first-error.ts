/**
 * The error that things went wrong with. Where disposing failed too, the language wraps both and shows the later one
 * (`SuppressedError`); the one to tell is the one it suppressed.
 */
export function firstError(error: unknown): unknown {
  let first = error;
  while (first instanceof Error && first.name === 'SuppressedError' && 'suppressed' in first) first = first.suppressed;
  return first;
}
