import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { startTokenServer, type TokenServer } from '../../testing/servers/token-server.ts'
import { verifyAccount, whyNoSignIn } from './verify-account.ts'

// Real registries: with Basic, with a token server, with one that ignores names, and with none at all.
const ANNA = { username: 'anna', password: 'anna own password' }
const BO = { username: 'bo', password: 'bo own password' }
const account = { ...ANNA, access: { 'team/**': ['pull'] } }
let folder = ''
let proxy: FaultProxy
const registries: DockerRegistry[] = []
const servers: TokenServer[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-accounts-'))
  servers.push(
    await startTokenServer({ accounts: [account] }),
    await startTokenServer({ accounts: [account], ignoresNames: true }),
  )
  const [checking, ignoring] = servers
  registries.push(
    await startDockerRegistry({ htpasswd: [ANNA, BO] }),
    await startDockerRegistry({ token: checking?.token as TokenServer['token'] }),
    await startDockerRegistry({ token: ignoring?.token as TokenServer['token'] }),
    await startDockerRegistry(),
  )
  const [basic = '', token = '', ignores = '', open = ''] = registries.map(({ url }) => url)
  proxy = await startFaultProxy(basic)
  const entries = { basic, token, ignores, open, faulty: proxy.url, down: 'http://127.0.0.1:9' }
  await writeFile(
    join(folder, 'lading.yaml'),
    stringify({
      registries: [
        ...Object.entries(entries).map(([name, url]) => ({ name, url, signIn: true })),
        { name: 'without', url: basic },
      ],
    }),
  )
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await Promise.all([proxy, ...registries, ...servers].map((server) => server.stop()))
  await rm(folder, { recursive: true, force: true })
})

test('a registry confirms the right password, with Basic and with a token server', async () => {
  for (const name of ['basic', 'token']) expect(await verifyAccount(name, ANNA), name).toEqual({ outcome: 'right' })
  expect(await verifyAccount('basic', BO)).toEqual({ outcome: 'right' })
})

test('a wrong password, another’s password and an unknown name are wrong', async () => {
  for (const name of ['basic', 'token'])
    for (const wrong of [
      { ...ANNA, password: 'guess' },
      { ...ANNA, password: BO.password },
      { ...ANNA, username: 'nobody' },
    ])
      expect(await verifyAccount(name, wrong), name).toEqual({ outcome: 'wrong' })
})

test('a registry that accepts a password with any user name proves nobody’s name', async () => {
  const claimed = await verifyAccount('ignores', { ...ANNA, username: 'bo' })
  expect(claimed).toMatchObject({ outcome: 'unproved', message: expect.stringMatching(/with any user name/) })
  expect(await verifyAccount('ignores', ANNA)).toMatchObject({ outcome: 'unproved' })
})

test('a registry that lets anyone in is not offered, and says what an administrator has to change', async () => {
  expect(await whyNoSignIn('open')).toMatch(/lets anyone in without a password.*signIn/)
  expect(await verifyAccount('open', ANNA)).toMatchObject({ outcome: 'unproved' })
  for (const name of ['basic', 'token', 'down', 'without']) expect(await whyNoSignIn(name), name).toBeUndefined()
})

test('a registry that can’t be asked, or isn’t set up for it, confirms nothing', async () => {
  for (const name of ['down', 'without', 'absent'])
    expect(await verifyAccount(name, ANNA), name).toMatchObject({ outcome: 'unproved' })
  proxy.on({ path: /v2/, fault: { kind: 'answer', status: 503 } })
  const { message = '' } = { ...(await verifyAccount('faulty', ANNA)) } as { message?: string }
  expect(message).toMatch(/couldn’t check your password/)
  expect(message).not.toContain(ANNA.password)
  proxy.clear()
})

test('never uses a password that Lading was configured with, and tries the password under one other name', async () => {
  proxy.clear()
  const before = proxy.requests.length
  await verifyAccount('faulty', ANNA)
  const sent = new Set(proxy.requests.slice(before).map(({ headers }) => headers.authorization ?? 'none'))
  const own = `Basic ${Buffer.from(`${ANNA.username}:${ANNA.password}`).toString('base64')}`
  expect([...sent]).toContain(own)
  const others = [...sent].filter((header) => header !== own && header !== 'none')
  const strangers = others.map((header) => Buffer.from(header.replace('Basic ', ''), 'base64').toString())
  for (const stranger of strangers) expect(stranger).toMatch(/^lading-[0-9a-f]{16}:/)
})
