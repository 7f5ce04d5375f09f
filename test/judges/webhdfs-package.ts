import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';

interface Client {
  createReadStream(path: string): Readable;
}

/** What the `webhdfs` package reads of a file: a client that is not ours. `url`: of the server (`http://host:port/webhdfs/v1`). */
export async function webhdfsPackageBytes(url: string, user: string, path: string): Promise<Buffer> {
  const { createClient } = createRequire(import.meta.url)('webhdfs') as { createClient(options: object): Client };
  const { hostname: host, port, pathname } = new URL(url);
  const stream = createClient({ user, host, port, path: pathname }).createReadStream(path);
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.once('error', reject);
    stream.once('finish', () => resolve(Buffer.concat(parts)));
  });
}
