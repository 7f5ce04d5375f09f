import type { NumberStyle, OnLoss } from '../../src/flow/dataset-plan.ts';
import { type Driver, fieldOf, openParser, planOf } from '../kernel/csv-drive.ts';
import { type ProfiledField, SEPARATOR } from '../kernel/profile-drive.ts';

/** How a column is declared, and what its source says of nulls and booleans. */
export interface Declaration {
  readonly type: string;
  readonly nullable?: boolean;
  readonly format?: string | null;
  readonly style?: NumberStyle | null;
  readonly onLoss?: OnLoss;
  readonly nullValues?: readonly string[];
  readonly quotedNulls?: boolean;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
}

/** Runs columns through the real parser. */
export class ColumnCaster {
  readonly #driver: Driver;

  private constructor(driver: Driver) {
    this.#driver = driver;
  }

  static async open(): Promise<ColumnCaster> {
    return new ColumnCaster(await openParser());
  }

  /** Codes of the rejects of a column. */
  rejects(fields: readonly ProfiledField[], declared: Declaration): readonly string[] {
    const { type, nullable = true, format = null, style = null, onLoss = 'reject' } = declared;
    const separator = String.fromCharCode(SEPARATOR);
    const lines = fields.map(
      ({ text, quoted }) => `${quoted ? `"${text.replaceAll('"', '""')}"` : text}${separator}\n`,
    );
    const plan = planOf({
      width: 2,
      delimiter: SEPARATOR,
      fields: [fieldOf(0, type, { nullable, format, style, onLoss })],
      nullValues: declared.nullValues ?? [''],
      quotedNulls: declared.quotedNulls ?? false,
      ...(declared.trueValues === undefined ? {} : { trueValues: declared.trueValues }),
      ...(declared.falseValues === undefined ? {} : { falseValues: declared.falseValues }),
    });
    const { rows, rejects } = this.#driver.run(Buffer.from(lines.join(''), 'latin1'), plan);
    if (rows.length + rejects.length !== fields.length) throw new Error('rows were lost');
    return rejects.map(({ code }) => code);
  }
}
