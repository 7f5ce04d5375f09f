import type { Schema } from '../../batch/schema.ts';
import { schemaMessage } from '../message/schema-message.ts';

/** The schema as an encapsulated Arrow IPC message in base64: the value of a file's `ARROW:schema`. */
export function encodeArrowSchema(schema: Schema): string {
  const message = schemaMessage(schema);
  return Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('base64');
}
