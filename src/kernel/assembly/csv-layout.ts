// What host and kernel agree on: offsets into the context block, the column descriptors and the reject entries, and the numbers of
// codes. Compiled by both compilers, so it holds nothing but integer constants.

// Context block. Every slot is a u32; addresses are addresses in kernel memory.
export const CTX_DELIMITER = 0;
/** 256 where there is no quoting. */
export const CTX_QUOTE = 4;
export const CTX_ESCAPE = 8;
/** 0: LF or CRLF ends a line; 1: CR or CRLF does; 2: CTX_RECORD_BYTE does, alone. */
export const CTX_NEWLINE = 12;
export const CTX_WIDTH = 16;
export const CTX_MAX_ROW = 20;
/** Entries of `ends`: one address for each field of a row, the byte after its last. */
export const CTX_ENDS = 24;
export const CTX_ROW_START = 28;
export const CTX_ROW_END = 32;
export const CTX_ROW_LINE = 36;
export const CTX_ROW_CAP = 40;
export const CTX_REJECTS = 44;
/** Rejects the scan may add in one call; the casts may add one for each row on top. */
export const CTX_REJECT_CAP = 48;
export const CTX_TEXT = 52;
export const CTX_FROM = 56;
export const CTX_TO = 60;
export const CTX_LIMIT = 64;
export const CTX_FINAL = 68;
/** In and out: 1 inside a rejected physical line that began in an earlier call, 2 inside a comment. */
export const CTX_SKIPPING = 72;
export const CTX_NEXT = 76;
export const CTX_ROWS = 80;
export const CTX_LINES = 84;
export const CTX_ROW_BYTES = 88;
export const CTX_REJECT_BYTES = 92;
export const CTX_BLANK_BYTES = 96;
export const CTX_STOP = 100;
export const CTX_REJECT_COUNT = 104;
/** Bytes ≥ 0x80 stand in the batch's rows. */
export const CTX_NON_ASCII = 116;
/** u32 for each row: 0, or 1 + index of its reject. */
export const CTX_BAD = 120;
export const CTX_BAD_COUNT = 124;
/** Null spellings: count, u64 set of their lengths (bit 63: 63 and longer), pairs of (address, length). */
export const CTX_NULL_COUNT = 128;
export const CTX_NULLS = 132;
export const CTX_NULL_LENGTHS = 136;
export const CTX_QUOTED_NULLS = 144;
/** Descriptors of the columns to cast, in record order. */
export const CTX_COLUMNS = 148;
export const CTX_COLUMN_COUNT = 152;
export const CTX_DATA = 156;
/** Cells the host must cast: pairs of (column, row). */
export const CTX_SLOW = 164;
export const CTX_SLOW_COUNT = 168;
export const CTX_POWERS = 176;
export const CTX_LINE_BASE = 184;
export const CTX_SCRATCH = 192;
/** Year that a zone table lacked when a cell was left to the host. */
export const CTX_MISSING_YEAR = 196;
/** As CTX_NULL_LENGTHS, of the spellings that could be taken for a number or a date alone. */
export const CTX_NULL_NUMBERS = 200;
/** Byte that begins a comment line; 256 where there are none. */
export const CTX_COMMENT = 208;
/** 1: blanks and tabs around fields are dropped. */
export const CTX_TRIM = 212;
/** 1: every record ends with one more delimiter. */
export const CTX_TRAILING = 216;
/** The header's bytes, its length (0xffffffff where it is not looked for), 1 where a record like it is skipped. */
export const CTX_HEADER = 220;
export const CTX_HEADER_LENGTH = 224;
export const CTX_HEADER_SKIP = 228;
export const CTX_COMMENT_BYTES = 232;
export const CTX_HEADER_BYTES = 236;
/** 1: backslash escapes stand in unquoted fields. */
export const CTX_BARE_ESCAPES = 240;
/** Byte that alone ends a record where CTX_NEWLINE is 2. */
export const CTX_RECORD_BYTE = 244;
/** Address of the text that csvCellText found. */
export const CTX_CELL = 248;
export const CTX_SIZE = 320;

// Column descriptor.
export const COL_KIND = 0;
export const COL_POSITION = 4;
export const COL_NULLABLE = 8;
export const COL_VALUES = 12;
export const COL_VALIDITY = 16;
export const COL_DATA = 20;
export const COL_NULLS = 24;
/** Width of a value in bytes; 0 for bits, 255 for offsets and data. */
export const COL_WIDTH = 32;
export const COL_BITS = 36;
export const COL_SIGNED = 40;
export const COL_SCALE = 44;
export const COL_PRECISION = 48;
/** Digits of a second the unit holds: 0, 3, 6, 9. */
export const COL_UNIT = 52;
export const COL_ZONED = 56;
export const COL_ON_LOSS = 60;
/** Descriptor of an earlier column whose buffers this one shares (same position, both text), or 0. */
export const COL_ALIAS = 64;
/** Spellings of true and false: their number, then (address, length, value) each. */
export const COL_TABLE = 68;
export const COL_RANK = 72;
/** 1: values lie between COL_LEAST and COL_MOST (i64 both), or are out of range; 0 lies between them. */
export const COL_RANGED = 76;
/** Address of the zone table; 0 where zoneless text is UTC. */
export const COL_ZONE = 80;
/** Compiled format, or 0 for ISO 8601. */
export const COL_FORMAT = 84;
/** Address of the number style, or 0. */
export const COL_STYLE = 88;
/** What the bytes of a row message are (see `wire-layout.ts`); 0 = text. */
export const COL_WIRE = 92;
export const COL_LEAST = 96;
export const COL_MOST = 104;
export const COL_SIZE = 112;

// Kinds.
export const KIND_INT = 1;
export const KIND_FLOAT = 2;
export const KIND_DECIMAL = 3;
export const KIND_BOOLEAN = 4;
export const KIND_TEXT = 5;
export const KIND_BINARY = 6;
export const KIND_UUID = 7;
export const KIND_DATE = 8;
export const KIND_TIME = 9;
export const KIND_TIMESTAMP = 10;
/** Validated by the host after the kernel copied it. */
export const KIND_JSON = 11;
/** Physical line of the row. */
export const KIND_LINE = 12;

// Number style: its decimal separator (a byte), whether a percent sign must stand, then lengths and bytes of what may stand.
export const STYLE_DECIMAL = 0;
export const STYLE_PERCENT = 4;
export const STYLE_THOUSANDS_LENGTH = 8;
export const STYLE_CURRENCY_LENGTH = 12;
export const STYLE_THOUSANDS = 16;
export const STYLE_CURRENCY = 24;
/** A currency has at most 8 characters of 4 bytes. */
export const STYLE_SIZE = 56;
export const PERCENT_NONE = 0;
export const PERCENT_FRACTION = 1;
export const PERCENT_NUMBER = 2;

// Zone table: slots by the low bits of the year. A slot holds u32 year, u32 number of segments, then i64 first and last local second and
// i64 offset of each: the local times that exist exactly once.
export const ZONE_SLOTS = 128;
export const ZONE_SEGMENTS = 12;
export const ZONE_SLOT_SIZE = 296;

// Steps of a compiled format: one byte each, a literal followed by its byte.
export const STEP_END = 0;
export const STEP_LITERAL = 1;
export const STEP_YEAR = 2;
export const STEP_SHORT_YEAR = 3;
export const STEP_MONTH = 4;
export const STEP_DAY = 5;
export const STEP_HOUR = 6;
export const STEP_MINUTE = 7;
export const STEP_SECOND = 8;
export const STEP_FRACTION = 9;
export const STEP_HOUR12 = 10;
export const STEP_HALF = 11;
export const STEP_MONTH_NAME = 12;
export const STEP_DAY_OF_YEAR = 13;
export const STEP_OFFSET = 14;
export const STEP_UTC_NAME = 15;
export const STEP_WEEKDAY_NAME = 16;

// Widths that are none.
export const WIDTH_BITS = 0;
export const WIDTH_BYTES = 255;

// Why a cell is bad. 0 is good; STATUS_SLOW leaves it to the host.
export const STATUS_SYNTAX = 1;
export const STATUS_RANGE = 2;
export const STATUS_LOSS = 3;
export const STATUS_CALENDAR = 4;
export const STATUS_ZONE = 5;
export const STATUS_NULL = 6;
export const STATUS_UTF8 = 7;
export const STATUS_SLOW = 8;
/** A backslash escape that means nothing, or is not finished. */
export const STATUS_ESCAPE = 9;
/** Bytes of a row message that are not what its column sends. */
export const STATUS_WIRE = 10;

// Why a record is bad.
export const DAMAGE_TOO_LONG = 16;
export const DAMAGE_TOO_FEW = 17;
export const DAMAGE_TOO_MANY = 18;
export const DAMAGE_UNCLOSED = 19;
export const DAMAGE_TRAILING = 20;
export const DAMAGE_STRAY_QUOTE = 21;
export const DAMAGE_STRAY_NEWLINE = 22;
/** The header once more. */
export const DAMAGE_HEADER = 23;
/** A byte order mark at the start of a record. */
export const DAMAGE_MARK = 24;
/** Without quoting, a backslash at the very end. */
export const DAMAGE_ESCAPE = 25;

export const ON_LOSS_REJECT = 0;
export const ON_LOSS_TRUNCATE = 1;
export const ON_LOSS_ROUND = 2;
export const ON_LOSS_NULL = 3;

// Reject entry.
export const REJECT_OFFSET = 0;
export const REJECT_LENGTH = 4;
export const REJECT_LINE = 8;
/** Index of the descriptor; 0xffffffff where the row as a whole is damaged. */
export const REJECT_COLUMN = 12;
export const REJECT_CODE = 16;
export const REJECT_COUNT = 20;
/** Bit 0: goes on in the next call; bit 1: continues the call before. */
export const REJECT_FLAGS = 24;
export const REJECT_ROW = 28;
export const REJECT_SIZE = 32;

export const STOP_FULL = 0;
export const STOP_STARVED = 1;
export const STOP_LIMIT = 2;
export const STOP_END = 3;
