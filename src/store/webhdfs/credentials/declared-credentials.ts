import { AtlasError } from '../../../errors.ts';
import { withhold } from '../call/redact.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import type { Credentials, Presented, Refusal } from './credentials.ts';
import { tokenFacts } from './token-facts.ts';

/** Who the connection says it is: a token, used as it stands, or the name of a user, which a server may believe. */
export function declaredCredentials({ name, user, token }: WebHdfsPlan): Credentials {
  if (token !== null) withhold(token);
  const query: Record<string, string> =
    token !== null ? { delegation: token } : user !== null ? { 'user.name': user } : {};
  const presented: Presented = { query, headers: {} };
  return {
    present: async () => presented,
    replace: async (_, refusal) => {
      throw token === null ? anonymous(name, refusal) : refusedToken(name, token, refusal);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function anonymous(name: string, { call, status, challenge, reason }: Refusal): AtlasError {
  const asks = /^negotiate\b/i.test(challenge ?? '') ? 'Kerberos (Negotiate)' : 'a sign-in';
  return new AtlasError(
    'ATLAS_HDFS_AUTH',
    `${call.op} ${call.path}: the server asks for ${asks}, and connection ${name} declares neither kerberos nor token (HTTP ${status}: ${reason})`,
    {
      place: { file: call.path },
      hint: `Declare "kerberos": { "keytab": … }, or "kerberos": {} for the ticket cache, or a token, in connection ${name}.`,
    },
  );
}

function refusedToken(name: string, token: string, { call, reason }: Refusal): AtlasError {
  const facts = tokenFacts(token);
  const whose =
    facts === null
      ? ''
      : `, issued to ${facts.owner}, of use until ${new Date(facts.maxDate).toISOString()} at the most`;
  return new AtlasError(
    'ATLAS_HDFS_AUTH',
    `${call.op} ${call.path}: the server does not accept the token of connection ${name}${whose} (${reason})`,
    {
      place: { file: call.path },
      hint: 'Put a new token into the file or variable that the connection names; it is read when a command starts. For runs longer than a token lives declare kerberos.',
    },
  );
}
