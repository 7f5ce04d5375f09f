/** JSON on one line, with blanks after commas and colons. */
export function renderInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderInline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${renderInline(each)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
