/** A ledger's name for people and logs: a path as it is, a URL without its password and options. */
export function ledgerName(ledger: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(ledger);
  if (scheme === null) return ledger;
  const rest = ledger.slice(scheme[0].length);
  const [, user = '', hosts = '', path = ''] = /^(?:([^/?#]*)@)?([^/?#]*)(\/[^?#]*)?/.exec(rest) ?? [];
  const behind = rest.slice(user.length + (rest.startsWith('@', user.length) ? 1 : 0));
  // where a character of a password was not encoded, anything may stand anywhere
  const isPlain =
    !/[@#]/.test(behind) && hosts.split(',').every((host) => /^(\[[0-9a-f:.]*\]|[^:]*)(:\d+)?$/i.test(host));
  if (!isPlain) return `${scheme[1]}://…`;
  const name = user.split(':')[0] as string;
  return `${scheme[1]}://${name === '' ? '' : `${name}@`}${hosts}${path}`;
}
