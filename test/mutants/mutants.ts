/** A deliberate defect: one place of one file changed, and the suites of which at least one must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly suites: readonly string[];
}

/** The defects that would cost somebody data, and that a quick change could bring back. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a dropped slice',
    file: 'src/run/pump-tasks.ts',
    find: 'for (const task of this.#tasks) if (!(await this.#take(task))) return;',
    replace: 'for (const task of this.#tasks) if (task.index !== 1 && !(await this.#take(task))) return;',
    suites: ['test/run', 'test/properties/survives.test.ts'],
  },
  {
    name: 'a slice accepted although the one before it ended elsewhere',
    file: 'src/run/pump-tasks.ts',
    find: 'if (began !== this.#end) {',
    replace: 'if (typeof began !== "number") {',
    suites: ['test/run', 'test/properties/survives.test.ts'],
  },
  {
    name: 'a skipped fsync of the file',
    file: 'src/store/local-file.ts',
    find: "await this.#step('sync', options, (handle) => handle.sync());",
    replace: "await this.#step('sync', options, () => Promise.resolve());",
    suites: ['test/store', 'test/integrity'],
  },
  {
    name: 'a skipped fsync of the folder',
    file: 'src/store/local-store.ts',
    find: '      await handle.sync();\n',
    replace: '',
    suites: ['test/store', 'test/integrity'],
  },
  {
    name: 'an ignored rename error',
    file: 'src/store/local-store.ts',
    find: '() => rename(from, to)),',
    replace: '() => rename(from, to).catch(() => undefined)),',
    suites: ['test/store', 'test/conformance/store', 'test/integrity'],
  },
  {
    name: 'a commit that nobody intended',
    file: 'src/run/publish-staged.ts',
    find: '    await ledger.intend(intention);\n',
    replace: '',
    suites: ['test/run', 'test/integrity'],
  },
  {
    name: 'a target overwritten although somebody else wrote it',
    file: 'src/run/publish-staged.ts',
    find: 'if (!sameIdentity(isAddition(staged) ? staged.post : intention.pre, now)) {',
    replace: 'if (Number.isNaN(staged.rows)) {',
    suites: ['test/run', 'test/integrity/somebody-else.test.ts', 'test/integrity/law.test.ts'],
  },
  {
    name: 'recovery that commits without looking',
    file: 'src/run/settle-pending.ts',
    find: "if (decision === 'commit') return commitAgain(pending, intention);",
    replace: "if (decision !== 'settle') return commitAgain(pending, intention);",
    suites: ['test/run', 'test/integrity'],
  },
  {
    name: 'a balance that is not struck',
    file: 'src/run/account.ts',
    find: 'if (rows.read !== sum) {',
    replace: 'if (Number.isNaN(sum)) {',
    suites: ['test/run'],
  },
  {
    name: 'a new column lost without a word',
    file: 'src/plan/drift/judge-drift.ts',
    find: 'const before = namesColumns(plan.source) ? (last?.columns ?? null) : null;',
    replace: 'const before = namesColumns(plan.source) ? null : (last?.columns ?? null);',
    suites: ['test/run/drift.test.ts'],
  },
  {
    name: 'a missing column that is not null in every row',
    file: 'src/source/csv/parser/parser.ts',
    find: 'nullCount: isAbsent(column) ? rows : 0',
    replace: 'nullCount: isAbsent(column) ? rows * 0 : 0',
    suites: ['test/run/drift.test.ts'],
  },
  {
    name: 'inputs that change between their columns and their rows',
    file: 'src/run/survey-inputs.ts',
    find: 'if (other === undefined && before.length === now.length) return;',
    replace: 'if (other === undefined || now.length > 0) return;',
    suites: ['test/run/evolve-while-written.test.ts'],
  },
  {
    name: 'texts of a second batch that begin where those of the first did',
    file: 'src/encode/arrow/column-stage.ts',
    find: 'const delta = this.#textBytes - begin;',
    replace: 'const delta = -begin;',
    suites: ['test/encode/arrow/messages.test.ts'],
  },
  {
    name: 'rows that are null because those before them were looked at later',
    file: 'src/encode/arrow/column-stage.ts',
    find: 'if (this.#nulls === 0) exports.arrowSetBits(validity, 0, rows);',
    replace: 'if (this.#nulls < 0) exports.arrowSetBits(validity, 0, rows);',
    suites: ['test/encode/arrow/messages.test.ts'],
  },
];
