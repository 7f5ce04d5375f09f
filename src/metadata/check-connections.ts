import { checkClickhouseConnection } from './check-clickhouse-connection.ts';
import type { CheckContext } from './check-context.ts';
import { checkDatabaseConnection } from './check-database-connection.ts';
import { checkHdfsConnection } from './check-hdfs-connection.ts';
import { SECRET_KEYS } from './connection-schema.ts';
import { type DocumentNode, memberOf } from './document-node.ts';
import { splitReferences } from './interpolate.ts';
import { SAFE_NAME } from './safe-name.ts';
import { isThisMachine } from './this-machine.ts';

/**
 * Looks at connections as they are written: names that are safe, and no secret that stands there as text. For a server on
 * this machine a literal secret is only a warning. `check` stands on the object of all connections; what is not filled in is left alone.
 */
export function checkConnections(check: CheckContext, isFilled: (node: DocumentNode) => boolean): void {
  if (check.node.kind !== 'object') return;
  for (const [name, { node }] of check.node.members) {
    if (!SAFE_NAME.test(name)) {
      const hint = 'Letters, digits, _ and - are possible, the first a letter or digit.';
      check.problem([name], `${JSON.stringify(name)} cannot be the name of a connection`, hint);
    }
    const tell = isLoopback(node) ? check.warning : check.problem;
    const hint = 'Write ${NAME} or ${file:/path}, and keep the secret outside.';
    for (const key of SECRET_KEYS) {
      const secret = memberOf(node, key);
      if (secret === null || !isLiteral(secret)) continue;
      tell([name, key], `the ${key} of connection ${name} stands here as text`, hint, 'ATLAS_META_SECRET');
    }
    checkSignIn(check, name, node);
    const type = memberOf(node, 'type');
    const kind = type?.kind === 'scalar' ? type.value : null;
    if (kind === 'webhdfs') checkHdfsConnection(name, node, isFilled, check);
    if (kind === 'postgresql' || kind === 'mysql') checkDatabaseConnection(name, node, isFilled, check);
    if (kind === 'clickhouse') checkClickhouseConnection(name, node, isFilled, check);
    for (const url of urlsOf(node)) {
      if (url.kind !== 'scalar' || !isLiteral(url) || !/^[a-z]+:\/\/[^/@]*:[^/@]+@/i.test(String(url.value))) continue;
      tell([name, 'url'], `the URL of connection ${name} holds a password as text`, hint, 'ATLAS_META_SECRET');
    }
  }
}

/** Who asks is said once. */
function checkSignIn(check: CheckContext, name: string, node: DocumentNode): void {
  const kerberos = memberOf(node, 'kerberos');
  if (kerberos === null) return;
  if (memberOf(node, 'token') !== null) {
    check.problem(
      [name, 'token'],
      `connection ${name} declares both token and kerberos`,
      'Remove one: with kerberos a token is got and renewed by itself.',
    );
  }
  if (memberOf(kerberos, 'keytab') !== null && memberOf(kerberos, 'ticket_cache') !== null) {
    check.problem(
      [name, 'kerberos', 'ticket_cache'],
      `kerberos of connection ${name} declares both keytab and ticket_cache`,
      'Remove one: with a keytab, tickets are got for each sign-in and kept nowhere.',
    );
  }
}

/** A text that says something of its own: no reference in it, or one with a default. */
function isLiteral(node: DocumentNode): boolean {
  if (node.kind !== 'scalar' || node.value === '' || node.value === null) return false;
  const pieces = node.written === null ? [] : splitReferences(node.written);
  const secretDefault = pieces.some((piece) => piece.kind === 'variable' && (piece.fallback ?? '') !== '');
  return secretDefault || !pieces.some((piece) => piece.kind === 'variable' || piece.kind === 'file');
}

function urlsOf(connection: DocumentNode): readonly DocumentNode[] {
  const url = memberOf(connection, 'url');
  if (url === null) return [];
  return url.kind === 'array' ? url.items : [url];
}

function isLoopback(connection: DocumentNode): boolean {
  const host = memberOf(connection, 'host');
  const hosts = host?.kind === 'scalar' ? [String(host.value)] : urlsOf(connection).map(hostOf);
  return hosts.length > 0 && hosts.every(isThisMachine);
}

function hostOf(url: DocumentNode): string {
  if (url.kind !== 'scalar' || !URL.canParse(String(url.value))) return '';
  return new URL(String(url.value)).hostname;
}
