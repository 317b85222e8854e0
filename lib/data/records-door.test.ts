import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

// What Lading has recorded with its own credentials must not reach people who signed in with an account of a registry.

const FOLDER = import.meta.dirname
const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|(?:^|\/)testing\//.test(name))
  .map((name) => ({ name, text: readFileSync(resolve(FOLDER, name), 'utf8') }))

function filesWith(pattern: RegExp): string[] {
  return sources
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name)
    .sort()
}

it('only work of the server itself reads the catalog of all registries: everything else asks for the one of the registry it has opened', () => {
  expect(filesWith(/\btheCatalog\(\)/)).toEqual([
    'registries/registries.ts',
    'registries/report-registries.ts',
    'sync/record-deleted.ts',
    'sync/sync-job.ts',
  ])
})

it('every read of the database takes what an actor may see of it, or refuses accounts of the registry', () => {
  const guards =
    /searchVisibility\(|authorizeRecords\(|registryDecides\(|assertRecorded\(|isApart\(|recordedRegistries\(|Visibility\b/
  const unguarded = sources
    .filter(({ text }) => /\btheCatalogDatabase\(\)/.test(text) && !guards.test(text))
    .map(({ name }) => name)
    .sort()
  // On a schedule, for nobody.
  expect(unguarded).toEqual(['policy/schedule-policy-checks.ts'])
})

it('no list of what is recorded is made from the registries that an actor may open', () => {
  expect(filesWith(/\bvisibleRegistries\(/)).toEqual([
    'access/read-access.ts',
    'home/pins.ts',
    'manifest/base-image.ts',
    'registries/locate.ts',
    'registries/read-repositories.ts',
    'registries/registries.ts',
    'registries/search-registries.ts',
    'settings/notification-page.ts',
  ])
})
