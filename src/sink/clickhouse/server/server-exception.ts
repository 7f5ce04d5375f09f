import { AtlasError } from '../../../errors.ts';

/** What a ClickHouse said when it refused or failed a statement. */
export class ServerException extends Error {
  /** Its number, by which one decides: 60. */
  readonly number: number;
  /** The name of that number: `UNKNOWN_TABLE`. */
  readonly type: string;

  /** `message`: what may be shown of the server's text. */
  constructor(number: number, type: string, message: string) {
    super(message);
    this.name = 'ServerException';
    this.number = number;
    this.type = type;
  }
}

/** The number that the server gave, where an error of ours comes from one that it sent; else null. */
export function exceptionNumber(error: unknown): number | null {
  return error instanceof AtlasError && error.cause instanceof ServerException ? error.cause.number : null;
}
