import type { Schema } from '../../batch/schema.ts';
import { schemaMessage } from '../message/schema-message.ts';

/** The first message of a stream, before any fragment: its columns. */
export function arrowSchemaMessage(schema: Schema): Uint8Array<ArrayBuffer> {
  return schemaMessage(schema);
}

/** The mark that ends a stream (Arrow columnar format 1.5, "IPC streaming format"): a stream without it was cut. */
export const ARROW_END: Uint8Array<ArrayBuffer> = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
