import { isIP } from 'node:net';

/** Whether a redirect may lead to a host: to one that was declared, or, where none was, to one of the NameNodes' own domains. */
export function mayRedirect(host: string, urls: readonly string[], declared: readonly string[] | null): boolean {
  const to = plain(host);
  if (declared !== null) return declared.some((pattern) => matches(to, plain(pattern)));
  return urls.some((url) => {
    const from = plain(new URL(url).hostname);
    if (from === to) return true;
    const domain = domainOf(from);
    return domain !== null && to.endsWith(domain) && isIP(to) === 0;
  });
}

function matches(host: string, pattern: string): boolean {
  if (pattern.startsWith('*.')) return host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
  return host === pattern;
}

/** Domains that are everybody's, such as `.co.uk`. */
const PUBLIC = /^\.(?:ac|co|com|edu|gob|gov|go|mil|ne|net|nom|or|org)\.[a-z]{2}$/;

/** `.dc1.example.org` of `nn1.dc1.example.org`; null for addresses, and where what is left is a domain that anybody may have a name in. */
function domainOf(host: string): string | null {
  if (isIP(host) !== 0) return null;
  const parts = host.split('.');
  const domain = `.${parts.slice(1).join('.')}`;
  return parts.length < 3 || PUBLIC.test(domain) ? null : domain;
}

function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
