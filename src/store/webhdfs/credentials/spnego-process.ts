import { createRequire } from 'node:module';
import type { FromSpnego, ToSpnego } from './spnego-message.ts';

// The entry of a process that signs in once. Kerberos libraries take keytab and ticket cache from the environment of the process they
// run in: here each connection has its own, in whatever thread it is used, and a KDC that does not answer can be walked away from.

interface Kerberos {
  readonly GSS_C_MUTUAL_FLAG: number;
  readonly GSS_MECH_OID_KRB5: number;
  readonly GSS_MECH_OID_SPNEGO: number;
  initializeClient(service: string, options: object): Promise<Client>;
}

interface Client {
  step(challenge: string): Promise<string>;
}

let client: Client | null = null;
process.on('SIGINT', () => {}); // Ctrl-C is for the parent, which then ends this
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToSpnego) => {
  answer(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ type: 'failed', reason: textOf(error) } satisfies FromSpnego),
  );
});

async function answer(message: ToSpnego): Promise<FromSpnego> {
  if (message.type === 'verify') {
    await client?.step(message.challenge);
    return { type: 'verified' };
  }
  let kerberos: Kerberos;
  try {
    kerberos = createRequire(import.meta.url)('kerberos') as Kerberos;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && /'kerberos'/.test(textOf(error));
    return { type: missing ? 'missing' : 'broken', reason: textOf(error).split('\n', 1)[0] ?? '' };
  }
  const { service, principal } = message;
  const options = { gssFlag: kerberos.GSS_C_MUTUAL_FLAG, ...(principal === null ? {} : { principal }) };
  try {
    client = await kerberos.initializeClient(service, { ...options, mechOID: kerberos.GSS_MECH_OID_SPNEGO });
    return { type: 'token', token: await client.step('') };
  } catch (error) {
    if (!/SPNEGO cannot find mechanisms/.test(textOf(error))) throw error;
    // The negotiation hides why it has no ticket; the mechanism below it says so.
    const plain = await kerberos.initializeClient(service, { ...options, mechOID: kerberos.GSS_MECH_OID_KRB5 });
    await plain.step('');
    throw error;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
