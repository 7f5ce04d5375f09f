import { FuzzDice } from '../fuzz/fuzz-dice.ts';
import { cleanTable } from './clean-table.ts';
import { filePollutions } from './file-pollutions.ts';
import { headerText, rowPieces } from './plain-pieces.ts';
import { layOut, type Piece, PLAIN, type PollutedFile } from './polluted-file.ts';
import { ROW_POLLUTIONS, type RowPollution } from './row-pollutions.ts';

export interface PollutedFilesOptions {
  readonly seed: number;
  readonly rows?: number;
  /** Every how many rows a row is polluted: 1 = all, each in a file of its own. */
  readonly every?: number;
}

/** One clean table, polluted in every row and position, one pollution to a file; and as a whole. */
export function* pollutedFiles({ seed, rows = 80, every = 1 }: PollutedFilesOptions): Generator<PollutedFile> {
  const cells = cleanTable(rows, seed);
  const dice = new FuzzDice(seed, 78);
  for (const pollution of ROW_POLLUTIONS) {
    const first = dice.roll(every);
    for (let row = first; row < rows; row += every) {
      yield polluteRow(cells, row, (row + dice.roll(2)) % 8, pollution);
    }
  }
  yield* filePollutions(cells);
}

function polluteRow(
  cells: readonly (readonly string[])[],
  polluted: number,
  position: number,
  { kind, dialect: change, byType, pollute }: RowPollution,
): PollutedFile {
  const dialect = { ...PLAIN, ...change };
  const pieces: Piece[] = [{ text: headerText(dialect), row: null, damaged: false }];
  let taken = false;
  for (const [row, own] of cells.entries()) {
    if (row !== polluted) {
      pieces.push(...rowPieces(own, row, dialect).map((piece) => ({ ...piece, damaged: taken })));
      taken = false;
      continue;
    }
    const last = row === cells.length - 1;
    const result = pollute({ cells: own, row, position, dialect, last });
    pieces.push(...result.pieces);
    taken = result.takesNext ?? false;
  }
  return layOut(
    kind,
    `row ${polluted + 1}, position ${position + 1}`,
    pieces,
    cells,
    dialect,
    byType || polluted % 2 === 0,
  );
}
