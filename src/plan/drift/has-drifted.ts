import type { Drift } from '../../flow/drift.ts';

/** Whether a run finds columns otherwise than the last published one did, or follows more than that: what lasts is no news. */
export function hasDrifted(drift: Drift | null, before: Drift | null): boolean {
  if (drift === null) return false;
  if (drift.appeared.length + drift.gone.length + drift.added.length > 0) return true;
  if ((drift.retyped?.length ?? 0) + (drift.loosened?.length ?? 0) > 0) return true;
  const differs = (a: readonly string[], b: readonly string[] = []): boolean => a.some((each) => !b.includes(each));
  return (
    differs(drift.partial, before?.partial) ||
    differs(drift.missing, before?.missing) ||
    differs(drift.widened.map(spell), before?.widened.map(spell))
  );
}

function spell({ name, type }: Drift['widened'][number]): string {
  return `${name} ${type}`;
}
