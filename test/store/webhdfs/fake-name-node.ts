import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NameNodes } from '../../../src/store/webhdfs/call/name-nodes.ts';
import type { WebHdfsPlan } from '../../../src/store/webhdfs/web-hdfs-plan.ts';

/** A server that answers as it is told, for what a real one does not do on demand. */
export interface FakeNameNode extends AsyncDisposable {
  readonly url: string;
  /** Operations that it was asked for. */
  readonly asked: readonly string[];
}

export async function startFake(
  serve: (asked: IncomingMessage, answer: ServerResponse, op: string) => void,
): Promise<FakeNameNode> {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    const op = new URL(request.url ?? '/', 'http://fake').searchParams.get('op') ?? '';
    asked.push(op);
    for (const each of [request, answer]) each.on('error', () => {});
    serve(request, answer, op);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhdfs/v1`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The client of such servers; it waits for little. */
export function nodesOf(urls: readonly string[], more: Partial<WebHdfsPlan> = {}): NameNodes {
  return new NameNodes({
    name: 'lake',
    urls,
    api: 'webhdfs',
    user: 'etl',
    token: null,
    redirectHosts: null,
    ca: null,
    limits: { connect: 5000, idle: 5000, call: 5000, wait: 1 },
    attempts: 3,
    permission: null,
    replication: null,
    blockSize: null,
    ...more,
  });
}

/** Answers with JSON. */
export function sayJson(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sayException(answer: ServerResponse, exception: string, message = ''): void {
  sayJson(answer, 403, { RemoteException: { exception, javaClassName: `org.apache.${exception}`, message } });
}

/** What GETFILESTATUS answers of a file. */
export const STATUS = {
  FileStatus: {
    pathSuffix: '',
    type: 'FILE',
    fileId: 16_400,
    length: 3,
    modificationTime: 1,
    permission: '644',
    blockSize: 1024,
  },
};
