/**
 * A bound text as a value of a column's type. Without it the server would compare a number and a text as floating point, and take two
 * large numbers for one.
 */
export function castOf(serverType: string): string {
  const type = serverType.toLowerCase();
  const name = /^[a-z0-9]+/.exec(type)?.[0] ?? '';
  switch (name) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'integer':
    case 'bigint':
    case 'year':
      return type.includes('unsigned') ? 'CAST(? AS UNSIGNED)' : 'CAST(? AS SIGNED)';
    case 'decimal':
    case 'numeric': {
      const [, precision = '65', scale = '0'] = /\((\d+)(?:,\s*(\d+))?\)/.exec(type) ?? [];
      return `CAST(? AS DECIMAL(${precision},${scale}))`;
    }
    case 'date':
      return 'CAST(? AS DATE)';
    case 'datetime':
    case 'timestamp':
      return 'CAST(? AS DATETIME(6))';
    default:
      return '?';
  }
}
