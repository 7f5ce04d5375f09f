// What host and kernel agree on about rows as database servers send them: slots of the context block beside those of csv-layout, codes of
// forms. Compiled by both compilers, so it holds nothing but integer constants.

/** PostgreSQL: where a COPY stands (COPY_…). */
export const CTX_COPY = 252;
/** MySQL: sequence number that the next packet must have. In and out. */
export const CTX_SEQUENCE = 256;
/** What is wrong (FAULT_…), and the two numbers that disagree. */
export const CTX_FAULT = 260;
export const CTX_FOUND = 264;
export const CTX_WANTED = 268;
/**
 * MySQL: a byte for each column: bytes of a value, or 0 where its length stands before it. PostgreSQL: two u32 for each column: the
 * length it nearly always has, as it is sent and as a number.
 */
export const CTX_LENGTHS = 272;
/** Row by row, column by column: u32 address of the first byte and of the byte after the last; two zeroes where the cell is null. */
export const CTX_CELLS = 276;

export const COPY_HEADER = 0;
export const COPY_TUPLES = 1;
export const COPY_ENDED = 2;
/** No CopyData is expected. */
export const COPY_NONE = 3;

// Stops beside STOP_FULL and STOP_STARVED: a message that is no row stands at CTX_NEXT; the bytes are not what they must be; a row is
// longer than CTX_MAX_ROW.
export const STOP_MESSAGE = 4;
export const STOP_BROKEN = 5;
export const STOP_LONG = 6;

/** The length of a message is below its own four bytes. */
export const FAULT_LENGTH = 1;
/** The header of a binary COPY is not one. */
export const FAULT_HEADER = 2;
/** CopyData where none is expected. */
export const FAULT_COPY = 3;
/** Another number of fields. */
export const FAULT_FIELDS = 4;
/** A field of a length that its row does not have. */
export const FAULT_FIELD = 5;
/** A row that is longer, or shorter, than its message. */
export const FAULT_ROW = 6;
/** MySQL: a packet out of its order. */
export const FAULT_SEQUENCE = 7;
/** MySQL: a packet that is no row and does not end the result. */
export const FAULT_PACKET = 8;

// Forms, in the lowest byte of COL_WIRE; then bytes of a number, whether it has a sign, whether bytes come lowest first (MySQL).
export const FORM_TEXT = 0;
export const FORM_BYTES = 1;
export const FORM_BOOL = 2;
export const FORM_UUID = 3;
export const FORM_NUMERIC = 4;
export const FORM_DATE = 5;
export const FORM_TIME = 6;
export const FORM_TIMESTAMP = 7;
export const FORM_BITS = 8;
export const FORM_INT = 9;
export const FORM_FLOAT = 10;
export const WIRE_BYTES_SHIFT = 8;
export const WIRE_SIGNED = 65536;
export const WIRE_MYSQL = 16777216;
