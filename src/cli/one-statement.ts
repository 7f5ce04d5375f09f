import { AtlasError } from '../errors.ts';

/** Quoted texts and names, comments, and everything else a character at a time. */
const PIECE =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/g;

/**
 * One statement as it is sent: without a semicolon at its end. Fails with ATLAS_USAGE where there are several, or where it says itself in
 * which format or into which file the answer goes.
 */
export function oneStatement(text: string): string {
  const pieces = [...text.matchAll(PIECE)].map(([piece]) => piece);
  const isBlank = (piece: string): boolean => /^(\s|--|#[ !]|\/\*)/.test(piece);
  let end = pieces.length;
  while (end > 0 && (isBlank(pieces[end - 1] ?? '') || pieces[end - 1] === ';')) end -= 1;
  const kept = pieces.slice(0, end);
  if (kept.length === 0) throw usage('the statement is empty', 'atlas-ingest query "SHOW TABLES"');
  if (kept.includes(';')) throw usage('there are several statements', 'Ask one at a time.');
  // what is quoted is no keyword
  const bare = kept.map((piece) => (piece.length === 1 ? piece : isBlank(piece) ? ' ' : 'x')).join('');
  if (/\binto\s+outfile\b/i.test(bare)) {
    throw usage(
      'INTO OUTFILE is part of the statement, and query only reads',
      'Send the output of query --json to a file.',
    );
  }
  if (/\sformat\s+\w+\s*(?:settings\s[\s\S]*)?$/i.test(bare) && !/^\s*(?:show|desc)/i.test(bare)) {
    throw usage(
      'FORMAT is part of the statement',
      'Leave it out: query shows a table, and with --json a line of JSON.',
    );
  }
  return kept.join('');
}

function usage(message: string, hint: string): AtlasError {
  return new AtlasError('ATLAS_USAGE', message, { hint });
}
