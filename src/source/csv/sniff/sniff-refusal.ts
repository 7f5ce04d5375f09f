/** What files that are no text begin with. */
const MAGIC: readonly (readonly [string, string])[] = [
  ['PAR1', 'a Parquet file'],
  ['PK\x03\x04', 'a ZIP archive, or a spreadsheet (.xlsx, .ods)'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old spreadsheet or document (.xls, .doc)'],
  ['%PDF-', 'a PDF document'],
  ['SQLite format 3\0', 'a SQLite database'],
  ['ARROW1', 'an Arrow file'],
  ['ORC', 'an ORC file'],
  ['Obj\x01', 'an Avro file'],
  ['BZh', 'compressed with bzip2, which is not supported: unpack it, or use gzip or zstd'],
  ['\xfd7zXZ\0', 'compressed with xz, which is not supported: unpack it, or use gzip or zstd'],
  ["7z\xbc\xaf'\x1c", 'a 7-Zip archive'],
  ['\x7fELF', 'a program'],
  ['\x89PNG', 'a picture'],
  ['\xff\xd8\xff', 'a picture'],
  ['GIF8', 'a picture'],
];

/** Control characters that no text has, as a share of it. */
const MOST_CONTROL = 0.02;

/** Why bytes are no text of any dialect; null where they may be. */
export function refuseBytes(head: Uint8Array, wide: boolean): string | null {
  const start = Buffer.from(head.subarray(0, 1024)).toString('latin1');
  const magic = MAGIC.find(([bytes]) => start.startsWith(bytes));
  if (magic !== undefined && !(magic[0] === 'ORC' && /^ORC[ -~]*[\r\n,;]/.test(start))) return `it is ${magic[1]}`;
  if (start.slice(257, 262) === 'ustar') return 'it is a tar archive: unpack it';
  if (wide) return null;
  let control = 0;
  for (const byte of head) control += byte < 9 || (byte > 13 && byte < 28) || byte === 127 ? 1 : 0;
  // Separators of fields that are control characters stand in every row, but among text.
  const separators = head.reduce((sum, byte) => sum + (byte === 1 ? 1 : 0), 0);
  if (control - separators > Math.max(8, head.length * MOST_CONTROL)) {
    return `${control} of its first ${head.length} bytes are control characters: it is no text`;
  }
  return null;
}

/** Why a text is no table; null where it may be one. */
export function refuseText(text: string, complete: boolean): string | null {
  const start = text.slice(0, 4096).trimStart();
  if (/^<(?:\?xml|!doctype|html|svg|rss)[\s>]/i.test(start)) return 'it is XML or HTML';
  if (/^[[{]/.test(start) && isJson(text, complete)) return 'it is JSON';
  if (!complete && !/[\r\n]/.test(text) && !text.includes('\u001e'))
    return `no line ends in its first ${text.length} characters`;
  return null;
}

/** Whole JSON, or a JSON value on each line. */
function isJson(text: string, complete: boolean): boolean {
  const parses = (part: string): boolean => {
    try {
      return typeof JSON.parse(part) === 'object';
    } catch {
      return false;
    }
  };
  if (complete && parses(text)) return true;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const looked = (complete ? lines : lines.slice(0, -1)).slice(0, 50);
  if (looked.length > 0 && looked.every(parses)) return true;
  // The start of a long document: brackets and quoted keys on lines of their own.
  return looked.length > 2 && looked.every((line) => /^\s*(?:[[\]{}],?|"[^"]*"\s*:.*|[\d"].*,?)\s*$/.test(line));
}
