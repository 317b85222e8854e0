import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSession, recordSession } from '../../access/sessions/session-rows.ts'
import { theStore } from '../../store/the-store.ts'
import { ada, anna, bo, configure } from '../testing/configure.ts'

let folder = ''
beforeAll(async () => {
  folder = await configure({ hub: 'http://127.0.0.1:9' })
})
afterAll(async () => {
  await (await theStore()).close()
  await rm(folder, { recursive: true, force: true })
})

async function begin(username: string): Promise<string> {
  const id = randomUUID()
  const now = Math.ceil(performance.timeOrigin + performance.now())
  const row = { id, username, beganAt: now, seenAt: now, address: '192.0.2.7', browser: 'curl/8', way: 'password' }
  await recordSession(row, 3_600_000)
  return id
}

test('somebody else’s session looks absent to all but admins, isn’t ended, and the attempt is recorded', async () => {
  const { endOneSession } = await import('./sessions.ts')
  const theirs = await begin('anna')
  const [refused, absent] = await Promise.all(
    [theirs, randomUUID()].map((id) => endOneSession(bo, id).catch((error: unknown) => error)),
  )
  expect(refused).toMatchObject({ kind: 'not-found' })
  expect(refused).toEqual(absent)
  expect(await findSession(theirs)).toMatchObject({ username: 'anna' })
  const { read } = await theStore()
  expect(await read.selectFrom('audit_entry').select(['actor', 'action', 'outcome']).execute()).toEqual([
    { actor: 'bo', action: 'end-session', outcome: 'refused' },
  ])
})

test('everyone ends their own sessions, and admins anyone’s', async () => {
  const { endOneSession } = await import('./sessions.ts')
  const [annas, bos] = [await begin('anna'), await begin('bo')]
  await endOneSession(bo, bos)
  await endOneSession(ada, annas)
  expect(await Promise.all([annas, bos].map((id) => findSession(id)))).toEqual([undefined, undefined])
})

test('a token ends no session, not even its owner’s', async () => {
  const { endOneSession } = await import('./sessions.ts')
  const own = await begin('anna')
  await expect(endOneSession({ ...anna, only: ['browse'] }, own)).rejects.toMatchObject({ code: 'sign-in' })
  expect(await findSession(own)).toMatchObject({ username: 'anna' })
})
