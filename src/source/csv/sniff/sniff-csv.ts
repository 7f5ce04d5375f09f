import { AtlasError } from '../../../errors.ts';
import type { CsvReading, CsvSniff, Evidence, GivenDialect } from '../../../flow/sniff.ts';
import { chunksOf } from '../../feed/byte-feed.ts';
import type { InputAccess } from '../../input.ts';
import { type EncodingDecoder, openDecoders } from '../encoding/encoding-decoder.ts';
import { type ByteFacts, countBytes, openWhole } from './sniff-bytes.ts';
import { sniffDialect } from './sniff-dialect.ts';
import { type EncodingGuess, sniffEncoding } from './sniff-encoding.ts';
import { refuseBytes, refuseText } from './sniff-refusal.ts';

const CHUNK = 1 << 20;
/** More of a text than this may not be readable, as a share of its characters, for an encoding to be its own. */
const MOST_UNREADABLE = 0.01;

/**
 * Looks at a regular file: at all of it for its encoding, at its first megabyte for its dialect. What `given` says is not guessed.
 * Fails with ATLAS_INIT_UNDECIDED where nothing explains it, and with ATLAS_INPUT_* where it cannot be read.
 */
export async function sniffCsv(path: string, given: GivenDialect, access: InputAccess): Promise<CsvSniff> {
  const facts = await countBytes(path, given.compression, access);
  const undecided = (why: string, hint?: string): AtlasError =>
    new AtlasError('ATLAS_INIT_UNDECIDED', `${path}: ${why}`, {
      place: { file: path },
      ...(hint === undefined ? {} : { hint }),
    });
  if (facts.bytes === 0)
    throw undecided('the file is empty, there is nothing to look at', 'Come back when it has a row.');
  const encodings = given.encoding === undefined ? await sniffEncoding(facts) : [said(given.encoding)];
  const wide = encodings.some(({ encoding }) => encoding.startsWith('utf-16'));
  const refusal = refuseBytes(facts.head, wide);
  if (refusal !== null) {
    const parquet = 'Declare a source of type parquet; atlas-ingest inspect shows its columns and their types.';
    throw undecided(refusal, /Parquet/.test(refusal) ? parquet : 'Convert it to text, or name another file.');
  }
  const { guess, text, doubts } = await confirm(path, encodings, facts, given, access, undecided);
  const complete = facts.bytes === facts.head.length;
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (/^[\r\n \t]*$/.test(start) && complete) {
    throw undecided('there is nothing in it but blanks and line ends', 'Come back when it has a row.');
  }
  const noText = refuseText(start, complete);
  if (noText !== null) throw undecided(noText, 'Convert it to CSV, or say how it is read with the options of init.');
  const readings = sniffDialect(start, complete, guess.encoding, given);
  const [best] = readings;
  if (best === undefined) throw undecided('no delimiter parts its lines into a table');
  const evidence = [...compressionEvidence(facts, given), { ...guess.evidence, ...doubts }];
  return {
    file: path,
    bytes: facts.stored,
    compression: facts.compression,
    readings: readings.map((reading): CsvReading => ({ ...reading, evidence: [...evidence, ...reading.evidence] })),
  };
}

function said(encoding: EncodingGuess['encoding']): EncodingGuess {
  const unproven = encoding !== 'utf-8';
  return {
    encoding,
    unproven,
    evidence: { about: 'encoding', decided: encoding, confidence: 1, because: 'it was said' },
  };
}

function compressionEvidence({ compression }: ByteFacts, given: GivenDialect): readonly Evidence[] {
  if (compression === 'none') return [];
  const because = given.compression === undefined ? 'its first bytes say so' : 'it was said';
  return [{ about: 'compression', decided: compression, confidence: 0.99, because }];
}

interface Confirmed {
  readonly guess: EncodingGuess;
  readonly text: string;
  readonly doubts: Partial<Evidence>;
}

/** The first encoding in which the whole file can be read, or nearly, and the head in it. */
async function confirm(
  path: string,
  encodings: readonly EncodingGuess[],
  facts: ByteFacts,
  given: GivenDialect,
  access: InputAccess,
  undecided: (why: string) => AtlasError,
): Promise<Confirmed> {
  const tried: string[] = [];
  for (const guess of encodings) {
    const decoder = await decoderOf(guess, facts.head);
    const text = decoder().decode(facts.head, { stream: facts.bytes > facts.head.length });
    if (!guess.unproven) return { guess, text, doubts: {} };
    const { unreadable, characters } = await countUnreadable(path, decoder(), given, access);
    if (unreadable === 0) return { guess, text, doubts: {} };
    const marked = guess.encoding.startsWith('utf-16') && unreadable < characters / 2;
    if (unreadable <= characters * MOST_UNREADABLE || marked || given.encoding !== undefined) {
      const because = `${guess.evidence.because}; ${unreadable} places cannot be read in it: their rows are rejects`;
      return { guess, text, doubts: { because, confidence: guess.evidence.confidence * 0.8 } };
    }
    tried.push(`${guess.encoding} (${unreadable} places)`);
  }
  const why = tried.length === 0 ? 'its bytes above 127 read like no language' : `unreadable in ${tried.join(', ')}`;
  throw undecided(`${why}, and it is not UTF-8`);
}

function decoderOf({ encoding }: EncodingGuess, head: Uint8Array): Promise<() => EncodingDecoder> {
  const big = head[0] === 0xfe && head[1] === 0xff;
  const label = encoding === 'utf-16' ? (big ? 'utf-16be' : 'utf-16le') : encoding;
  return openDecoders(label);
}

/** Decodes the whole file and counts what is no character. */
async function countUnreadable(
  path: string,
  decoder: EncodingDecoder,
  given: GivenDialect,
  access: InputAccess,
): Promise<{ readonly unreadable: number; readonly characters: number }> {
  const { feed: open } = await openWhole(path, given.compression, access);
  await using feed = open;
  let [unreadable, characters] = [0, 0];
  const look = (text: string): void => {
    characters += text.length;
    for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) unreadable += 1;
  };
  for await (const chunk of chunksOf(feed, CHUNK)) {
    access.signal.throwIfAborted();
    look(decoder.decode(chunk, { stream: true }));
  }
  look(decoder.decode());
  return { unreadable, characters };
}
