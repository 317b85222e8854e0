import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holdLease } from '../leases/lease.ts'
import { newestVersion } from '../migrate.ts'
import { backUpSqlite, restoreSqlite } from './backup-sqlite.ts'
import { openSqlite } from './open-sqlite.ts'

let folder = ''
const data = () => join(folder, 'data')
const target = () => join(folder, 'saved')
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-backup-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const openData = () => openSqlite(join(data(), 'lading.db'))
const names = async () => {
  const store = await openData()
  const rows = await store.read.selectFrom('registry').select('name').orderBy('id').execute()
  await store.close()
  return rows.map(({ name }) => name)
}

it('saves while others write, restores every row and file, and keeps the previous data beside it', async () => {
  const store = await openData()
  await writeFile(join(data(), 'auth-secret'), 'a secret')
  const rows = Array.from({ length: 500 }, (_, index) => ({ name: `r${index}`.padEnd(2000, '.') }))
  for (let from = 0; from < rows.length; from += 50)
    await store.write
      .insertInto('registry')
      .values(rows.slice(from, from + 50))
      .execute()
  let isSaving = true
  const writing = (async () => {
    for (let index = 0; isSaving; index++)
      await store.write
        .insertInto('registry')
        .values({ name: `meanwhile ${index}` })
        .execute()
  })()
  const saved = await backUpSqlite(data(), ['auth-secret', 'users.json'], target())
  isSaving = false
  await writing
  expect(saved.version).toBe(await newestVersion('sqlite'))
  expect((await readdir(target())).sort()).toEqual(['auth-secret', 'lading.db'])
  expect((await stat(target())).mode & 0o777).toBe(0o700)
  expect((await stat(join(target(), 'lading.db'))).mode & 0o777).toBe(0o600)
  await store.write.deleteFrom('registry').execute()
  await store.close()
  await writeFile(join(data(), 'auth-secret'), 'another')
  await restoreSqlite(target(), data(), await newestVersion('sqlite'))
  expect((await names()).slice(0, 500)).toEqual(rows.map(({ name }) => name))
  expect(await readFile(join(data(), 'auth-secret'), 'utf8')).toBe('a secret')
  expect(await readFile(join(data(), 'auth-secret.before-restore'), 'utf8')).toBe('another')
  expect((await readdir(data())).filter((name) => name.endsWith('.part'))).toEqual([])
})

it('saves into no existing folder, and leaves none behind when it fails', async () => {
  await (await openData()).close()
  await backUpSqlite(data(), [], target())
  await expect(backUpSqlite(data(), [], target())).rejects.toThrow('already exists')
  await expect(backUpSqlite(join(folder, 'nothing'), [], join(folder, 'other'))).rejects.toMatchObject({
    code: 'unreachable',
  })
  expect((await readdir(folder)).sort()).toEqual(['data', 'saved'])
})

it('refuses to restore while a server runs, from a newer version, and from a damaged backup', async () => {
  const store = await openData()
  await backUpSqlite(data(), [], target())
  await store.write.insertInto('registry').values({ name: 'since' }).execute()
  const lease = await holdLease(store, 'schedule')
  const newest = await newestVersion('sqlite')
  await expect(restoreSqlite(target(), data(), newest)).rejects.toMatchObject({ code: 'locked' })
  await lease?.release()
  await store.close()
  await expect(restoreSqlite(target(), data(), newest - 1)).rejects.toMatchObject({ code: 'newer' })
  const file = await open(join(target(), 'lading.db'), 'r+')
  await file.write(Buffer.alloc(8192, 0x55), 0, 8192, 4096)
  await file.close()
  await expect(restoreSqlite(target(), data(), newest)).rejects.toMatchObject({ code: 'damaged' })
  expect(await names()).toEqual(['since'])
})

it('resumes nothing that was running when the backup was made', async () => {
  const store = await openData()
  await sql`
    insert into job (id, number, kind, owner, person, input, same, lease, state, created_at, progress)
    values ('j', 1, 'plan', 'o', 'o', 'null', 's', 'plan p', 'running', 1, '{}')`.execute(store.write)
  for (const state of ['running', 'undoing', 'checking', 'cancelled'])
    await sql`
      insert into plan (id, owner, registry, repository, state, wanted, created_at, checked_at, tags_before, frees_at_most)
      values (${state}, 'o', 'hub', 'app', ${state}, 'run', 1, 1, 1, 1)`.execute(store.write)
  await holdLease(store, 'plan running')
  await backUpSqlite(data(), [], target())
  await store.close()
  await rm(data(), { recursive: true })
  await restoreSqlite(target(), data(), await newestVersion('sqlite'))
  const restored = await openData()
  const states = await restored.read.selectFrom('plan').select(['id', 'state']).execute()
  expect(Object.fromEntries(states.map(({ id, state }) => [id, state]))).toEqual({
    running: 'paused',
    undoing: 'finished',
    checking: 'draft',
    cancelled: 'cancelled',
  })
  expect(await restored.read.selectFrom('job').select(['state', 'same']).execute()).toEqual([
    { state: 'cancelled', same: null },
  ])
  expect(await restored.read.selectFrom('lease').selectAll().execute()).toEqual([])
  await restored.close()
})
