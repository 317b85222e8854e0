import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { openFolderLock } from '../store/folder-lock.ts'

vi.mock('server-only', () => ({}))
const folder = mkdtempSync(join(tmpdir(), 'lading-notices-'))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const admin: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const viewer: Actor = { ...admin, username: 'bo', role: 'viewer' }
const visitor: Actor = { kind: 'anonymous', role: 'viewer', grants: [], readOnly: false }

it('says what is wrong with the server to those whom it concerns', async () => {
  const file = join(folder, 'lading.yaml')
  const users = `users: [{ username: anna, role: admin, passwordHash: '$2b$10$${'a'.repeat(53)}' }]\n`
  writeFileSync(file, users)
  vi.stubEnv('DATA_DIR', folder)
  vi.stubEnv('LADING_CONFIG', file)
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const other = openFolderLock(folder)
  const { serverNotices } = await import('./server-notices.ts')
  const titles = (actor: Actor) => serverNotices(actor).map(({ title }) => title)
  const noJobs = 'This Lading process runs no jobs'
  expect([titles(admin), titles(viewer), titles(visitor)]).toEqual([[noJobs], [noJobs], []])
  writeFileSync(file, `${users}colour: red\n`)
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 5000)
  expect(titles(admin)).toEqual(['The configuration file has an error', noJobs])
  expect(titles(viewer)).toEqual([noJobs])
  vi.restoreAllMocks()
  other.release()
})
