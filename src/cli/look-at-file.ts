import { AtlasError } from '../errors.ts';
import type { CsvSourcePlan } from '../flow/dataset-plan.ts';
import type { InputProfile } from '../flow/profile.ts';
import type { CsvDialect, CsvReading, CsvSniff, Evidence, GivenDialect } from '../flow/sniff.ts';
import type { Abortable } from '../flow/source.ts';
import { csvSourceSchema } from '../metadata/csv-source-schema.ts';
import { planCsvSource } from '../plan/plan-csv-source.ts';
import { proposeSource } from '../plan/propose/propose-source.ts';
import { Templates } from '../plan/templates.ts';
import { profileInputs, type Stores, sniffCsv } from '../registry.ts';
import { humanCount } from './units.ts';

/** One file, read to its end by the reading that explains it best. */
export interface LookedAtFile {
  /** Absolute, or `hdfs://…`. */
  readonly path: string;
  readonly sniff: CsvSniff;
  readonly dialect: CsvDialect;
  readonly profile: InputProfile;
  readonly evidence: readonly Evidence[];
}

/** Readings of the whole file that are tried at most, and how near the best they must be. */
const MOST_TRIED = 4;
const NEAR = 0.55;
/** The whole file may be this much more damaged than its start before other readings are tried. */
const MORE = 1.5;
/** A file of which more rows than this are damaged is not explained. */
const MOST_DAMAGED = 0.5;

/**
 * Decides how a file is read, by its start, and holds that against all of it: where rows are damaged, the next best readings are
 * tried, too. Fails with ATLAS_INIT_UNDECIDED.
 */
export async function lookAtFile(
  path: string,
  root: string,
  given: GivenDialect,
  { signal, stores }: Abortable & { readonly stores: Stores },
): Promise<LookedAtFile> {
  const sniff = await sniffCsv(path, given, { signal, stores });
  const tried: { readonly reading: CsvReading; readonly profile: InputProfile; readonly quality: number }[] = [];
  let refused: unknown = null;
  for (const reading of sniff.readings.slice(0, MOST_TRIED)) {
    const first = sniff.readings[0] as CsvReading;
    if (reading.score < first.score * NEAR) break;
    try {
      const [profile] = await profileInputs(planOf(path, root, given, reading.dialect), { signal, stores });
      if (profile === undefined) continue;
      const share = shareOf(profile);
      tried.push({ reading, profile, quality: reading.score * ((1 - share) / (1 - reading.damaged)) ** 3 });
      // The start of the file said as much: the rest of it does not contradict.
      if (share <= reading.damaged * MORE + 0.001) break;
    } catch (error) {
      // What cannot be read so may be read otherwise.
      if (!(error instanceof AtlasError) || !error.code.startsWith('ATLAS_CSV_')) throw error;
      refused ??= error;
    }
  }
  const [best, second] = tried.sort((a, b) => b.quality - a.quality);
  if (best === undefined) {
    const cause = refused instanceof Error ? refused : undefined;
    throw undecided(path, `nothing explains it${cause === undefined ? '' : `: ${cause.message}`}`, cause);
  }
  const { reading } = best;
  let { profile } = best;
  let { dialect } = reading;
  const headers = profile.damage.find(({ code }) => code === 'ATLAS_CSV_HEADER_REPEATED')?.records ?? 0;
  const evidence = [...reading.evidence];
  if (headers > 0) {
    dialect = { ...dialect, repeatedHeader: 'skip' };
    const because = `the header stands ${humanCount(headers)} more ${headers === 1 ? 'time' : 'times'} among the rows`;
    evidence.push({ about: 'repeated_header', decided: 'skip', confidence: 0.95, because });
    profile = (await profileInputs(planOf(path, root, given, dialect), { signal, stores }))[0] ?? profile;
  }
  if (shareOf(profile) > MOST_DAMAGED) {
    const all = humanCount(profile.rows + profile.damaged);
    throw undecided(
      path,
      `even read the best way that was found, ${humanCount(profile.damaged)} of ${all} rows are damaged`,
    );
  }
  const whole = evidenceOf(profile, second !== undefined && tried.length > 1);
  return { path, sniff, dialect, profile, evidence: [...evidence, whole] };
}

function planOf(path: string, root: string, given: GivenDialect, dialect: CsvDialect): CsvSourcePlan {
  const keys = { ...proposeSource(path, dialect), path, features: [{ name: 'any', type: 'string' }] };
  const compression = given.compression === undefined ? {} : { compression: given.compression };
  const plan = planCsvSource(
    csvSourceSchema.parse({ ...keys, ...compression }),
    { root, connections: {} },
    new Templates({}, '', []),
  );
  return { ...plan, path };
}

function shareOf({ rows, damaged }: InputProfile): number {
  return damaged === 0 ? 0 : damaged / (rows + damaged);
}

function evidenceOf(profile: InputProfile, others: boolean): Evidence {
  const { rows, damaged, damage } = profile;
  const about = 'rows';
  if (damaged === 0) {
    const because =
      rows === 0
        ? 'there is no row: every column is text until one comes'
        : 'the whole file was read, and no row is damaged';
    return { about, decided: humanCount(rows), confidence: rows === 0 ? 0.3 : 0.99, because };
  }
  const codes = damage.map(({ code, records }) => `${humanCount(records)} ${code}`).join(', ');
  const because = `${humanCount(damaged)} of ${humanCount(rows + damaged)} are damaged, and will be rejects: ${codes}${others ? '; other readings fit worse' : ''}`;
  return {
    about,
    decided: humanCount(rows),
    confidence: Math.round(100 * Math.max(0.1, 0.9 - shareOf(profile) * 2)) / 100,
    because,
  };
}

function undecided(path: string, why: string, cause?: Error): AtlasError {
  return new AtlasError('ATLAS_INIT_UNDECIDED', `${path}: ${why}`, {
    place: { file: path },
    ...(cause === undefined ? {} : { cause }),
  });
}
