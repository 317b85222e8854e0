import type { Problem } from './problem.ts'
import { problemOf, type Reader } from './problem-of.ts'

/** A value, or what the user reads in its place. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

/**
 * Runs a read whose failure is part of the page: one registry that is down must not hide the others' rows.
 * @param reader see `problemOf`
 */
export async function attempt<T>(work: () => Promise<T>, reader?: Reader): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, problem: problemOf(error, reader) }
  }
}
