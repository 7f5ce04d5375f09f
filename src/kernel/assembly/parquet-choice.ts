// Whether a dictionary pays, judged by size from what the chunk has shown so far.
import { BYTES, Column, FLAG_DELTA } from './parquet-column';
import { gather } from './parquet-dictionary';
import { packDelta } from './parquet-delta';
import { bitWidth } from './parquet-pack';

const SAMPLE: i32 = 1024;

// Values of a uniform draw that shows `k` distinct ones in `n`: solves k / n = (1 - e^-x) / x for n / x.
export function estimateDistinct(n: f64, k: f64): f64 {
  if (k >= n) k = n - 0.5;
  if (k < 1) return 1;
  const ratio = k / n;
  let low: f64 = 0;
  let high: f64 = n / k + 1;
  for (let i = 0; i < 40; i++) {
    const x = (low + high) * 0.5;
    const r = x < 1e-6 ? 1 - x * 0.5 : (1 - Math.exp(-x)) / x;
    if (r > ratio) low = x;
    else high = x;
  }
  return n / max(high, 1e-9);
}

// Distinct values among `rows`, if they go on as the first `n` with their `k` began.
export function expectDistinct(n: f64, k: f64, rows: f64): f64 {
  if (rows <= n) return k;
  const all = estimateDistinct(n, k);
  return max(k, all * (1 - Math.exp(-rows / all)));
}

// Whether the chunk should go on with its dictionary; `final` = no more values will come.
export function dictionaryPays(c: Column, final: bool): bool {
  const n = <f64>c.total;
  const k = <f64>c.dictionaryCount;
  if (k <= 1) return true;
  const rows = final ? n : max(n, <f64>c.expectedRows);
  const distinct = expectDistinct(n, k, rows);
  const dictionaryBytes = distinct * (<f64>c.dictionaryLength / k);
  // one that would be full before the end is given up at once
  if (distinct > <f64>c.maxEntries || dictionaryBytes > <f64>c.dictionaryCapacity) return false;
  const cost = dictionaryBytes + (rows * <f64>bitWidth(<u32>distinct)) / 8;
  if (cost > (c.totalPlain / n) * rows * 0.95) return false;
  if ((c.flags & FLAG_DELTA) == 0 || c.physical == BYTES) return true;
  // what the newest values of the open page would take as deltas
  const m = min(SAMPLE, <i32>c.values);
  if (m < 32) return true;
  const sample = <usize>c.scratchPage;
  const indices = <usize>c.page + (<usize>(<i32>c.values - m) << 2);
  gather(c, indices, m, sample);
  const out = sample + (<usize>SAMPLE << 3) + 64;
  const deltas = out + (<usize>SAMPLE << 4);
  const length = <f64>(packDelta(sample, m, <i32>c.width, out, deltas, deltas + 2048) - out);
  return cost < (length / <f64>m) * rows * 0.9;
}
