import { openSink, openStores } from '../../src/registry.ts';
import type { Project } from './project.ts';

/** Holds the target of the project's first dataset while `meanwhile` runs. */
export async function whileHeld(project: Project, meanwhile: () => Promise<void>): Promise<void> {
  const [plan] = await project.plans();
  if (!plan) throw new Error('the project has no dataset');
  const { signal } = new AbortController();
  await using sink = await openSink(plan, { signal, stores: openStores({}) });
  await using _lock = await sink.lock('other-run', { signal });
  await meanwhile();
}
