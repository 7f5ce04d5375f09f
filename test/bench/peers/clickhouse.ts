import { query } from 'chdb';
import { jobOf, quoted } from '../job.ts';

/** ClickHouse's engine: `INSERT INTO FUNCTION file(…, Parquet) SELECT … FROM file(…, CSVWithNames, …)`. */
const TYPES = {
  int64: 'Int64',
  int16: 'Int16',
  timestamp: "DateTime64(3, 'UTC')",
  double: 'Float64',
  text: 'String',
} as const;

const { input, output, columns, rejects, threads } = jobOf(process.argv);
const structure = columns
  .map(({ name, kind }, index) => `${name} ${index === 0 ? TYPES[kind] : `Nullable(${TYPES[kind]})`}`)
  .join(', ');
const settings = [
  `max_threads = ${threads}`,
  `max_insert_threads = ${threads}`,
  "output_format_parquet_compression_method = 'snappy'",
  'engine_file_truncate_on_insert = 1',
  ...(rejects ? ['input_format_allow_errors_ratio = 0.05', 'input_format_allow_errors_num = 1000000000'] : []),
];
query(
  `INSERT INTO FUNCTION file(${quoted(output)}, Parquet, ${quoted(structure)})
   SELECT ${columns.map(({ name }) => name).join(', ')} FROM file(${quoted(input)}, CSVWithNames, ${quoted(structure)})
   SETTINGS ${settings.join(', ')}`,
);
