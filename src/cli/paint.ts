import { Chalk } from 'chalk';
import type { Output } from './io.ts';

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** Colours for one output, or none where it does not want them. */
export function paintFor(output: Pick<Output, 'colour'>): Paint {
  return new Chalk({ level: output.colour ? 1 : 0 });
}
