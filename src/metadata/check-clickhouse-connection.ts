import type { CheckContext } from './check-context.ts';
import { type DocumentNode, memberOf } from './document-node.ts';
import { isThisMachine } from './this-machine.ts';

const EXAMPLE = 'Write "https://ch1:8443", or "chdb:data/clickhouse" for the embedded engine.';

/** Looks at a ClickHouse connection: what its URLs are, and whether it is spoken to safely. `check` stands on all connections. */
export function checkClickhouseConnection(
  name: string,
  node: DocumentNode,
  isFilled: (node: DocumentNode) => boolean,
  check: CheckContext,
): void {
  const declared = memberOf(node, 'url');
  const urls = declared === null ? [] : declared.kind === 'array' ? declared.items : [declared];
  const known = urls.flatMap((url) => (url.kind === 'scalar' && isFilled(url) ? [String(url.value)] : []));
  const embedded = known.filter((url) => url.startsWith('chdb:'));
  for (const url of known) if (!url.startsWith('chdb:')) checkUrl(name, url, check);
  if (embedded.length > 0) {
    if (known.length > 1) check.problem([name, 'url'], 'several URLs, and one is the embedded engine', 'Name one.');
    if (embedded.some((url) => url.replace(/^chdb:(\/\/)?/, '') === '')) {
      check.problem([name, 'url'], 'the URL names no folder for the data of the embedded engine', EXAMPLE);
    }
    for (const key of ['user', 'password', 'tls', 'writer', 'compression', 'dangerously_allow_plaintext']) {
      if (memberOf(node, key) === null) continue;
      check.problem([name, key], `${key} is set, and the embedded engine knows none`, 'Remove it.');
    }
    return;
  }
  const remote = known.find((url) => /^http:/i.test(url) && URL.canParse(url) && !isThisMachine(new URL(url).hostname));
  const allowed = memberOf(node, 'dangerously_allow_plaintext');
  if (remote !== undefined && !(allowed?.kind === 'scalar' && allowed.value === true)) {
    const message = `the URL of connection ${name} is http, and ${new URL(remote).hostname} is another machine: the password and every row could be read and changed on the way`;
    check.problem([name, 'url'], message, 'Write https, or say dangerously_allow_plaintext: true.');
  }
  const tls = memberOf(node, 'tls');
  if (tls !== null && known.length > 0 && known.every((url) => /^http:/i.test(url))) {
    check.problem([name, 'tls'], 'tls is set, but the URL is http', 'Write https, or remove tls.');
  }
  if ((memberOf(tls, 'cert') === null) !== (memberOf(tls, 'key') === null)) {
    const message = `tls of connection ${name} needs both cert and key, or neither`;
    check.problem([name, 'tls'], message, 'Add the other file, or remove this one.');
  }
}

function checkUrl(name: string, url: string, check: CheckContext): void {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    const native = /^(clickhouse|tcp):|:9(000|440)\b/i.test(url);
    const why = native ? ': the native protocol is not spoken' : '';
    check.problem([name, 'url'], `the URL of connection ${name} is neither http:// nor https://${why}`, EXAMPLE);
    return;
  }
  const { username, password, search, hash, port } = new URL(url);
  if (username !== '' || password !== '') {
    const hint = 'Take it out, and declare "user" and "password".';
    check.problem([name, 'url'], `the URL of connection ${name} names a user before its host`, hint);
  }
  if (search !== '' || hash !== '') {
    check.problem([name, 'url'], `the URL of connection ${name} goes on after its path (? or #)`, 'Cut it there.');
  }
  if (port === '9000' || port === '9440') {
    const message = `the URL of connection ${name} has port ${port}, which is the native protocol's`;
    check.problem([name, 'url'], message, `Write ${port === '9000' ? '8123 (http)' : '8443 (https)'}.`);
  }
}
