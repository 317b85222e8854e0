import { theCatalog } from '../../catalog/the-catalog.ts'
import { plural } from '../../format/bytes.ts'
import { attempt } from '../../problem/attempt.ts'
import { allRegistries } from './registries.ts'
import { whyNoSignIn } from './verify-account.ts'

const LONGEST_LISTING = 10 * 60_000

/**
 * Lists every registry once when the server starts, and logs the result: the operator sees a wrong address or
 * password at once, and the first visitor doesn't wait for the lists.
 */
export async function reportRegistries(): Promise<void> {
  await Promise.all(
    allRegistries().map(async (registry) => {
      const names = await attempt(
        () => theCatalog().repositories(registry, { freshFor: 0, patience: LONGEST_LISTING }),
        'server-log',
      )
      const outcome = names.ok
        ? plural(names.value.value.sorted.length, 'repository', 'repositories')
        : `${names.problem.title}. ${names.problem.detail}`
      console.log(`${registry.name} (${registry.location}): ${outcome}`)
      const problem = await whyNoSignIn(registry.name)
      if (problem) console.error(problem)
    }),
  )
}
