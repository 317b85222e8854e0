import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'

vi.mock('server-only', () => ({}))
const folder = mkdtempSync(join(tmpdir(), 'lading-notices-'))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const admin: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const viewer: Actor = { ...admin, username: 'bo', role: 'viewer' }
const visitor: Actor = { kind: 'anonymous', role: 'viewer', grants: [], readOnly: false }

it('tells the people concerned what is wrong with the server', async () => {
  const file = join(folder, 'lading.yaml')
  const users = `users: [{ username: anna, role: admin, passwordHash: '$2b$10$${'a'.repeat(53)}' }]\n`
  writeFileSync(file, users)
  vi.stubEnv('DATA_DIR', folder)
  vi.stubEnv('LADING_CONFIG', file)
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { serverNotices } = await import('./server-notices.ts')
  const titles = (actor: Actor) => serverNotices(actor).map(({ title }) => title)
  expect([titles(admin), titles(viewer), titles(visitor)]).toEqual([[], [], []])
  writeFileSync(file, `${users}colour: red\n`)
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 5000)
  expect(titles(admin)).toEqual(['The configuration file has an error'])
  expect(titles(viewer)).toEqual([])
  const minutesAgo = (minutes: number) => ({ ...viewer, confirmedAt: Date.now() + 5000 - minutes * 60_000 }) as Actor
  expect(titles(minutesAgo(1))).toEqual([])
  expect(titles(minutesAgo(5))).toEqual(['The provider can’t be asked about your groups'])
  vi.restoreAllMocks()
})
