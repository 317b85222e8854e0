import { type Problem, problemOf } from './problem.ts'

/** A value, or what to tell the user in its place. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

/** Runs a read whose failure is part of the page: one registry that is down must not take the others' rows along. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}
