/** `npm run torture`: crashes on a local disk; `npm run torture -- hdfs`: faults between a run and HDFS. What follows is theirs. */
if (process.argv[2] === 'hdfs') {
  process.argv.splice(2, 1);
  await import('./hdfs.ts');
} else {
  await import('../integrity/crash-matrix.ts');
}
