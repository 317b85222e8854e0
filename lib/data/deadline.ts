import { within } from '../catalog/read-through/within.ts'

/** Milliseconds within which a page finds out whether there is anything to show, before its first byte. */
export const DECIDED_WITHIN = 1_000
/** And after that, within which it comes whole: what takes longer is streamed. */
export const READ_WITHIN = 700

/** Whether a read settles, either way, before a page has to be sent. */
export function settlesWithin(milliseconds: number, reading: Promise<unknown>): Promise<boolean> {
  return within(milliseconds, reading).catch(() => true)
}
