import type { Connections } from '../flow/connections.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import { loadGroup } from '../metadata/load-group.ts';
import { selectDatasets } from '../metadata/select-datasets.ts';
import { unusedVariables } from '../metadata/unused-variables.ts';
import { planConnections } from '../plan/plan-connections.ts';
import { planGroup } from '../plan/plan-group.ts';
import { openStores } from '../registry.ts';
import { describeTables } from '../run/describe-tables.ts';
import type { Folders } from './folders.ts';
import type { GroupOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderProblems } from './render-problems.ts';

/** Loads a group and plans the selected datasets, in document order; warnings come rendered. */
export async function loadPlans(
  options: GroupOptions,
  folders: Folders,
  io: Io,
): Promise<{ readonly plans: readonly DatasetPlan[]; readonly connections: Connections; readonly warnings: string }> {
  const { group, root, warnings, locate } = await loadGroup({
    ocs: options.ocs,
    metadataDir: folders.metadata,
    env: options.env,
    environment: io.env,
  });
  const datasets = selectDatasets(group, options.datasets);
  const unused = unusedVariables(group.dataset_config, options.vars);
  const connections = planConnections(group.connections, root);
  await using stores = openStores(connections);
  const { signal } = new AbortController();
  const tables = await describeTables(
    { group, datasets, names: options.datasets, variables: options.vars, stores, root },
    { signal },
  );
  const plans = planGroup(group, tables.datasets, {
    root,
    variables: options.vars,
    locate,
    described: tables.described,
  });
  return {
    plans,
    connections,
    warnings: renderProblems([...warnings, ...unused], 'warning', paintFor(io.stderr), io.cwd),
  };
}
