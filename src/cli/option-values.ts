import { AtlasError } from '../errors.ts';
import type { IfLocked } from './command-options.ts';

const usage = (message: string): AtlasError => new AtlasError('ATLAS_USAGE', message);

/** A parser of whole numbers from `min` on, for the option `flag`. */
export function wholeNumber(flag: string, min: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min)) throw usage(`${flag} is ${JSON.stringify(text)}, a whole number from ${min} on is expected`);
    return value;
  };
}

/** Adds one `k=v` of `--var`; the last one of a name wins. */
export function addVariable(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const cut = text.indexOf('=');
  const name = text.slice(0, cut);
  if (cut < 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw usage(`--var is ${JSON.stringify(cut < 1 ? text : name)}, name=value is expected`);
  }
  return { ...before, [name]: text.slice(cut + 1) };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `fail`, `skip` or `wait=10m` (units ms, s, m, h). */
export function parseIfLocked(text: string): IfLocked {
  if (text === 'fail' || text === 'skip') return { kind: text };
  const wait = /^wait=(\d{1,9})(ms|s|m|h)$/.exec(text);
  const unit = wait && UNITS[wait[2] ?? ''];
  if (wait && unit) return { kind: 'wait', milliseconds: Number(wait[1]) * unit };
  throw usage(`--if-locked is ${JSON.stringify(text)}, fail, skip or wait=10m is expected`);
}

/** One of a few words. */
export function oneOf<T extends string>(flag: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw usage(`${flag} is ${JSON.stringify(text)}, ${words.join(' or ')} is expected`);
    return word;
  };
}

/** Adds one `--file`, in the order they stand. */
export function addPath(text: string, before: readonly string[]): readonly string[] {
  if (text === '') throw usage('--file is empty');
  return [...before, text];
}

/** Names with commas between; blanks around a name are no part of it. */
export function splitNames(flag: string): (text: string) => readonly string[] {
  return (text) => {
    const names = text.split(',').map((each) => each.trim());
    if (names.includes('')) throw usage(`${flag} is ${JSON.stringify(text)}, names with commas between are expected`);
    return names;
  };
}
