import { listNames } from '../../catalog/repository-names.ts'
import { plural } from '../../format/bytes.ts'
import { attempt } from '../../problem/attempt.ts'
import { allRegistries } from './registries.ts'

/**
 * Lists every registry once when the server starts, and says what came of it: whoever starts Lading learns at once of a
 * wrong address or password, and the first visitor does not wait for the lists.
 */
export async function reportRegistries(): Promise<void> {
  await Promise.all(
    allRegistries().map(async (registry) => {
      const names = await attempt(() => listNames(registry))
      const outcome = names.ok
        ? plural(names.value.sorted.length, 'repository', 'repositories')
        : `${names.problem.title}. ${names.problem.detail}`
      console.log(`${registry.name} (${registry.location}): ${outcome}`)
    }),
  )
}
