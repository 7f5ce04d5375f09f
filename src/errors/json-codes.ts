import { type Entry, entry } from './code-entry.ts';

/** The codes of JSON lines. */
export const JSON_CODES = {
  ATLAS_JSON_SYNTAX: entry(1, 'A line is not JSON.', 'Mend the line at the byte named.'),
  ATLAS_JSON_CUT: entry(
    1,
    'A line ends inside its object.',
    'Fetch the file again if it is the last line; write line feeds in texts as \\n.',
  ),
  ATLAS_JSON_TRAILING: entry(1, 'Something follows the object of a line.', 'Write one object a line.'),
  ATLAS_JSON_NO_OBJECT: entry(
    1,
    'A line holds no JSON object.',
    'Write one object a line; an array of objects must be taken apart first (jq -c ".[]").',
  ),
  ATLAS_JSON_UTF8: entry(1, 'A line is not valid UTF-8.', 'Convert the file to UTF-8.'),
  ATLAS_JSON_ENCODING: entry(1, 'A file of JSON lines is in UTF-16.', 'Convert the file to UTF-8.'),
  ATLAS_JSON_BOM_INSIDE: entry(
    1,
    'A byte order mark stands at the start of a line (files that were joined).',
    'Join the files without their byte order marks.',
  ),
  ATLAS_JSON_SURROGATE: entry(
    1,
    'A text holds half of a surrogate pair, which is no character.',
    'Mend the writer: it cuts texts inside characters.',
  ),
  ATLAS_JSON_ROW_TOO_LONG: entry(1, 'A line is longer than max_row_bytes.', 'Raise max_row_bytes of the source.'),
  ATLAS_JSON_DEPTH: entry(1, 'Objects or arrays are nested deeper than max_depth.', 'Raise max_depth of the source.'),
  ATLAS_JSON_DUPLICATE_KEY: entry(
    1,
    'A key that a feature takes stands twice in one object.',
    'Mend the writer: which of the two values counts, nobody can know.',
  ),
  ATLAS_JSON_NOT_OBJECT: entry(
    1,
    'A feature takes a key of a value that is no object.',
    'Take the value itself into a json feature, or mend the line.',
  ),
  ATLAS_JSON_NESTED: entry(
    1,
    'An object or array stands where a single value is needed.',
    'Declare the feature as json, or take a key inside it (from: "user.name").',
  ),
  ATLAS_JSON_KEYS: entry(
    1,
    'Objects have so many different keys that they are no table.',
    'Declare the features that are wanted by hand; keys that are values belong below one key, taken as json.',
  ),
  ATLAS_JSON_NULL: entry(
    1,
    'A value is null and its feature is not nullable.',
    'Set nullable to true, or mend the line.',
  ),
  ATLAS_JSON_MISSING: entry(
    1,
    'A line lacks a key whose feature is not nullable.',
    'Set nullable to true, or check `from`: keys are compared exactly.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;
