/** What stands behind the columns of a MergeTree, clause by clause, as the server writes it. */
export type StorageClauses = Readonly<Partial<Record<(typeof KEYWORDS)[number], string>>> & {
  /** With parameters. */
  readonly ENGINE: string;
};

const KEYWORDS = ['PARTITION BY', 'PRIMARY KEY', 'ORDER BY', 'SAMPLE BY', 'TTL', 'SETTINGS'] as const;

/** Takes `system.tables.engine_full` apart, at keywords that stand in no quotes and no parentheses. */
export function storageClauses(engineFull: string): StorageClauses {
  const starts: { readonly keyword: (typeof KEYWORDS)[number]; readonly at: number }[] = [];
  for (const at of openSpaces(engineFull)) {
    const keyword = KEYWORDS.find((each) => engineFull.startsWith(`${each} `, at + 1));
    if (keyword !== undefined) starts.push({ keyword, at });
  }
  const clauses = starts.map(({ keyword, at }, index) => {
    const end = starts[index + 1]?.at ?? engineFull.length;
    return [keyword, engineFull.slice(at + keyword.length + 2, end)];
  });
  return { ENGINE: engineFull.slice(0, starts[0]?.at ?? engineFull.length), ...Object.fromEntries(clauses) };
}

/** Settings by name, values as they are written. */
export function splitSettings(clause = ''): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const pattern = /(\w+) = ('(?:[^'\\]|\\.)*'|[^,]+)/g;
  for (const [, name = '', value = ''] of clause.matchAll(pattern)) settings.set(name, value.trim());
  return settings;
}

/** Places of spaces outside quotes and parentheses. */
function openSpaces(text: string): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '`' || character === '"') quote = character;
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (character === ' ' && depth === 0) found.push(at);
  }
  return found;
}
