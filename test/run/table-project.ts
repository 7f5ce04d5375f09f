import { readFileSync } from 'node:fs';
import type { Receipt } from '../../src/index.ts';
import { describeTables, openStores, planConnections, planGroup } from '../../src/index.ts';
import type { DatasetDocument } from './project.ts';
import { Project } from './project.ts';

/** A project whose datasets read tables: what their server says of them is asked before every run. */
export class TableProject extends Project {
  /** Runs all datasets, and answers their receipts. */
  async loadTables(datasets: readonly DatasetDocument[], connection: object): Promise<readonly Receipt[]> {
    this.declare(datasets, { shop: connection });
    const { group, root } = await this.group();
    const connections = planConnections(group.connections, root);
    await using stores = openStores(connections);
    const { signal } = new AbortController();
    const asked = { group, datasets: group.dataset_config, names: [], variables: {}, stores };
    const tables = await describeTables(asked, { signal });
    const plans = planGroup(group, tables.datasets, { root, variables: {}, described: tables.described });
    return (await this.run({ plans, connections })).receipts;
  }

  /** What became of rows that were set aside: `column code` by the row's number. */
  rejects(receipt: Receipt): readonly { readonly row: number; readonly what: string }[] {
    const { path } = receipt.rejects;
    if (path === null) return [];
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => {
      const { line: row, column, code } = JSON.parse(line) as { line: number; column: string; code: string };
      return { row, what: `${column} ${code}` };
    });
  }
}
