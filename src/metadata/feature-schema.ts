import { z } from 'zod';
import { PLAIN_TYPE_NAMES, parseLogicalType } from './logical-type.ts';
import { DECIMAL_SEPARATORS, THOUSANDS_SEPARATORS } from './number-separators.ts';
import { suggestType } from './suggest-type.ts';
import { timezoneSchema } from './timezone-schema.ts';

export const ON_LOSS = ['reject', 'truncate', 'round', 'null'] as const;

const typeSchema = z
  .string()
  .superRefine((text, context) => {
    const type = parseLogicalType(text);
    if (!('problem' in type)) return;
    context.addIssue({ code: 'custom', message: type.problem, params: { hint: suggestType(text) } });
  })
  .meta({
    description:
      'Logical type. Lossless or reject: a value that does not fit exactly is a reject unless `on_loss` says otherwise.',
    anyOf: [
      { enum: [...PLAIN_TYPE_NAMES] },
      { pattern: '^decimal\\(\\s*\\d{1,2}\\s*(,\\s*\\d{1,2}\\s*)?\\)$' },
      { pattern: '^(timestamp|timestamptz|time)\\(\\s*(s|ms|us|ns)\\s*\\)$' },
      { pattern: '\\$\\{' },
    ],
  });

/** One output column: DESIGN calls it a feature. */
export const featureSchema = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'Name of the column in the output.' }),
    type: typeSchema,
    nullable: z.boolean().default(true).meta({ description: 'Whether null is allowed; if not, a null is a reject.' }),
    from: z.string().min(1).optional().meta({
      description: 'Name of the column in the source: in the header, or in `columns`. Without it, `name`.',
    }),
    value: z.string().optional().meta({
      description:
        'A constant instead of a column: `@file` (input, relative to the project), `@line` (its line), `@loaded_at` (start of the run), or text in the form its type is written in. `@@` stands for a literal `@` in front.',
    }),
    format: z.string().min(1).optional().meta({
      description:
        "strptime pattern (`%d/%m/%Y`) of a date, time or timestamp. Without it, the source's, else ISO 8601.",
    }),
    timezone: timezoneSchema().optional().meta({
      description: "IANA zone in which zoneless text is read into a timestamptz. Without it, the source's.",
    }),
    decimal_separator: z.enum(DECIMAL_SEPARATORS).optional().meta({
      description: "What stands before the fraction of a number. Without it, the source's.",
    }),
    thousands_separator: z.enum(THOUSANDS_SEPARATORS).nullable().optional().meta({
      description: "What may part the digits of a number in threes; null = nothing. Without it, the source's.",
    }),
    percent: z.enum(['fraction', 'number']).optional().meta({
      description: 'The field must end with a percent sign: `fraction` reads 12.5% as 0.125, `number` as 12.5.',
    }),
    currency: z
      .string()
      .regex(/^[^\s\d.,'+\-()%]{1,8}$/u, {
        error: 'a currency sign or code is needed (€, USD), of at most 8 characters',
      })
      .optional()
      .meta({
        description: 'A sign or code that may stand before or after a number, and is dropped; any other is a reject.',
      }),
    on_loss: z.enum(ON_LOSS).default('reject').meta({
      description: 'What becomes of a value that its type cannot hold exactly.',
    }),
    sensitive: z.boolean().default(false).meta({ description: 'Masked in everything but the data itself.' }),
  })
  .meta({ title: 'feature', description: 'One column of the output: selected, typed, renamed.' });

export type Feature = z.output<typeof featureSchema>;
