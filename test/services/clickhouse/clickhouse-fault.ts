import { statementTokens } from './engine/statement-tokens.ts';

/** A request on its way to a ClickHouse. */
export interface ClickhouseRequest {
  /** Of all requests since the proxy was opened or restarted, from 0. */
  readonly index: number;
  /** An INSERT that brings data; what answers rows; everything else (`/ping`, too). */
  readonly kind: 'insert' | 'query' | 'command';
  /** Among those of its kind, from 0. */
  readonly nth: number;
  /** `/ping` where it is that. */
  readonly sql: string;
  readonly queryId: string | null;
}

/** What goes wrong with a request. */
export type ClickhouseFault =
  /** The server never hears of it; it is refused once its body has come, in the words of a ClickHouse. */
  | { readonly kind: 'refuse'; readonly code: number; readonly name: string; readonly status?: number }
  /** The same by something in between, with a page of HTML. */
  | { readonly kind: 'gateway'; readonly status: 502 | 503 | 504 }
  /** Both sides are reset once so many bytes of the body have gone through, or all but its end. */
  | { readonly kind: 'reset-body'; readonly after: number }
  /** It is carried out; then the client is reset, without an answer. */
  | { readonly kind: 'lose-answer' }
  /** The client is reset once the server has all of it and has begun. */
  | { readonly kind: 'lose-early' }
  /** The client is reset once its body has come; the server hears of it so many milliseconds later. */
  | { readonly kind: 'late'; readonly ms: number }
  /** It is carried out; half of the answer comes, then a reset. */
  | { readonly kind: 'cut-answer' }
  /** The answer comes so many milliseconds later than it could. */
  | { readonly kind: 'slow'; readonly ms: number };

/** What a statement is to a proxy. */
export function kindOfStatement(sql: string, hasBody: boolean): ClickhouseRequest['kind'] {
  const [first] = statementTokens(sql);
  const word = first?.text.toUpperCase() ?? '';
  if (word === 'INSERT' && hasBody) return 'insert';
  return ['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', '('].includes(word) ? 'query' : 'command';
}
