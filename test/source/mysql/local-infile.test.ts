import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { openSession } from '../../../src/source/mysql/connection/open-session.ts';
import { RowStream } from '../../../src/source/mysql/connection/row-stream.ts';
import { describeWithOwnMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from './mysql-connection.ts';

const LOCAL_FILES = 0x80;
const { signal } = new AbortController();

function packet(sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, body]);
}

/** The first words of a server of MySQL 8 that asks for a native password. */
function greeting(): Buffer {
  const capabilities = 0x00_0f_f7_ff;
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('12345678\0'),
    Buffer.from([capabilities & 0xff, (capabilities >> 8) & 0xff, 45, 2, 0, (capabilities >> 16) & 0xff, 0, 21]),
    Buffer.alloc(10),
    Buffer.from('123456789012\0'),
    Buffer.from('mysql_native_password\0'),
  ]);
  return packet(0, body);
}

/** A server that lets everybody in and answers `asks` of the statements, from 0, by asking for a file; hears all that it is sent. */
function greedyServer(asks: number) {
  const heard: Buffer[] = [];
  let statements = 0;
  const serve = (socket: Socket): void => {
    socket.on('error', () => {});
    socket.write(greeting());
    let signedIn = false;
    socket.on('data', (bytes) => {
      heard.push(bytes);
      if (!signedIn) {
        signedIn = true;
        socket.write(packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0])));
        return;
      }
      const file = Buffer.concat([Buffer.from([0xfb]), Buffer.from('/etc/hostname')]);
      const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
      socket.write(packet(1, statements >= asks ? file : ok));
      statements += 1;
    });
  };
  return { server: createServer(serve), heard };
}

it('a server that asks for a file gets none, whatever it was asked', async () => {
  const { readFileSync } = await import('node:fs');
  const content = readFileSync('/etc/hostname');
  for (const asks of [0, 3]) {
    const { server, heard } = greedyServer(asks);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const facts = { host: '127.0.0.1', port, user: 'u', password: 'p', home: '', tls: null };
      const connection = mysqlConnection(facts, 'd', { attempts: 1 });
      await expect(openSession(connection, { signal })).rejects.toMatchObject({
        code: 'ATLAS_DB_PROTOCOL',
        message: expect.stringMatching(/asks for a file of this machine, which it will not get/),
      });
      const all = Buffer.concat(heard);
      expect((all.readUInt32LE(4) & LOCAL_FILES) === 0).toBe(true);
      expect(all.includes(content)).toBe(false);
    } finally {
      server.close();
    }
  }
});

describeWithOwnMariadb('a MariaDB that allows LOCAL INFILE', { settings: { 'local-infile': 'ON' } }, (mariadb) => {
  it('is not given files, nor several statements at once', async () => {
    await using database = await makeMariadbDatabase(mariadb());
    await database.query('CREATE TABLE t (a text)');
    await using session = await openSession(mysqlConnection(mariadb(), database.name), { signal });
    const load = "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t";
    await expect(session.ask(load, { signal })).rejects.toThrow();
    await expect(session.ask('SELECT 1; DROP TABLE t', { signal })).rejects.toMatchObject({ code: 'ATLAS_DB_QUERY' });
    const cut = { pieceBytes: 1, pieces: 1, check: () => {} };
    await using other = await openSession(mysqlConnection(mariadb(), database.name), { signal });
    await expect(RowStream.open(other, { sql: load, values: [], path: 't', ...cut }, { signal })).rejects.toThrow();
    expect(await database.query('SELECT count(*) FROM t')).toEqual([['0']]);
    await using writing = await openSession(mysqlConnection(mariadb(), database.name), { signal });
    await expect(writing.ask("INSERT INTO t VALUES ('x')", { signal })).rejects.toThrow(/READ ONLY/);
  });
});
