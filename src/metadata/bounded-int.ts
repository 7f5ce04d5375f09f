import { z } from 'zod';

/** An integer from `least` to `most`, both included. */
export const boundedInt = (least: number, most: number) => z.int().min(least).max(most);
