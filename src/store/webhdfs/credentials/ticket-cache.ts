import { readFile } from 'node:fs/promises';

/** What a ticket cache holds that lets its user get other tickets. */
export interface TicketCache {
  /** `etl@EXAMPLE.ORG`. */
  readonly principal: string;
  /** When the ticket-granting ticket ends, seconds since 1970; null where there is none. */
  readonly ends: number | null;
}

/** Credential caches end somewhere near this size. */
const MOST_TICKETS = 10_000;

/**
 * Reads a ticket cache of type FILE (MIT's format, versions 3 and 4). Null where it is none, or cannot be read: this only makes messages
 * better, the Kerberos library reads it for itself.
 */
export async function readTicketCache(name: string): Promise<TicketCache | null> {
  const path = /^(?:FILE:)?(\/.*)$/.exec(name)?.[1];
  if (path === undefined) return null;
  try {
    return parseTicketCache(await readFile(path));
  } catch {
    return null;
  }
}

/** The same of its bytes. Fails with a RangeError where they end too early. */
export function parseTicketCache(bytes: Buffer): TicketCache | null {
  const version = bytes.readUInt16BE(0);
  if (version !== 0x0504 && version !== 0x0503) return null;
  const reader = { bytes, at: 2 };
  if (version === 0x0504) reader.at += 2 + bytes.readUInt16BE(2);
  const principal = readPrincipal(reader);
  let ends: number | null = null;
  for (let count = 0; reader.at < bytes.length && count < MOST_TICKETS; count += 1) {
    readPrincipal(reader);
    const server = readPrincipal(reader);
    reader.at += version === 0x0503 ? 4 : 2; // type of the key (which version 3 has twice)
    skip(reader); // the key
    const end = bytes.readUInt32BE(reader.at + 8);
    reader.at += 16 + 1 + 4; // four times, one flag, more flags
    for (let list = 0; list < 2; list += 1) {
      for (let left = number(reader); left > 0; left -= 1) {
        reader.at += 2;
        skip(reader);
      }
    }
    skip(reader);
    skip(reader);
    if (server.startsWith('krbtgt/')) ends = Math.max(ends ?? 0, end);
  }
  return { principal, ends };
}

interface Reading {
  readonly bytes: Buffer;
  at: number;
}

function readPrincipal(reader: Reading): string {
  reader.at += 4; // its type
  const count = number(reader);
  const realm = skip(reader).toString('utf8');
  const parts: string[] = [];
  for (let left = count; left > 0; left -= 1) parts.push(skip(reader).toString('utf8'));
  return `${parts.join('/')}@${realm}`;
}

function number(reader: Reading): number {
  reader.at += 4;
  return reader.bytes.readUInt32BE(reader.at - 4);
}

/** What stands after its length. */
function skip(reader: Reading): Buffer {
  const length = number(reader);
  if (reader.at + length > reader.bytes.length) throw new RangeError('it ends before it is whole');
  reader.at += length;
  return reader.bytes.subarray(reader.at - length, reader.at);
}
