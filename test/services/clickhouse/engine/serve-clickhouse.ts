import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Engine, quoted } from './engine.ts';
import { HttpServer } from './http-server.ts';
import type { ServerOptions } from './server-options.ts';

/** The program of a server's process; its argument is a file of its options. Prints `ready` once it listens. */
const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ServerOptions;
const engine = new Engine(options.chdb, options.data, options.configuration);
const known = engine.ask(`SELECT count() FROM system.databases WHERE name = ${quoted(options.database, "'")}`);
if (known === '0') engine.ask(`CREATE DATABASE ${quoted(options.database, '`')} ENGINE = Atomic`);
const http = new HttpServer(engine, { ...options, version: engine.ask('SELECT version()') }, options.version);
const { tls } = options;
const server =
  tls === null
    ? createServer()
    : createSecureServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) });
server.requestTimeout = 0;
server.keepAliveTimeout = 10_000;
server.on('request', (asked, answer) => void http.serve(asked, answer));
server.listen(options.port, options.host, () => console.log('ready'));
