import type { FeaturePlan, JsonlSourcePlan } from '../../src/flow/dataset-plan.ts';
import { parseKeyPath } from '../../src/metadata/key-path.ts';
import { type TwinCast, type TwinValue, twinBound, twinCast } from './csv-twin-cast.ts';

/** What becomes of a line. Damage that is not JSON at all has one code, wherever it shows. */
export type TwinLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'row'; readonly values: readonly TwinValue[] }
  | { readonly kind: 'reject'; readonly code: string; readonly column: string | null };

interface Value {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'word';
  /** As it stands. */
  readonly raw: string;
  /** Of a string: without escapes, one character a byte. */
  readonly text: string;
  /** It, or something inside it, holds half of a surrogate pair. */
  readonly half: boolean;
  readonly entries: readonly (readonly [key: string, half: boolean, value: Value])[];
}

class Damage extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One line, without its line end: one character a byte. */
export function twinLine(line: string, plan: JsonlSourcePlan): TwinLine {
  if (line.replace(/\r$/, '').length > plan.maxRowBytes) return reject('ROW_TOO_LONG');
  if (/^[ \t\r]*$/.test(line)) return { kind: 'blank' };
  try {
    utf8.decode(Buffer.from(line, 'latin1'));
  } catch {
    return reject('UTF8');
  }
  if (line.startsWith('\xef\xbb\xbf')) return reject('BOM_INSIDE');
  if (!/^[ \t\r]*\{/.test(line)) return reject('NO_OBJECT');
  try {
    const parser = new TwinParser(line, plan);
    const root = parser.line();
    return castRow(root, plan);
  } catch (error) {
    if (error instanceof Damage) return reject(error.code);
    throw error;
  }
}

function reject(code: string, column: string | null = null): TwinLine {
  return { kind: 'reject', code: `ATLAS_JSON_${code}`, column };
}

/** The keys of features from the outside in. */
class Wanted {
  readonly children = new Map<string, Wanted>();
  taken = false;
  raw = false;
}

function wantedOf(features: readonly FeaturePlan[]): Wanted {
  const root = new Wanted();
  for (const { from, constant, type } of features) {
    if (constant !== null) continue;
    let at = root;
    for (const key of parseKeyPath(from) as readonly string[]) {
      const name = Buffer.from(key).toString('latin1');
      const next = at.children.get(name) ?? new Wanted();
      at.children.set(name, next);
      at = next;
    }
    at.taken = true;
    if (type.kind === 'json') at.raw = true;
  }
  return root;
}

class TwinParser {
  readonly #line: string;
  readonly #most: number;
  readonly #wanted: Wanted;
  #at = 0;

  constructor(line: string, plan: JsonlSourcePlan) {
    this.#line = line;
    this.#most = plan.maxDepth;
    this.#wanted = wantedOf(plan.features);
  }

  line(): Value {
    this.#blanks();
    const root = this.#object(1, this.#wanted);
    this.#blanks();
    if (this.#at < this.#line.length) throw new Damage('TRAILING');
    return root;
  }

  #value(depth: number, wanted: Wanted | null): Value {
    const next = this.#line[this.#at] ?? '';
    const value = this.#plainValue(next, depth, wanted);
    if (wanted === null) return value;
    const inside = value.kind === 'object' && wanted.children.size > 0;
    const isNull = value.raw === 'null';
    if (value.half && (!inside || wanted.raw)) throw new Damage('SURROGATE');
    if (wanted.children.size > 0 && !inside && !isNull) throw new Damage('NOT_OBJECT');
    return value;
  }

  #plainValue(next: string, depth: number, wanted: Wanted | null): Value {
    if (next === '{' || next === '[') {
      if (depth >= this.#most) throw new Damage('DEPTH');
      return next === '{' ? this.#object(depth + 1, wanted) : this.#array(depth + 1);
    }
    if (next === '"') return this.#string();
    const word = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
    word.lastIndex = this.#at;
    const raw = word.exec(this.#line)?.[0];
    if (raw === undefined) throw new Damage('SYNTAX');
    this.#at += raw.length;
    // a number that goes on as none may
    const goesOn = this.#line[this.#at] ?? '';
    const isWhole = /^-?\d+$/.test(raw);
    if (/^-?0$/.test(raw) && /\d/.test(goesOn)) throw new Damage('SYNTAX');
    if (isWhole && goesOn === '.') throw new Damage('SYNTAX');
    if (/^-?\d+(?:\.\d+)?$/.test(raw) && /[eE]/.test(goesOn)) throw new Damage('SYNTAX');
    return { kind: /^[tfn]/.test(raw) ? 'word' : 'number', raw, text: raw, half: false, entries: [] };
  }

  #object(depth: number, wanted: Wanted | null): Value {
    const start = this.#at;
    const entries: (readonly [string, boolean, Value])[] = [];
    const seen = new Set<Wanted>();
    this.#open('{', '}', () => {
      if (this.#line[this.#at] !== '"') throw new Damage('SYNTAX');
      const key = this.#string();
      this.#blanks();
      if (this.#line[this.#at] !== ':') throw new Damage('SYNTAX');
      this.#at += 1;
      this.#blanks();
      const inside = (key.half ? undefined : wanted?.children.get(key.text)) ?? null;
      if (inside !== null && seen.has(inside)) throw new Damage('DUPLICATE_KEY');
      if (inside !== null) seen.add(inside);
      entries.push([key.text, key.half, this.#value(depth, inside)]);
    });
    const half = entries.some(([, own, value]) => own || value.half);
    return { kind: 'object', raw: this.#line.slice(start, this.#at), text: '', half, entries };
  }

  #array(depth: number): Value {
    const start = this.#at;
    let half = false;
    this.#open('[', ']', () => {
      half = this.#value(depth, null).half || half;
    });
    return { kind: 'array', raw: this.#line.slice(start, this.#at), text: '', half, entries: [] };
  }

  #open(first: string, last: string, item: () => void): void {
    if (this.#line[this.#at] !== first) throw new Damage('SYNTAX');
    this.#at += 1;
    this.#blanks();
    if (this.#line[this.#at] === last) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      this.#blanks();
      const next = this.#line[this.#at];
      this.#at += 1;
      if (next === last) return;
      if (next !== ',') throw new Damage('SYNTAX');
      this.#blanks();
    }
  }

  #string(): Value {
    const start = this.#at;
    const units: string[] = [];
    let half = false;
    this.#at += 1;
    for (;;) {
      const next = this.#line[this.#at];
      if (next === undefined || next < ' ') throw new Damage('SYNTAX');
      this.#at += 1;
      if (next === '"') break;
      if (next !== '\\') {
        units.push(next);
        continue;
      }
      const rest = this.#line.slice(this.#at);
      const letter = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(rest)?.[0];
      if (letter === undefined) throw new Damage('SYNTAX');
      const pair = /^u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/.exec(rest)?.[0];
      const written = pair ?? letter;
      this.#at += written.length;
      const text = JSON.parse(`"\\${written}"`) as string;
      if (/^[\ud800-\udfff]$/.test(text)) half = true;
      units.push(Buffer.from(text).toString('latin1'));
    }
    return { kind: 'string', raw: this.#line.slice(start, this.#at), text: units.join(''), half, entries: [] };
  }

  #blanks(): void {
    while (/[ \t\r]/.test(this.#line[this.#at] ?? '')) this.#at += 1;
  }
}

function castRow(root: Value, plan: JsonlSourcePlan): TwinLine {
  const values: TwinValue[] = [];
  for (const feature of plan.features) {
    const cast = castFeature(root, feature, plan);
    if ('value' in cast) values.push(cast.value);
    else {
      const own = ['NULL', 'MISSING', 'NESTED'].includes(cast.problem);
      const code = `ATLAS_${own ? 'JSON' : 'CAST'}_${cast.problem}`;
      return { kind: 'reject', code, column: feature.from };
    }
  }
  return { kind: 'row', values };
}

type Cast = TwinCast | { readonly problem: 'NULL' | 'MISSING' | 'NESTED' };

function castFeature(root: Value, feature: FeaturePlan, plan: JsonlSourcePlan): Cast {
  const found = findValue(root, parseKeyPath(feature.from) as readonly string[]);
  const nullable = (problem: 'NULL' | 'MISSING'): Cast => (feature.nullable ? { value: null } : { problem });
  if (found === null) return nullable('MISSING');
  if (found.raw === 'null') return nullable('NULL');
  if (found.kind === 'string' && feature.type.kind !== 'json') {
    const spelled = Buffer.from(found.text, 'latin1').toString();
    if (plan.nullValues.includes(spelled)) return nullable('NULL');
  }
  const { type, onLoss, timezone, style, range } = feature;
  if (type.kind === 'json') return { value: found.raw };
  if (found.kind === 'object' || found.kind === 'array') return { problem: 'NESTED' };
  const rules = { type, onLoss, timezone, range, trueValues: plan.trueValues, falseValues: plan.falseValues };
  if (type.kind === 'boolean' && found.kind === 'word') return { value: found.raw === 'true' };
  const cast =
    found.kind === 'number' && type.kind === 'int'
      ? castWhole(found.raw, type, onLoss)
      : twinCast(found.text, { ...rules, style: found.kind === 'string' ? style : null });
  const lost = 'problem' in cast && (cast.problem === 'LOSS' || cast.problem === 'RANGE');
  return lost && onLoss === 'null' && feature.nullable ? { value: null } : cast;
}

/** A JSON number is whole or not, however it is written. */
function castWhole(
  raw: string,
  type: { readonly bits: number; readonly signed: boolean },
  onLoss: FeaturePlan['onLoss'],
): TwinCast {
  const plain = /^-?\d+$/.test(raw);
  const decimal = { kind: 'decimal', precision: 38, scale: 0 } as const;
  const cast: TwinCast = plain
    ? { value: BigInt(raw) }
    : twinCast(raw, { type: decimal, onLoss, timezone: 'UTC', style: null, trueValues: [], falseValues: [] });
  const bits = BigInt(type.bits - (type.signed ? 1 : 0));
  const range = { least: type.signed ? String(-(1n << bits)) : '0', greatest: String((1n << bits) - 1n) };
  return twinBound(cast, range);
}

function findValue(root: Value, path: readonly string[]): Value | null {
  let value: Value | null = root;
  for (const key of path) {
    if (value === null || value.raw === 'null') return value;
    const name = Buffer.from(key).toString('latin1');
    value = value.entries.find(([own, half]) => !half && own === name)?.[2] ?? null;
  }
  return value;
}
