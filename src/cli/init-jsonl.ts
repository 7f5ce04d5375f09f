import { AtlasError } from '../errors.ts';
import type { Abortable } from '../flow/source.ts';
import { pathBelow } from '../metadata/path-below.ts';
import { guessColumns } from '../plan/propose/guess-columns.ts';
import type { ProposedDataset } from '../plan/propose/propose-dataset.ts';
import { proposeJsonl } from '../plan/propose/propose-jsonl.ts';
import { proposeDatasetName } from '../plan/propose/propose-names.ts';
import { isJsonLines, type Stores } from '../registry.ts';
import { coveringGlob } from './covering-glob.ts';
import type { InitOptions } from './init-options.ts';
import type { Io } from './io.ts';
import { type LookedAtJsonl, lookAtJsonl } from './look-at-jsonl.ts';
import { renderEvidence, UNSURE } from './render-evidence.ts';
import { humanCount } from './units.ts';

type Look = Abortable & { readonly stores: Stores };

/** What is to be written of files of JSON lines, and said of them. */
export interface JsonlDocument {
  readonly datasets: readonly ProposedDataset[];
  /** For people; empty where nothing is open and nobody looks. */
  readonly said: string;
}

const NAMED_SO = /\.(?:jsonl|ndjson|jsonlines)(?:\.(?:gz|gzip|zst|zstd))?$/i;

/**
 * Looks at files of JSON lines, all of them: one dataset where a glob names them, else one for each; null where none of them is of that kind.
 * Fails with ATLAS_USAGE where some are, or where something is said of them that only CSV has; ATLAS_INPUT_*, ATLAS_JSON_*.
 */
export async function initJsonl(
  paths: readonly string[],
  root: string,
  options: InitOptions,
  look: Look,
  io: Pick<Io, 'stderr'>,
): Promise<JsonlDocument | null> {
  const { compression = 'auto', ...others } = options.given;
  const kinds: boolean[] = [];
  const [key] = Object.keys(others);
  // what has a delimiter is no JSON, whatever it begins with
  const isKind = async (path: string): Promise<boolean> =>
    NAMED_SO.test(path) || (key === undefined && (await isJsonLines(path, compression, look)));
  for (const path of paths) kinds.push(await isKind(path));
  if (!kinds.includes(true)) return null;
  const other = paths[kinds.indexOf(false)];
  if (other !== undefined) {
    const message = `${paths[kinds.indexOf(true)]} holds JSON lines, ${other} does not: one kind of files at a time`;
    throw new AtlasError('ATLAS_USAGE', message);
  }
  if (key !== undefined) throw new AtlasError('ATLAS_USAGE', `${key} is said of CSV, and the file holds JSON lines`);
  const files: LookedAtJsonl[] = [];
  for (const path of paths) files.push(await lookAtJsonl(path, root, compression, look));
  return write(files, root, options, look, io);
}

async function write(
  files: readonly LookedAtJsonl[],
  root: string,
  options: InitOptions,
  look: Look,
  { stderr }: Pick<Io, 'stderr'>,
): Promise<JsonlDocument> {
  const all = files.map(({ path }) => path);
  const glob = files.length > 1 ? await coveringGlob(all, look) : null;
  const apart = files.length > 1 && glob === null;
  let said = apart ? 'one dataset for each file: no pattern matches these files and no others\n' : '';
  const taken = new Set<string>();
  const groups = glob === null ? files.map((file) => [file]) : [files];
  const datasets = groups.map((group, index) => {
    const first = (group[0] as LookedAtJsonl).path;
    const path = glob ?? first;
    const after = glob?.includes('{') === true ? first : path.replaceAll('*', '');
    const name = (index === 0 ? options.name : null) ?? proposeDatasetName(after, taken);
    taken.add(name);
    const profiles = group.map(({ profile }) => profile);
    const { columns, evidence, drift } = guessColumns(profiles);
    const looks = options.explain || stderr.isTTY === true;
    for (const { path: file, profile } of group)
      if (looks || profile.damaged > 0) said += `${file}: ${summary(profile)}\n`;
    said += renderEvidence(
      options.explain ? evidence : evidence.filter(({ confidence }) => confidence < UNSURE),
      stderr,
    );
    if (looks) said += drift.map((sentence) => `  ${sentence}\n`).join('');
    return proposeJsonl({
      name,
      path: pathBelow(root, path) || path,
      compression: options.given.compression ?? 'auto',
      columns,
      rows: profiles.reduce((sum, { rows }) => sum + rows, 0),
      damaged: profiles.reduce((sum, { damaged }) => sum + damaged, 0),
    });
  });
  refuseNothing(datasets, all);
  return { datasets, said };
}

/** A document needs a feature. */
function refuseNothing(datasets: readonly ProposedDataset[], paths: readonly string[]): void {
  const empty = datasets.findIndex(({ features }) => features.length === 0);
  if (empty < 0) return;
  const file = paths[Math.min(empty, paths.length - 1)] ?? '';
  throw new AtlasError('ATLAS_INIT_UNDECIDED', `${file}: no object has a key, so there is nothing to declare`, {
    place: { file },
  });
}

function summary({ rows, damaged, damage, columns }: LookedAtJsonl['profile']): string {
  const codes = damage.map(({ code, records }) => `${humanCount(records)} ${code}`).join(', ');
  const bad = damaged === 0 ? '' : `; ${humanCount(damaged)} damaged, to be rejects: ${codes}`;
  return `JSON lines, ${humanCount(rows)} ${rows === 1 ? 'row' : 'rows'}, ${columns.length} ${columns.length === 1 ? 'key' : 'keys'}${bad}`;
}
