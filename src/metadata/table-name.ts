/** A table as people name it: schema (of MySQL: database) and name; the name `*` stands for all of the schema. */
export interface TableName {
  readonly schema: string | null;
  readonly name: string;
}

const PART = /"(?:[^"]|"")+"|[^".\s][^".]*/y;

/** Reads `orders`, `public.orders`, `"odd.schema"."a ""name"""`, `public.*`; null where it is none of these. */
export function parseTableName(text: string): TableName | null {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    PART.lastIndex = at;
    const part = PART.exec(text)?.[0];
    if (part === undefined) return null;
    parts.push(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.trimEnd());
    at += part.length;
    if (at === text.length) break;
    if (text[at] !== '.') return null;
    at += 1;
  }
  const [first = '', second] = parts;
  if (parts.length > 2 || parts.some((part) => part === '' || part.includes('\0'))) return null;
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}

/** Writes a name so that `parseTableName` reads it again. */
export function formatTableName({ schema, name }: TableName): string {
  const part = (text: string): string =>
    /^[^".\s](?:[^".]*[^".\s])?$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
  return schema === null ? part(name) : `${part(schema)}.${part(name)}`;
}

/** What is wrong with a table's name; null where nothing is, or a run variable in it has no value yet. */
export function tableNameProblem(text: string): { readonly message: string; readonly hint: string } | null {
  if (text.includes('{{') || parseTableName(text) !== null) return null;
  return {
    message: `table is ${JSON.stringify(text)}, a name (orders), a schema and a name (public.orders) or a schema's tables (public.*) is expected`,
    hint: 'Put a part that holds a dot, a quote or blanks at its ends into double quotes, and double the quotes inside.',
  };
}
