import { OUTAGES } from '../registry/outages.ts'
import type { Problem } from './problem.ts'

/** Whether it says that the registry couldn't be reached. On its own, as the browser asks too. */
export function isOutageProblem({ code }: Problem): boolean {
  return OUTAGES.some((kind) => code === `registry.${kind}`)
}
