import { type Command, Option } from 'commander';
import type { Io } from './io.ts';
import { oneOf, wholeNumber } from './option-values.ts';
import type { Values } from './read-options.ts';

/** Makes a command of the program: usage, summary, what it does. */
export type AddCommand = (
  usage: string,
  summary: string,
  action: (values: Values, args: readonly string[]) => Promise<number>,
) => Command;

/** Adds `init` to the program. */
export function addInit(command: AddCommand, io: Io): void {
  command(
    'init <files...>',
    'look at CSV, JSON lines or Parquet files, local or hdfs://…, or a database, and print the document that loads them',
    async (values, args) => {
      const [{ init }, { initOptions }] = await Promise.all([import('./init.ts'), import('./init-options.ts')]);
      return init(initOptions(values, args, io), io);
    },
  )
    .addOption(new Option('--explain', 'say why, for every decision, and how sure it is'))
    .addOption(
      new Option('--ocs <group>', 'write metadata/<group>.jsonc instead of printing').default(null, 'standard output'),
    )
    .addOption(
      new Option('--table <name...>', 'of a database: these tables, or public.*').default([], 'all of its schema'),
    )
    .addOption(new Option('--force', 'with --ocs: replace a document that is there'))
    .addOption(new Option('--name <dataset>', 'name of the dataset').default(null, 'that of the file'))
    .addOption(new Option('--encoding <name>', 'the encoding is known: utf-8, windows-1252, shift_jis …'))
    .addOption(new Option('--delimiter <mark>', 'the delimiter is known: one character, tab, or several'))
    .addOption(new Option('--quote <mark>', 'the quote is known: one character, or none'))
    .addOption(new Option('--escape <how>', 'how quotes are escaped is known: doubled or backslash'))
    .addOption(new Option('--comment <mark>', 'comment lines begin with this character, or none'))
    .addOption(new Option('--header', 'the first row names the columns'))
    .addOption(new Option('--no-header', 'there are no names'))
    .addOption(
      new Option('--skip-rows <n>', 'lines before the table')
        .default(null, 'looked for')
        .argParser(wholeNumber('--skip-rows', 0)),
    )
    .addOption(new Option('--trim', 'blanks around fields are dropped'))
    .addOption(new Option('--no-trim', 'blanks around fields are kept'))
    .addOption(
      new Option('--compression <kind>', 'none, gzip or zstd').argParser(
        oneOf('--compression', ['none', 'gzip', 'zstd']),
      ),
    );
}
