import type { exchange } from '../call/exchange.ts';

type Page = Pick<Awaited<ReturnType<typeof exchange>>, 'status' | 'text' | 'headers'>;

/** What an answer that is none of WebHDFS looks like, for people: kind, title, and who sent it. Never its text. */
export function describePage({ status, text, headers }: Page): string {
  const title = /<title>([^<]{1,120})<\/title>/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim();
  const html = /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(text);
  const what = html ? 'an HTML page' : `${headers['content-type']?.split(';', 1)[0] ?? 'something without a type'}`;
  const named = title === undefined ? '' : ` titled ${JSON.stringify(title)}`;
  const server = headers['server'] === undefined ? '' : `, server ${JSON.stringify(headers['server'].slice(0, 60))}`;
  const via = headers['via'] === undefined ? '' : `, through ${JSON.stringify(headers['via'].slice(0, 60))}`;
  return `${what}${named} (HTTP ${status}${server}${via})`;
}
