import { within } from '../catalog/read-through/within.ts'

/** Milliseconds that a page waits, before its first byte, to find out whether its subject exists. */
export const DECIDED_WITHIN = 1_000
/** Further milliseconds for its content to be sent whole: anything slower is streamed. */
export const READ_WITHIN = 700

/** Whether a read settles, either way, before a page has to be sent. */
export function settlesWithin(milliseconds: number, reading: Promise<unknown>): Promise<boolean> {
  return within(milliseconds, reading).catch(() => true)
}
