import { COLUMNS, QUOTED } from './clean-table.ts';
import { headerText, rowPieces } from './plain-pieces.ts';
import { layOut, type Piece, PLAIN, type PollutedDialect, type PollutedFile } from './polluted-file.ts';

type Cells = readonly (readonly string[])[];

const loose = (text: string): Piece => ({ text, row: null, damaged: false });
const body = (cells: Cells, dialect: PollutedDialect, options: Parameters<typeof rowPieces>[3] = {}): Piece[] =>
  cells.flatMap((own, row) => rowPieces(own, row, dialect, options));
const whole = (cells: Cells, dialect: PollutedDialect): Piece[] => [
  loose(headerText(dialect)),
  ...body(cells, dialect),
];

/** Pollutions of a file as a whole: dialects, headers, what stands before and after the table. */
export function* filePollutions(cells: Cells): Generator<PollutedFile> {
  yield* dialects(cells);
  yield* headers(cells);
  yield* surroundings(cells);
  yield* rowEnds(cells);
  yield* shapes(cells);
}

function* dialects(cells: Cells): Generator<PollutedFile> {
  const kind = 'another dialect in the whole file';
  for (const delimiter of [';', '\t', '|', ' ', ':', '^', '~', '\u001f']) {
    const dialect = { ...PLAIN, delimiter };
    yield layOut(kind, `delimiter ${JSON.stringify(delimiter)}`, whole(cells, dialect), cells, dialect);
  }
  for (const quote of ["'", '`', '$']) {
    const dialect = { ...PLAIN, quote, escape: quote };
    yield layOut(kind, `quote ${quote}`, whole(cells, dialect), cells, dialect);
  }
  const escaped = { ...PLAIN, escape: '\\' };
  yield layOut(kind, 'backslash', whole(cells, escaped), cells, escaped);
  for (const rowEnd of ['\r\n', '\r'] as const) {
    const dialect = { ...PLAIN, rowEnd };
    yield layOut(kind, `row end ${JSON.stringify(rowEnd)}`, whole(cells, dialect), cells, dialect);
  }
  const quoted = [loose(headerText(PLAIN)), ...body(cells, PLAIN, { always: true })];
  yield layOut(kind, 'everything is quoted', quoted, cells, PLAIN);
  const trailing = { ...PLAIN, trailingDelimiter: true };
  yield layOut('a trailing delimiter in every row', 'all', whole(cells, trailing), cells, trailing);
}

function* headers(cells: Cells): Generator<PollutedFile> {
  const kind = 'a damaged header';
  const names: readonly string[] = COLUMNS.map(({ name }) => name);
  const none = { ...PLAIN, header: false };
  yield layOut('no header', 'no header', body(cells, none), cells, none);
  const polluted = (text: string, lines = 1) => ({
    dialect: { ...PLAIN, header: false, skipRows: lines },
    pieces: [loose(text), ...body(cells, PLAIN)],
  });
  const texts: readonly (readonly [string, string, number])[] = [
    ...names.map(
      (name, at) => [`${name} twice`, names.toSpliced(at, 1, names[(at + 1) % 9] ?? '').join(','), 1] as const,
    ),
    ...names.map((name, at) => [`${name} blank`, names.with(at, '').join(','), 1] as const),
    ...names
      .slice(1)
      .map(
        (name, at) =>
          [
            `no delimiter before ${name}`,
            names.toSpliced(at, 2, names.slice(at, at + 2).join('')).join(','),
            1,
          ] as const,
      ),
    ['of two lines', `${names.map(() => 'group').join(',')}\n${names.join(',')}`, 2],
    ['of three lines', `a\nb,\n${names.join(',')}`, 3],
    ['a quote not closed', `"${names.join(',')}`, 1],
    ['another delimiter', names.join(';'), 1],
  ];
  for (const [name, text, lines] of texts) {
    const { dialect, pieces } = polluted(`${text}\n`, lines);
    yield layOut(kind, name, pieces, cells, dialect);
  }
}

function* surroundings(cells: Cells): Generator<PollutedFile> {
  const preamble = ['Export of 5 May, "final"', '', 'a,b,c', 'id,code,name', '"'];
  for (let lines = 1; lines <= preamble.length; lines += 1) {
    const dialect = { ...PLAIN, skipRows: lines };
    const pieces = [loose(`${preamble.slice(0, lines).join('\n')}\n`), ...whole(cells, dialect)];
    yield layOut('a preamble', `of ${lines} lines`, pieces, cells, dialect);
  }
  const footers = [
    'Total,,,812,,,,,\n',
    '\n\nSource: somewhere\n',
    ',,,,,,,,\n',
    '(80 rows)\n',
    '"never closed\n',
    `${COLUMNS.map(({ name }) => name).join(',')}\n`,
    '\u001a',
    '\0\0\0\0',
    '--,--,--,--,--,--,--,--,--\n',
  ];
  for (const text of footers) {
    yield layOut('a footer', JSON.stringify(text), [...whole(cells, PLAIN), loose(text)], cells, PLAIN);
  }
  const other = 'region,total\nNorth,12\nSouth,7\n';
  yield layOut('a second table', 'behind', [...whole(cells, PLAIN), loose(`\n${other}`)], cells, PLAIN);
  yield layOut(
    'a second table',
    'of as many columns',
    [...whole(cells, PLAIN), loose('\nk,l,m,n,o,p,q,r,s\nx,1,2,3,4,5,6,7,8\n')],
    cells,
    PLAIN,
  );
  yield layOut('a second table', 'in front', [loose(`${other}\n`), ...whole(cells, PLAIN)], cells, {
    ...PLAIN,
    skipRows: 4,
  });
  yield layOut('a byte order mark in front', 'UTF-8', [loose('\ufeff'), ...whole(cells, PLAIN)], cells, PLAIN);
}

function* rowEnds(cells: Cells): Generator<PollutedFile> {
  const kind = 'LF and CRLF mixed';
  for (const every of [2, 3, 7]) {
    const pieces = cells.flatMap((own, row) => rowPieces(own, row, PLAIN, { end: row % every === 0 ? '\r\n' : '\n' }));
    yield layOut(kind, `every ${every}`, [loose(headerText(PLAIN)), ...pieces], cells, PLAIN);
  }
  const pieces = whole(cells, PLAIN);
  const last = pieces.at(-1) as Piece;
  const bare = { ...last, text: String(last.text).slice(0, -1) };
  yield layOut('no row end at the end', 'LF', [...pieces.slice(0, -1), bare], cells, PLAIN);
}

function* shapes(cells: Cells): Generator<PollutedFile> {
  yield layOut('no rows', 'header only', [loose(headerText(PLAIN))], cells, PLAIN);
  yield layOut('no rows', 'header only, no row end', [loose(headerText(PLAIN).trimEnd())], cells, PLAIN);
  yield layOut('no rows', 'header and blank lines', [loose(`${headerText(PLAIN)}\n\n\n`)], cells, PLAIN);
  const every = (change: (fields: string) => string): Piece[] => [
    loose(headerText(PLAIN)),
    ...cells.flatMap((own, row) =>
      rowPieces(own, row, PLAIN).map((piece) => ({ ...piece, text: change(String(piece.text)), damaged: true })),
    ),
  ];
  const kind = 'every row is damaged';
  yield layOut(
    kind,
    'surplus delimiter',
    every((text) => text.replace(/\n$/, ',\n')),
    cells,
    PLAIN,
  );
  yield layOut(
    kind,
    'missing delimiter',
    every((text) => text.replace(',', '')),
    cells,
    PLAIN,
  );
  yield layOut(
    kind,
    'opening quote missing',
    every((text) => text.replace('"', '')),
    cells,
    PLAIN,
  );
  yield layOut(
    kind,
    'closing quote missing',
    every((text) => text.replace(/"(?=,\d*,)/, '')),
    cells,
    PLAIN,
  );
  const alternate = cells.flatMap((own, row) =>
    row % 2 === 0 ? rowPieces(own, row, PLAIN) : [{ text: `${own[QUOTED]}"\n`, row, damaged: true }],
  );
  yield layOut('every other row is damaged', 'a stray quote', [loose(headerText(PLAIN)), ...alternate], cells, PLAIN);
}
