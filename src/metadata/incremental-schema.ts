import { z } from 'zod';

/** Only the rows above what was published before; what the target must be like says `check-incremental.ts`. */
export const incrementalSchema = z
  .strictObject({
    column: z.string().min(1).meta({
      description: 'Column of the table that grows with every change: an integer, date, timestamp or decimal.',
    }),
    initial: z.string().min(1).optional().meta({
      description:
        'Where the first run begins (exclusive), as the server writes such a value; without it, at the first row. May hold `{{ name }}`.',
    }),
    lag: z
      .string()
      .regex(/^\d+(\.\d+)?\s*(us|ms|s|m|h|d)?$/, { error: 'a duration (15m, 2h, 1d) or a number is needed' })
      .optional()
      .meta({
        description:
          'How far below the watermark to begin, for rows that arrive late: a duration (`15m`, `2h`, `1d`), or a number.',
      }),
    nulls: z.enum(['include', 'exclude', 'fail']).default('fail').meta({
      description: 'Rows whose column is NULL: read in every run, left out and counted, or an error.',
    }),
    duplicates: z.enum(['keep']).optional().meta({
      description:
        'With `mode: append`, `lag` and `nulls: include` add rows again that earlier runs have added: `keep` says that this is wanted. Without it they are refused there.',
    }),
  })
  .meta({ title: 'keys of incremental' });
