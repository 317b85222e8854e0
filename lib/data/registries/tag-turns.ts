import 'server-only'
import { processWide } from '../../config/process-wide.ts'
import { RegistryError } from '../../registry/errors.ts'
import { OneByOne, type TagTurns } from '../../registry/one-by-one.ts'
import { theStore } from '../../store/the-store.ts'

/** Milliseconds that a change waits for another process that is changing the same tag. */
const PATIENCE = 10_000

/**
 * Changes of one tag that depend on what it points at, one after another in whatever processes and with whatever
 * credentials: each is judged on what the one before has left.
 */
export function tagTurnsOf(registry: string): TagTurns {
  const here = processWide('tag-turns', () => new OneByOne())
  return {
    run(key, work) {
      const tag = `${registry}/${key}`
      return here.run(tag, async () => {
        const { locks } = await theStore()
        if (!locks) return work()
        const release = await locks.hold(`tag ${tag}`, PATIENCE)
        if (!release)
          throw new RegistryError('conflict', `${tag} is being changed by somebody else right now. Nothing was changed`)
        try {
          return await work()
        } finally {
          await release()
        }
      })
    },
  }
}
