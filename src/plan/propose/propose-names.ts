/** Names of files end so; they say nothing of what is in them. */
const ENDINGS = /\.(?:csv|tsv|tab|psv|txt|dat|data|parquet|parq|pq|jsonl|ndjson|json|gz|gzip|zst|zstd)$/i;

/** A name that can be part of a path: of what stands in a path before it, and unlike those `taken`. */
export function proposeDatasetName(path: string, taken: ReadonlySet<string>): string {
  let stem = path.replace(/^.*\//, '');
  while (ENDINGS.test(stem)) stem = stem.replace(ENDINGS, '');
  const plain = stem
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 100);
  return freeName(plain === '' ? 'data' : plain, taken);
}

/**
 * Names of features after those of columns, in order: as they are but for what cannot be in one (control characters, halves of
 * characters, blanks around it), and no two the same.
 */
export function proposeFeatureNames(columns: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map((column, index) => {
    const plain = column
      .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const name = freeName(plain === '' ? `column_${index + 1}` : plain, taken);
    taken.add(name);
    return name;
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let more = 2; ; more += 1) if (!taken.has(`${name}_${more}`)) return `${name}_${more}`;
}
