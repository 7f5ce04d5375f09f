import { AtlasError } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Layout } from '../survey/layout.ts';
import type { SurveyedFile } from '../survey/survey-state.ts';
import { dialectSeen } from '../wide/wide-dialect.ts';
import type { ParserLimits, ParserPlan } from './parser-shape.ts';

/**
 * What the parser is told of one file. `loadedAt`: microseconds since 1970.
 * Fails with ATLAS_DRIFT_FOUND where the file lacks a column that must be there.
 */
export function planParser(plan: CsvSourcePlan, file: SurveyedFile, layout: Layout, loadedAt: bigint): ParserPlan {
  for (const [index, { from, constant, nullable }] of plan.features.entries()) {
    if (constant !== null || typeof layout.positions[index] === 'number') continue;
    if (plan.missingColumns === 'null' && nullable) continue;
    throw new AtlasError('ATLAS_DRIFT_FOUND', `${file.name} has no column ${JSON.stringify(from)}`, {
      place: { file: file.path, column: from },
    });
  }
  const seen = dialectSeen(plan);
  return {
    encoding: plan.encoding,
    delimiter: seen.delimiter,
    quote: seen.quote,
    escape: seen.escape,
    newline: file.newline,
    width: layout.width,
    trailingDelimiter: plan.trailingDelimiter,
    bareEscapes: seen.bareEscapes,
    comment: seen.comment,
    trim: seen.trim,
    header:
      file.headerRecord === null
        ? null
        : { bytes: Buffer.from(file.headerRecord, 'base64'), skip: plan.repeatedHeader === 'skip' },
    fields: plan.features.map((feature, index) => ({
      field: { name: feature.name, type: feature.type, nullable: feature.nullable, sensitive: feature.sensitive },
      position: layout.positions[index] ?? null,
      constant: feature.constant,
      format: feature.format,
      timezone: feature.timezone,
      onLoss: feature.onLoss,
      style: feature.style,
      range: feature.range,
    })),
    nullValues: plan.nullValues,
    quotedNulls: plan.quotedNulls,
    trueValues: plan.trueValues,
    falseValues: plan.falseValues,
    maxRowBytes: plan.maxRowBytes,
    file: file.name,
    loadedAt,
  };
}

/** What the parser's memory must be sized for. */
export function limitParser(plan: CsvSourcePlan): ParserLimits {
  return {
    maxRowBytes: plan.maxRowBytes,
    maxColumns: Math.max(plan.maxColumns, plan.columns?.length ?? 0, plan.features.length),
    fields: plan.features.length,
  };
}
