import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

it('is the only way to a repository in lib/data', () => {
  const folder = resolve(import.meta.dirname, '..')
  const opening = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|(?:^|\/)testing\//.test(name))
    .filter((name) => /\.repository\(/.test(readFileSync(join(folder, name), 'utf8')))
  expect(opening).toEqual(['registries/open.ts'])
})
