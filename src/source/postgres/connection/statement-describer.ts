import type { PgWire, Submittable } from './pg-wire.ts';

/** A column of an answer, as the server describes it before it runs. */
export interface DescribedField {
  readonly name: string;
  /** OID of the table that the column stands in; 0 where it is an expression. */
  readonly tableID: number;
  /** Number of the column in that table; 0 where it is an expression. */
  readonly columnID: number;
  /** OID of the type, and its modifier (-1 = none). */
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

interface Settle {
  resolve(fields: readonly DescribedField[]): void;
  reject(error: unknown): void;
}

/** Parses a statement and asks for its description, by the extended protocol; nothing is run. */
export class StatementDescriber implements Submittable {
  readonly described: Promise<readonly DescribedField[]>;
  readonly #sql: string;
  readonly #settle: Settle;
  #fields: readonly DescribedField[] = [];

  constructor(sql: string) {
    this.#sql = sql;
    let settle: Settle | undefined;
    this.described = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#settle = settle as Settle;
  }

  submit(wire: PgWire): void {
    wire.parse({ text: this.#sql });
    wire.describe({ type: 'S' });
    wire.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly DescribedField[] }): void {
    this.#fields = fields;
  }

  handleReadyForQuery(): void {
    this.#settle.resolve(this.#fields);
  }

  handleError(error: unknown): void {
    this.#settle.reject(error);
  }

  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}
