import { STATUS_NULL } from '../../../kernel/assembly/csv-layout.ts';
import {
  DAMAGE_JSON_BELOW,
  DAMAGE_JSON_COLON,
  DAMAGE_JSON_COMMA,
  DAMAGE_JSON_CONTROL,
  DAMAGE_JSON_CUT,
  DAMAGE_JSON_DEPTH,
  DAMAGE_JSON_ESCAPE,
  DAMAGE_JSON_KEY,
  DAMAGE_JSON_LONG,
  DAMAGE_JSON_MARK,
  DAMAGE_JSON_NO_OBJECT,
  DAMAGE_JSON_NUMBER,
  DAMAGE_JSON_SURROGATE,
  DAMAGE_JSON_TRAILING,
  DAMAGE_JSON_TWICE,
  DAMAGE_JSON_UTF8,
  DAMAGE_JSON_VALUE,
  STATUS_MISSING,
  STATUS_NESTED,
} from '../../../kernel/assembly/json-layout.ts';
import { spellKeyPath } from '../../../metadata/key-path.ts';
import type { CastField } from '../../cast/cast-field.ts';
import { castReason, nameOfType, type Reason } from '../../cast/cast-reason.ts';
import type { JsonLimits } from './json-memory.ts';
import type { KeyTree } from './key-tree.ts';

/** Why a value could not be taken; never the value. */
export function reasonOfValue(status: number, field: CastField): Reason {
  switch (status) {
    case STATUS_NULL:
      return { code: 'ATLAS_JSON_NULL', reason: 'null, and the feature is not nullable' };
    case STATUS_MISSING:
      return { code: 'ATLAS_JSON_MISSING', reason: 'the key is missing, and the feature is not nullable' };
    case STATUS_NESTED:
      return {
        code: 'ATLAS_JSON_NESTED',
        reason: `an object or array (nested value), ${nameOfType(field.field.type)} is needed`,
      };
    default:
      return castReason(status, field);
  }
}

/** What is needed where a line stops being JSON. */
const NEEDED: Readonly<Record<number, string>> = {
  [DAMAGE_JSON_KEY]: 'a key in double quotes is needed',
  [DAMAGE_JSON_COLON]: 'a colon is needed',
  [DAMAGE_JSON_COMMA]: 'a comma or a closing bracket is needed',
  [DAMAGE_JSON_VALUE]: 'a value is needed',
  [DAMAGE_JSON_NUMBER]: 'a number is not written as JSON writes numbers',
  [DAMAGE_JSON_CONTROL]: 'a control character inside a text',
  [DAMAGE_JSON_ESCAPE]: 'a backslash escape that JSON does not know',
};

/** Why a line could not be taken; `count` is the byte of the line where it shows, from 0, or the number of a node. */
export function reasonOfDamage(code: number, count: number, limits: JsonLimits, tree: KeyTree): Reason {
  const at = `at byte ${count + 1} of the line`;
  const key = (): string => JSON.stringify(spellKeyPath(tree.nodes[count]?.path ?? []));
  switch (code) {
    case DAMAGE_JSON_LONG:
      return { code: 'ATLAS_JSON_ROW_TOO_LONG', reason: `longer than ${limits.maxRowBytes} bytes` };
    case DAMAGE_JSON_UTF8:
      return { code: 'ATLAS_JSON_UTF8', reason: 'not valid UTF-8' };
    case DAMAGE_JSON_MARK:
      return { code: 'ATLAS_JSON_BOM_INSIDE', reason: 'a byte order mark at the start of a line' };
    case DAMAGE_JSON_NO_OBJECT:
      return { code: 'ATLAS_JSON_NO_OBJECT', reason: 'no object' };
    case DAMAGE_JSON_TRAILING:
      return { code: 'ATLAS_JSON_TRAILING', reason: `something follows the object, ${at}` };
    case DAMAGE_JSON_CUT:
      return { code: 'ATLAS_JSON_CUT', reason: `the line ends inside the object, ${at}` };
    case DAMAGE_JSON_SURROGATE:
      return { code: 'ATLAS_JSON_SURROGATE', reason: `half of a surrogate pair, ${at}` };
    case DAMAGE_JSON_DEPTH:
      return { code: 'ATLAS_JSON_DEPTH', reason: `nested deeper than ${limits.maxDepth}, ${at}` };
    case DAMAGE_JSON_TWICE:
      return { code: 'ATLAS_JSON_DUPLICATE_KEY', reason: `the key ${key()} stands twice` };
    case DAMAGE_JSON_BELOW:
      return { code: 'ATLAS_JSON_NOT_OBJECT', reason: `${key()} is no object, and features take keys inside it` };
    default:
      return { code: 'ATLAS_JSON_SYNTAX', reason: `${NEEDED[code] ?? `line status ${code}`}, ${at}` };
  }
}
