import type { CheckContext } from './check-context.ts';
import { type DocumentNode, itemsOf, memberOf } from './document-node.ts';
import { serverUrlProblem } from './server-url-problem.ts';

/** Bytes that HDFS keeps a checksum of: blocks are made of them. */
const CHUNK = 512;

/** Looks at a webhdfs connection: URLs that cannot be meant, and keys that go against each other. `check` stands on all connections. */
export function checkHdfsConnection(
  name: string,
  node: DocumentNode,
  isFilled: (node: DocumentNode) => boolean,
  check: CheckContext,
): void {
  const url = memberOf(node, 'url');
  const urls = url?.kind === 'array' ? url.items : url === null ? [] : [url];
  const seen = new Map<string, number>();
  const known: URL[] = [];
  urls.forEach((each, index) => {
    if (each.kind !== 'scalar' || typeof each.value !== 'string' || each.value === '' || !isFilled(each)) return;
    const at = url?.kind === 'array' ? [name, 'url', index] : [name, 'url'];
    const found = serverUrlProblem(each.value);
    // what was filled in may be a secret that is in the wrong place
    const hint = each.written === null ? (found?.hint ?? '') : 'Check the value that is filled in.';
    if (found !== null) check[found.severity](at, found.message, hint);
    if (found?.severity === 'problem') return;
    const parsed = new URL(each.value);
    known.push(parsed);
    if (seen.has(parsed.origin)) check.problem(at, `${parsed.host} stands in url twice`, 'Name each NameNode once.');
    seen.set(parsed.origin, index);
  });
  checkSecurity(name, node, known, check);
  checkRedirects(name, node, check);
  const block = memberOf(node, 'block_size');
  if (block?.kind === 'scalar' && typeof block.value === 'number' && block.value % CHUNK !== 0) {
    const near = Math.ceil(block.value / CHUNK) * CHUNK;
    check.problem(
      [name, 'block_size'],
      `block_size is ${block.value}, no multiple of ${CHUNK}`,
      `Write ${near}: HDFS keeps a checksum of every ${CHUNK} bytes, and cuts blocks between them.`,
    );
  }
}

function checkSecurity(name: string, node: DocumentNode, urls: readonly URL[], check: CheckContext): void {
  const has = (key: string): boolean => memberOf(node, key) !== null;
  if (has('token') && has('user')) {
    check.warning([name, 'user'], 'user has no effect beside token: a token says whose it is', 'Remove user.');
  } else if (has('kerberos') && has('user')) {
    check.warning(
      [name, 'user'],
      'user has no effect beside kerberos: a ticket says whose it is',
      'Remove user, or set kerberos.principal.',
    );
  }
  if (urls.length === 0) return;
  const secure = urls.filter(({ protocol }) => protocol === 'https:').length;
  if (memberOf(memberOf(node, 'tls'), 'ca') !== null && secure === 0) {
    const hint = 'Write https:// in url, with the https port (9871 by default), or remove tls.';
    check.problem([name, 'tls', 'ca'], 'tls.ca has no effect: no URL of the connection is https', hint);
  }
  if (secure > 0 && secure < urls.length) {
    const hint = 'After a failover data and tokens would go unencrypted: write https for all.';
    check.warning([name, 'url'], `${secure} of ${urls.length} URLs are https, the others are not`, hint);
  }
}

function checkRedirects(name: string, node: DocumentNode, check: CheckContext): void {
  const api = memberOf(node, 'api');
  const hosts = memberOf(node, 'redirect_hosts');
  if (hosts === null) return;
  if (api?.kind === 'scalar' && api.value === 'httpfs') {
    const hint = 'Remove redirect_hosts, or api if these are NameNodes.';
    check.problem(
      [name, 'redirect_hosts'],
      'redirect_hosts has no effect with api httpfs, which never redirects',
      hint,
    );
  }
  itemsOf(hosts).forEach((host, index) => {
    if (host.kind !== 'scalar' || typeof host.value !== 'string') return;
    const at = [name, 'redirect_hosts', index];
    if (/^\*\.?$/.test(host.value)) {
      check.problem(
        at,
        `${JSON.stringify(host.value)} would allow every host`,
        'Name the domain of the DataNodes: "*.dc1.example.org".',
      );
    } else if (/:\/\/|\/|:\d+$/.test(host.value)) {
      check.problem(
        at,
        `${JSON.stringify(host.value)} is more than a host name`,
        'Write the name alone, without scheme, port and path.',
      );
    } else if (/\*/.test(host.value.slice(1)) || (host.value.startsWith('*') && !host.value.startsWith('*.'))) {
      check.problem(
        at,
        `${JSON.stringify(host.value)} has its * in the wrong place`,
        'It stands for whole names, at the front: "*.dc1.example.org".',
      );
    }
  });
}
