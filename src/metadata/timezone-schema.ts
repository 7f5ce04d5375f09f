import { z } from 'zod';

/** An IANA time zone that this Node.js knows (`Europe/Berlin`, `UTC`). Offsets (`+02:00`) are none. */
export const timezoneSchema = () =>
  z.string().superRefine((zone, context) => {
    if (knowsZone(zone)) return;
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(zone)} is not a time zone that is known here`,
      params: { hint: 'Write an IANA name such as "Europe/Berlin" or "UTC".' },
    });
  });

function knowsZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
