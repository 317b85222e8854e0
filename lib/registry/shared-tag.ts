import { setTimeout as delay } from 'node:timers/promises'
import { RegistryError } from './errors.ts'
import { OneByOne } from './one-by-one.ts'
import type { CallOptions } from './registry.ts'

const TRIES = 12
/** Another writer that read before our write may write after it: milliseconds to wait before looking again. */
const SETTLE = 60

const turns = new OneByOne()

/**
 * Changes a document that several writers keep under one tag. OCI has no compare-and-swap, so each writer looks again,
 * and writes again when another writer has overwritten it. Writers in this process take turns.
 * @param key what the document is, across the registries of this process
 * @param attempt reads, and writes if the change is not in what it read; resolves to whether it is
 * @throws RegistryError `conflict` when others overwrite it all the time
 */
export async function changeSharedTag(
  key: string,
  attempt: (options: CallOptions) => Promise<'kept' | 'written'>,
  options: CallOptions = {},
): Promise<void> {
  return turns.run(key, async () => {
    for (let tries = 0; tries < TRIES; tries++) {
      const started = performance.now()
      if ((await attempt(options)) === 'kept') return
      // The longer our own turn took, the longer another's may take; the loser must not stay in step with the winner.
      const apart = tries > 0 ? Math.random() * SETTLE : 0
      await delay(SETTLE + apart + 3 * (performance.now() - started), undefined, options)
    }
    throw new RegistryError('conflict', `other writers keep changing ${key}`)
  })
}
