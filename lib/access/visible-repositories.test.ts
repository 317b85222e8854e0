import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Role } from '../config/grant.ts'
import { parseRepositoryName, type RepositoryName } from '../oci/reference.ts'
import type { Actor } from './actor.ts'
import { allows } from './authorize.ts'
import { visibleRepositories } from './visible-repositories.ts'

const actor = (globs: readonly string[], role: Role | 'none' = 'none', registry = 'hub'): Actor => ({
  kind: 'user',
  username: 'ada',
  groups: [],
  role,
  readOnly: false,
  grants: globs.map((repository) => ({ subject: { user: 'ada' }, role: 'viewer', registry, repository, allow: [] })),
})

it('lists exactly the repositories that may be browsed', () => {
  const name = fc.array(fc.constantFrom('team-a', 'team-ab', 'app', 'b'), { minLength: 1, maxLength: 3 })
  const names = fc.uniqueArray(name.map((parts) => parseRepositoryName(parts.join('/'))))
  const glob = fc.constantFrom('**', 'team-a/**', 'team-a', '*/app', '**/b', 'team-?/*', 'none')
  fc.assert(
    fc.property(names, fc.array(glob), fc.constantFrom('hub', 'h*', 'edge'), (unsorted, globs, registry) => {
      const sorted = unsorted.toSorted((a, b) => (a < b ? -1 : 1))
      const someone = actor(globs, 'none', registry)
      expect(visibleRepositories(someone, 'hub', sorted)).toEqual(
        sorted.filter((repository) => allows(someone, 'browse', { registry: 'hub', repository })),
      )
    }),
  )
})

it('returns the list itself to anyone with access to everything, and one list to users with the same grants', () => {
  const sorted = ['a/app', 'b/app'] as RepositoryName[]
  expect(visibleRepositories(actor([], 'viewer'), 'hub', sorted)).toBe(sorted)
  const seen = visibleRepositories(actor(['a/**']), 'hub', sorted)
  expect(seen).toEqual(['a/app'])
  expect(visibleRepositories(actor(['a/**']), 'hub', sorted)).toBe(seen)
  expect(visibleRepositories(actor(['b/**']), 'hub', sorted)).toEqual(['b/app'])
})
