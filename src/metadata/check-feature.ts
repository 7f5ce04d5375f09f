import type { CheckContext } from './check-context.ts';
import { PATTERN_HINT, patternProblem } from './check-pattern.ts';
import type { CsvSource } from './csv-source-schema.ts';
import type { Feature } from './feature-schema.ts';
import { type LogicalType, parseLogicalType } from './logical-type.ts';
import { suggest } from './nearest.ts';

/** What a source of texts says of all its features. */
type Spelling = Pick<CsvSource, 'path' | 'encoding' | 'decimal_separator' | 'thousands_separator'>;

const SPECIAL = ['@file', '@line', '@loaded_at'] as const;

/** What must hold between the keys of one feature, wherever its values come from. */
export function checkAnyFeature(feature: Feature, check: CheckContext): void {
  if (/[\p{Cc}\p{Cs}]/u.test(feature.name)) {
    check.problem(['name'], 'name holds a control character, or half of one', 'Remove it.');
  }
  const type = parseLogicalType(feature.type);
  if ('problem' in type) return;
  if (feature.value !== undefined) checkValue(feature, feature.value, type, check);
  checkZone(feature, type, check);
  checkLoss(feature, type, check);
}

/** What must hold between the keys of one feature of a source that holds texts. */
export function checkFeature(feature: Feature, source: Spelling, check: CheckContext): void {
  checkAnyFeature(feature, check);
  const type = parseLogicalType(feature.type);
  if ('problem' in type) return;
  checkFormat(feature, type, check);
  checkNumber(feature, source, type, check);
  checkBinary(feature, source, type, check);
  if (source.path === '-' && feature.value === '@file') {
    check.warning(['value'], 'the source is standard input: @file is "-" in every row', 'Remove the feature.');
  }
}

function checkValue(feature: Feature, value: string, type: LogicalType, check: CheckContext): void {
  for (const key of ['from', 'format', 'timezone'] as const) {
    if (feature[key] === undefined) continue;
    check.problem([key], `${key} is set beside value: nothing is read from the source`, `Remove ${key} or value.`);
  }
  if (feature.on_loss !== 'reject') {
    check.problem(['on_loss'], 'on_loss is set beside value: a constant loses nothing', 'Remove on_loss or value.');
  }
  const needed: Readonly<Record<string, readonly [LogicalType['kind'], string]>> = {
    '@file': ['string', 'string'],
    '@line': ['int', 'bigint or another integer'],
    '@loaded_at': ['timestamp', 'timestamptz'],
  };
  const rule = Object.hasOwn(needed, value) ? needed[value] : undefined;
  if (rule !== undefined) {
    if (type.kind === rule[0]) return;
    const message = `value is "${value}" and type is ${JSON.stringify(feature.type)}, ${rule[1]} is needed`;
    check.problem(['type'], message, `Write ${rule[1]}.`);
  } else if (value.startsWith('@') && !value.startsWith('@@')) {
    const message = `value is ${JSON.stringify(value)}, only ${SPECIAL.join(', ')} have a meaning of their own`;
    check.problem(['value'], message, `${suggest(value, SPECIAL)} A literal @ in front is written @@.`);
  }
}

/** The bytes of a field are not those of the file once it was transcoded. */
function checkBinary(feature: Feature, source: Spelling, type: LogicalType, check: CheckContext): void {
  if (type.kind !== 'binary' || feature.value !== undefined || source.encoding === 'utf-8') return;
  const message = `type is "binary", which takes the bytes of a field as they stand, but encoding is ${source.encoding}: they are turned into UTF-8`;
  check.problem(['type'], message, 'Write string, or remove encoding.');
}

function checkFormat(feature: Feature, type: LogicalType, check: CheckContext): void {
  if (feature.value !== undefined) return;
  const problem = feature.format === undefined ? null : patternProblem(feature.format, type);
  if (problem !== null) {
    const message = `format ${JSON.stringify(feature.format)} cannot read ${JSON.stringify(feature.type)}: ${problem}`;
    check.problem(['format'], message, PATTERN_HINT);
  }
}

function checkZone(feature: Feature, type: LogicalType, check: CheckContext): void {
  if (feature.value !== undefined) return;
  if (feature.timezone !== undefined && !(type.kind === 'timestamp' && type.zoned)) {
    const message = `timezone is set, but type is ${JSON.stringify(feature.type)}: only timestamptz has one`;
    check.problem(['timezone'], message, 'Remove timezone, or write timestamptz.');
  }
}

const NUMBER_KEYS = ['decimal_separator', 'thousands_separator', 'percent', 'currency'] as const;

/** How a number is spelled can be said of numbers read from the source, and must be readable one way only. */
function checkNumber(feature: Feature, source: Spelling, type: LogicalType, check: CheckContext): void {
  const isNumber = type.kind === 'int' || type.kind === 'float' || type.kind === 'decimal';
  const keys = NUMBER_KEYS.filter((key) => feature[key] !== undefined);
  for (const key of keys) {
    if (feature.value !== undefined)
      check.problem([key], `${key} is set beside value: nothing is read`, `Remove ${key}.`);
    else if (!isNumber) {
      const message = `${key} is set, but type is ${JSON.stringify(feature.type)}: only numbers have one`;
      check.problem([key], message, `Remove ${key}, or declare a number.`);
    }
  }
  if (!isNumber) return;
  const decimal = feature.decimal_separator ?? source.decimal_separator;
  const thousands =
    feature.thousands_separator === undefined ? source.thousands_separator : feature.thousands_separator;
  const own = feature.decimal_separator ?? feature.thousands_separator;
  if (own !== undefined && decimal === thousands) {
    const at = feature.thousands_separator === undefined ? 'decimal_separator' : 'thousands_separator';
    check.problem(
      [at],
      `decimal_separator and thousands_separator are both ${JSON.stringify(decimal)}`,
      'Change one of them.',
    );
  }
}

function checkLoss(feature: Feature, type: LogicalType, check: CheckContext): void {
  const { on_loss } = feature;
  if (on_loss === 'reject' || feature.value !== undefined) return;
  if (on_loss === 'null' && !feature.nullable) {
    check.problem(['on_loss'], 'on_loss is "null", but nullable is false', 'Set nullable to true, or choose another.');
  }
  const possible = lossesOf(type);
  if (possible.includes(on_loss)) return;
  const message =
    possible.length === 1
      ? `on_loss is "${on_loss}", but ${JSON.stringify(feature.type)} loses nothing`
      : `on_loss is "${on_loss}", for ${JSON.stringify(feature.type)} ${possible.join(' or ')} is possible`;
  check.problem(['on_loss'], message, 'Remove on_loss.');
}

/** What `on_loss` can mean for a type. */
function lossesOf(type: LogicalType): readonly Feature['on_loss'][] {
  switch (type.kind) {
    case 'int':
    case 'decimal':
    case 'time':
    case 'timestamp':
      return ['reject', 'truncate', 'round', 'null'];
    case 'date':
      return ['reject', 'truncate', 'null'];
    case 'float':
      return ['reject', 'null'];
    default:
      return ['reject'];
  }
}
