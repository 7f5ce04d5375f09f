import type { CheckContext } from './check-context.ts';
import { type DocumentNode, memberOf } from './document-node.ts';
import { isThisMachine } from './this-machine.ts';

/** Looks at a database connection: whether it is spoken to safely. `check` stands on all connections. */
export function checkDatabaseConnection(
  name: string,
  node: DocumentNode,
  isFilled: (node: DocumentNode) => boolean,
  check: CheckContext,
): void {
  const tls = memberOf(node, 'tls');
  const off = tls?.kind === 'scalar' && tls.value === false;
  const dangerous = memberOf(node, 'dangerously_allow_plaintext');
  const allowed = dangerous?.kind === 'scalar' && dangerous.value === true;
  const host = memberOf(node, 'host');
  const known = host?.kind === 'scalar' && typeof host.value === 'string' && isFilled(host) ? host.value : null;
  const remote = known !== null && !isThisMachine(known);
  if (off && remote && !allowed) {
    const message = `tls is false, but ${known} is another machine: the password and every row could be read and changed on the way`;
    const hint = 'Remove tls to use TLS, or say dangerously_allow_plaintext: true.';
    check.problem([name, 'tls'], message, hint);
  }
  if (allowed && tls?.kind === 'object') {
    const message = `connection ${name} declares both tls and dangerously_allow_plaintext`;
    check.problem([name, 'dangerously_allow_plaintext'], message, 'Remove one.');
  }
  if (allowed && known !== null && !remote) {
    const message = `dangerously_allow_plaintext has no effect: ${known} is this machine`;
    check.warning([name, 'dangerously_allow_plaintext'], message, 'Remove it.');
  }
  if ((memberOf(tls, 'cert') === null) !== (memberOf(tls, 'key') === null)) {
    const message = `tls of connection ${name} needs both cert and key, or neither`;
    check.problem([name, 'tls'], message, 'Add the other file, or remove this one.');
  }
  if (known?.startsWith('/') && tls?.kind === 'object') {
    check.problem([name, 'tls'], `tls is set, but host is the socket ${known}`, 'Remove tls: a socket needs none.');
  }
}
