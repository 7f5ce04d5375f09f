/** `npm run torture`: crashes on a local disk; `npm run torture -- hdfs`: faults between a run and HDFS; `-- clickhouse`: between a run and a ClickHouse, and engines that die.
 * What follows is theirs. */
if (process.argv[2] === 'hdfs') {
  process.argv.splice(2, 1);
  await import('./hdfs.ts');
} else if (process.argv[2] === 'clickhouse') {
  process.argv.splice(2, 1);
  await import('./clickhouse.ts');
} else {
  await import('../integrity/crash-matrix.ts');
}
