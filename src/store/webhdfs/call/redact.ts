const secrets = new Set<string>();

/** What stands where a secret stood. */
const INSTEAD = '[withheld]';

/** Keys of query strings and headers whose values are secrets, whoever writes them. */
const KEYED = /\b(delegation|token|urlString|signature)(=|%3D|["']?\s*:\s*["']?)[^&\s"'<>;,)\]}]+/gi;
const COOKIE = /\bhadoop\.auth=(?:"[^"]*"|[^\s;]+)/gi;
const SCHEMES = /\b(Negotiate|Bearer|Basic)\s+[A-Za-z0-9+/_=-]{8,}/gi;

/** Keeps a text out of everything that `redact` goes over, from now on and in the whole process. */
export function withhold(secret: string): void {
  if (secret.length < 4) return;
  secrets.add(secret);
  secrets.add(encodeURIComponent(secret));
}

/** A text that others wrote, without the secrets that it may repeat: servers quote URLs, and tokens stand in URLs. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, INSTEAD);
  return clean
    .replace(COOKIE, `hadoop.auth=${INSTEAD}`)
    .replace(KEYED, `$1$2${INSTEAD}`)
    .replace(SCHEMES, `$1 ${INSTEAD}`);
}
