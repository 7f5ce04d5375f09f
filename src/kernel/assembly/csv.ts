// The CSV loops: scan and cast.
export function csvVersion(): i32 {
  return 1;
}
