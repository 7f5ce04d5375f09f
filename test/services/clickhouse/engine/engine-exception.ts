/** A refusal, as a ClickHouse server words it. */
export class EngineException extends Error {
  readonly code: number;
  readonly codeName: string;

  constructor(code: number, codeName: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.codeName = codeName;
  }

  /** What the engine threw, without the words that only the engine in a process adds. */
  static of(thrown: unknown): EngineException {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    const code = Number(/Code: (\d+)\. DB::Exception: /.exec(said)?.[1] ?? 1001);
    const codeName = [...said.matchAll(/\(([A-Z][A-Z0-9_]+)\)/g)].at(-1)?.[1] ?? 'STD_EXCEPTION';
    const message = said
      .replace(/^(?:[^:]*: )?(?:Code: \d+\. DB::Exception: )+/, '')
      .replaceAll(/ \(version [^)]*\)\.?/g, '')
      .replaceAll(`. (${codeName})`, '')
      .replaceAll(` (${codeName})`, '')
      .replaceAll(/:? \(in file\/uri [^)]*\)(?:\))?/g, '')
      .replace(/: data for INSERT was parsed from file/, '');
    return new EngineException(code, codeName, message.trim().replace(/\.$/, ''), { cause: thrown });
  }

  /** The body of an answer. */
  answer(version: string): string {
    return `Code: ${this.code}. DB::Exception: ${this.message}. (${this.codeName}) (version ${version} (official build))\n`;
  }

  /** The HTTP status that goes with it: a server's exceptionCodeToHTTPStatus. */
  get status(): number {
    return STATUSES.find(([, codes]) => codes.includes(this.code))?.[0] ?? 500;
  }
}

const STATUSES: readonly (readonly [number, readonly number[]])[] = [
  [401, [194]],
  [403, [192, 193, 497, 512, 516]],
  [400, [6, 25, 26, 27, 36, 38, 41, 44, 53, 62, 72, 117, 165, 167, 168, 321, 427, 469, 675, 676]],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336, 511]],
  [408, [159]],
  [411, [381]],
  [413, [223]],
  [501, [48]],
  [503, [76, 209, 439]],
];
