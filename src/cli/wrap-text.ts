/** A text broken between words where it would leave the terminal; later lines begin below the first, after a margin. */
export function wrapText(text: string, width: number, margin: number): string {
  const room = width - margin - 1;
  if (room < 20) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(margin)}`);
}
