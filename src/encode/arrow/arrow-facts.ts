/** One encapsulated RecordBatch message of a fragment: it may be sent without those beside it. */
export interface ArrowMessage {
  /** Of its first byte, relative to the fragment's; a multiple of 8. */
  readonly offset: number;
  /** With its metadata; a multiple of 8. */
  readonly bytes: number;
  readonly rows: number;
}

/** What a sink needs to know of a fragment of Arrow messages: its `facts`. */
export interface ArrowFacts {
  readonly format: 'arrow';
  readonly rows: number;
  /** In order, without gaps. */
  readonly messages: readonly ArrowMessage[];
}
