import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { programFiles } from './program-files.ts'
import PROGRAMS from './standalone/programs.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '..', '..')
const { scripts, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

it('runs the same programs with and without npm', () => {
  for (const [name, file] of Object.entries(PROGRAMS)) expect(scripts[name]).toBe(`node ${file}`)
})

it('finds everything that a program imports, and nothing that only types need', () => {
  const { sources, packages } = programFiles([PROGRAMS.backup], ROOT)
  expect(sources).toEqual(expect.arrayContaining(['lib/start/backup.ts', 'lib/store/sqlite/backup-sqlite.ts']))
  expect(sources).not.toContain('lib/config/user-config.ts')
  expect(packages).toContain('zod')
  expect(packages.filter((name) => !(name in dependencies))).toEqual([])
})
