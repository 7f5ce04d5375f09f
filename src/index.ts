/** The library's front door: load a group, plan its datasets, run them. */
export { AtlasError, CODES, type ErrorCode, type Place, type Problem } from './errors.ts';
export type { Connections, HdfsConnection, MysqlConnection, PostgresConnection } from './flow/connections.ts';
export type { DatasetPlan } from './flow/dataset-plan.ts';
export type { Drift } from './flow/drift.ts';
export type { Receipt } from './flow/receipt.ts';
export type { RunEvent } from './flow/run-event.ts';
export type { Dataset } from './metadata/dataset-schema.ts';
export type { Group } from './metadata/group-schema.ts';
export { type GroupRequest, type LoadedGroup, loadGroup } from './metadata/load-group.ts';
export { planConnections } from './plan/plan-connections.ts';
export { type PlanOptions, planDataset } from './plan/plan-dataset.ts';
export { planGroup } from './plan/plan-group.ts';
export { openStores, type Stores } from './registry.ts';
export { describeTables } from './run/describe-tables.ts';
export { type ReplayOptions, replayRun } from './run/replay-run.ts';
export { runGroup } from './run/run-group.ts';
export type { LockPolicy, RunOptions, RunResult } from './run/run-options.ts';
export { StopRequest } from './run/stop-request.ts';
