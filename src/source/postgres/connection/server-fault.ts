/** An error that the server sent (protocol 3, "Error and Notice Message Fields"). */
export interface ServerFault {
  readonly message: string;
  readonly severity: string;
  /** SQLSTATE. */
  readonly code: string;
  readonly hint?: string;
  /** Characters, from 1, in the statement as it was sent. */
  readonly position?: string;
  readonly table?: string;
  readonly schema?: string;
}

/** Whether it came from the server, and not from the socket or the client. */
export function isServerFault(error: unknown): error is ServerFault {
  const { severity, code } = (error ?? {}) as Record<string, unknown>;
  return typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}
