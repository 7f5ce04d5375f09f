import { afterAll, beforeAll, inject } from 'vitest';
import { askBroker } from '../broker/ask-broker.ts';
import { describeWithServer } from '../describe-with-server.ts';
import { KDC_PROGRAMS, Kdc } from './kdc.ts';
import { COMPILERS } from './kerberos-package.ts';
import type { SecureHadoopFacts } from './start-secure-hadoop.ts';

/** A secured HDFS that test files share, and its KDC. */
export interface SecureHadoop extends Omit<SecureHadoopFacts, 'kdc'>, AsyncDisposable {
  readonly kdc: Kdc;
}

/**
 * Tests against a real HDFS that asks for Kerberos. The environment of this process is that of its realm, and finds the npm package.
 * Skipped, with the reason in their name, where Java, Maven, MIT's KDC or what compiles the package is missing.
 */
export function describeWithKerberos(name: string, body: (hadoop: () => SecureHadoop) => void): void {
  const needed = ['java', 'mvn', ...KDC_PROGRAMS, ...COMPILERS];
  describeWithServer(name, needed, shared, (hadoop) => {
    const before = { ...process.env };
    beforeAll(() => {
      Object.assign(process.env, hadoop().kdc.environment, { NODE_PATH: hadoop().packages });
    });
    afterAll(() => {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
      Object.assign(process.env, before);
    });
    body(hadoop);
  });
}

/** One that runs already can be named by `ATLAS_SECURE_HADOOP` (JSON of its facts). Whoever started it stops it. */
async function shared(): Promise<SecureHadoop> {
  const running = process.env['ATLAS_SECURE_HADOOP'];
  const facts = JSON.parse(running ?? (await askBroker(inject('serviceBroker'), 'secure'))) as SecureHadoopFacts;
  return { ...facts, kdc: new Kdc(facts.kdc), [Symbol.asyncDispose]: async () => {} };
}
