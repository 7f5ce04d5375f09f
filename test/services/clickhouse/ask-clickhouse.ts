import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { ClickhouseFacts } from './clickhouse-facts.ts';

/** Where and as whom to ask. */
export type ClickhouseAddress = Pick<ClickhouseFacts, 'url' | 'user' | 'password' | 'database' | 'tls'>;

/** What a server answers to a statement, and in what format; fails with the text of its refusal. Without any client of ours or of ClickHouse's. */
export function askClickhouse(
  { url, user, password, database, tls }: ClickhouseAddress,
  sql: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<string> {
  const query = new URLSearchParams({ database, ...fields });
  const send = tls === null ? request : requestSecure;
  return new Promise((resolve, reject) => {
    const asked = send(`${url}/?${query}`, {
      method: 'POST',
      auth: `${user}:${password}`,
      agent: false,
      ...(tls === null ? {} : { ca: readFileSync(tls.caFile) }),
    });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(text));
      });
    });
    asked.end(sql);
  });
}

/** Rows of a query as objects; 64-bit integers are text. */
export async function askForRows(address: ClickhouseAddress, sql: string): Promise<readonly Record<string, unknown>[]> {
  const fields = { default_format: 'JSONEachRow', output_format_json_quote_64bit_integers: '1' };
  const text = await askClickhouse(address, sql, fields);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
