import { it } from 'vitest';
import { openTestEngine } from '../sink/clickhouse/table-bed.ts';
import { TableLawBed } from './table-law-bed.ts';
it('t', async () => {
  const server = await openTestEngine();
  for (const fault of ['none','lost-done','lost-late','lost-never','refuse'] as const) for (const index of [0, 3, 5, 6]) {
    await using bed = new TableLawBed(server, { mode: 'overwrite', blockRows: 2 });
    let sql=''; let last = performance.now(); const times: string[] = [];
    const q = server.query; 
    const t0 = performance.now();
    await bed.load('old', [[1,0],[2,1]]);
    const t1 = performance.now();
    await bed.load('new', [[1,0],[2,1],[3,1]], { harm: { before: (s) => { times.push(`${(performance.now()-last).toFixed(0)}ms ${s.sql.slice(0,30)}`); last=performance.now(); if (s.index===index) sql=s.sql; return s.index===index? fault : 'none'; } } }).catch((e) => console.log(e.code));
    const t2 = performance.now();
    await bed.recover();
    console.log(fault, index, sql.slice(0,60), (t1-t0).toFixed(0), (t2-t1).toFixed(0), (performance.now()-t2).toFixed(0));
    if (index===6 && fault==='none') console.log(times.join('\n'));
  }
  await server[Symbol.asyncDispose]();
}, 200000);
