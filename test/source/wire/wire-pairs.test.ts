import { describe, expect, it } from 'vitest';
import type { ServerType } from '../../../src/flow/table-description.ts';
import { PLAIN_TYPE_NAMES } from '../../../src/metadata/logical-type.ts';
import { matchColumn } from '../../../src/plan/table/match-column.ts';
import { mysqlValue } from '../../../src/plan/table/mysql-value.ts';
import { postgresValue } from '../../../src/plan/table/postgres-value.ts';
import type { ServerValue } from '../../../src/plan/table/server-value.ts';
import { isWirePair } from '../../../src/source/wire/wire-pairs.ts';
import type { WireProtocol } from '../../../src/source/wire/wire-shape.ts';
import { typeOf } from '../../kernel/csv-drive.ts';
import { MYSQL_TYPES, POSTGRES_TYPES } from '../../plan/table/server-types.ts';

const TYPES = [...PLAIN_TYPE_NAMES, 'decimal(12,2)', 'time(ns)', 'timestamp(ns)', 'timestamptz(ms)'];

describe.each([
  ['postgresql', POSTGRES_TYPES, postgresValue],
  ['mysql', MYSQL_TYPES, mysqlValue],
] as const satisfies readonly (readonly [WireProtocol, unknown, (type: ServerType) => ServerValue | null])[])(
  'what is planned of %s',
  (protocol, servers, serverValue) => {
    it('comes in forms that the kernel casts', () => {
      let pairs = 0;
      for (const [server] of servers) {
        const value = serverValue(server);
        if (value === null) continue;
        for (const name of TYPES) {
          for (const onLoss of ['reject', 'null'] as const) {
            const type = typeOf(name);
            const match = matchColumn(value, { type, onLoss, timezone: 'UTC' });
            const selection = 'wire' in match ? match : match.selection;
            if (selection === null) continue;
            pairs += 1;
            expect([server.sql, name, isWirePair(protocol, selection.wire, type)]).toEqual([server.sql, name, true]);
          }
        }
      }
      expect(pairs).toBeGreaterThan(100);
    });
  },
);
