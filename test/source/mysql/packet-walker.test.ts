import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketWalker } from '../../../src/source/mysql/connection/packet-walker.ts';

const EOF = Buffer.from([0xfe, 0, 0, 2, 0]);
const CONTINUED = 0xff_ff_ff;

function packet(sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, body]);
}

/** The packets of a row: several where it is long, the last perhaps empty. */
function packetsOf(row: Buffer, sequence: number): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; ; at += CONTINUED) {
    const body = row.subarray(at, at + CONTINUED);
    packets.push(packet(sequence + packets.length, body));
    if (body.length < CONTINUED) return packets;
  }
}

/** What is told of bytes that arrive in chunks: rows of each piece, sequence numbers of later pieces, the end, what is left. */
function walk(chunks: readonly Buffer[], first: number, cut = { pieceBytes: Infinity, pieces: 1 }) {
  const pieces: Buffer[][] = [[]];
  const sequences: number[] = [];
  let end: Buffer | null = null;
  const walker = new PacketWalker(
    {
      rows: (bytes) => pieces.at(-1)?.push(bytes),
      piece: (sequence) => {
        pieces.push([]);
        sequences.push(sequence);
      },
      end: (last) => {
        end = Buffer.from(last);
      },
    },
    first,
    cut,
  );
  let rest = Buffer.alloc(0);
  for (const chunk of chunks) rest = Buffer.concat([rest, walker.walk(chunk)]);
  return { pieces: pieces.map((parts) => Buffer.concat(parts)), sequences, end: end as Buffer | null, rest };
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((to, index) => bytes.subarray(sorted[index], to));
}

describe('the packets of a result', () => {
  it('are told the same however they arrive, and pieces end with the row that fills them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }),
        fc.nat(255),
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        (lengths, first, places, pieceBytes) => {
          const rows = lengths.map((length, index) => packet(first + index, Buffer.alloc(length + 1)));
          const last = packet(first + rows.length, EOF);
          const bytes = Buffer.concat([...rows, last]);
          const cut = { pieceBytes, pieces: 1000 };
          const whole = walk([bytes], first & 0xff, cut);
          const parts = walk(cutAt(bytes, places), first & 0xff, cut);
          expect(parts).toEqual(whole);
          expect(Buffer.concat(whole.pieces)).toEqual(Buffer.concat(rows));
          expect(whole.end).toEqual(last);
          for (const piece of whole.pieces.slice(0, -1)) {
            expect(piece.length).toBeGreaterThanOrEqual(pieceBytes);
            expect(piece.length).toBeLessThan(pieceBytes + 65);
          }
        },
      ),
    );
  });

  it('that go on in others are one row, also where the last is empty', () => {
    for (const length of [CONTINUED - 1, CONTINUED, CONTINUED + 5, 2 * CONTINUED]) {
      const row = Buffer.alloc(length, 0xfe);
      row[0] = 0;
      const packets = packetsOf(row, 3);
      const last = packet(3 + packets.length, EOF);
      const bytes = Buffer.concat([...packets, last]);
      const { pieces, end } = walk(cutAt(bytes, [7, CONTINUED + 2, CONTINUED + 6, length]), 3, {
        pieceBytes: 10,
        pieces: 9,
      });
      expect(pieces.map((piece) => piece.length)).toEqual([Buffer.concat(packets).length, 0]);
      expect(end).toEqual(last);
    }
  });

  it("end with an error too, and what follows is somebody else's", () => {
    const error = packet(6, Buffer.from([0xff, 0x25, 0x05, 0x23]));
    const { end, rest } = walk([packet(5, Buffer.from([0, 1])), error, Buffer.from([9, 9])], 5);
    expect(end).toEqual(error);
    expect(rest).toEqual(Buffer.from([9, 9]));
  });

  it.each([
    ['a number that is not the next', packet(6, Buffer.from([0]))],
    ['a packet that is neither row nor end', packet(5, Buffer.from([7, 7]))],
    ['an empty packet', Buffer.from([0, 0, 0, 5, 0])],
  ])('that hold %s are refused', (_name, bytes) => {
    expect(() => walk([bytes], 5)).toThrow(expect.objectContaining({ code: 'ATLAS_DB_PROTOCOL' }));
  });
});
