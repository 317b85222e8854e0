import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dockerConfigCredentials } from './docker-config.ts'

const folder = await mkdtemp(join(tmpdir(), 'lading-docker-config-'))
const path = process.env.PATH
beforeAll(async () => {
  process.env.PATH = `${folder}:${path}`
  const helper = join(folder, 'docker-credential-test')
  const script = `#!/bin/sh
server=$(cat)
echo "$server" >> "${folder}/asked"
case "$server" in
  helped.example.com) echo '{"ServerURL":"x","Username":"bob","Secret":"from helper"}' ;;
  token.example.com) echo '{"Username":"<token>","Secret":"refresh"}' ;;
  broken.example.com) echo 'secret nonsense' ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
`
  await writeFile(helper, script)
  await chmod(helper, 0o755)
})
afterAll(async () => {
  process.env.PATH = path
  await rm(folder, { recursive: true })
})

async function source(document: unknown) {
  const file = join(folder, `${Math.random()}.json`)
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document))
  return dockerConfigCredentials(file)
}
const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })

it.each([
  ['a host', { 'r.example.com': auth('ann:pass:word') }, { username: 'ann', password: 'pass:word' }],
  ['a URL', { 'https://r.example.com/v1/': auth('ann:p') }, { username: 'ann', password: 'p' }],
  ['plain fields', { 'r.example.com': { username: 'ann', password: 'p' } }, { username: 'ann', password: 'p' }],
  [
    'an identity token',
    { 'r.example.com': { ...auth('ann:'), identitytoken: 'id' } },
    { identityToken: 'id', username: 'ann' },
  ],
  ['a registry token', { 'r.example.com': { registrytoken: 'jwt' } }, { registryToken: 'jwt' }],
  ['another host alone', { 'other.example.com': auth('ann:p'), 'r.example.com.evil.com': auth('x:y') }, undefined],
  [
    'the host before one of its namespaces',
    { 'r.example.com/team': auth('eve:p'), 'https://r.example.com/v2/': auth('ann:p') },
    { username: 'ann', password: 'p' },
  ],
  [
    'a namespace where the host has none',
    { 'r.example.com/team/app': auth('ann:p') },
    { username: 'ann', password: 'p' },
  ],
  ['an empty entry', { 'r.example.com': {} }, undefined],
])('reads %s', async (_name, auths, expected) => {
  expect(await (await source({ auths }))('r.example.com')).toEqual(expected)
})

it('knows Docker Hub by all its names', async () => {
  const find = await source({ auths: { 'https://index.docker.io/v1/': auth('ann:p') } })
  expect(await find('registry-1.docker.io')).toEqual({ username: 'ann', password: 'p' })
})

it('runs the host’s helper, and keeps its answer', async () => {
  const find = await source({ credHelpers: { 'helped.example.com': 'test', 'token.example.com': 'test' } })
  expect(await find('helped.example.com')).toEqual({ username: 'bob', password: 'from helper' })
  expect(await find('helped.example.com')).toEqual({ username: 'bob', password: 'from helper' })
  expect(await find('token.example.com')).toEqual({ identityToken: 'refresh' })
  expect(await find('unnamed.example.com')).toBeUndefined()
})

it('falls back to the file when the store knows nothing', async () => {
  const find = await source({ credsStore: 'test', auths: { 'r.example.com': auth('ann:p') } })
  expect(await find('r.example.com')).toEqual({ username: 'ann', password: 'p' })
})

it.each([
  ['a missing helper', { credsStore: 'no-such-helper' }, 'r.example.com'],
  ['a helper named as a path', { credsStore: '../../bin/sh' }, 'r.example.com'],
  ['a helper that talks nonsense', { credsStore: 'test' }, 'broken.example.com'],
  ['a file that isn’t JSON', '{"auths": secret', 'r.example.com'],
])('reports %s without quoting it', async (_name, document, host) => {
  const error: unknown = await (await source(document))(host).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: 'unauthorized' })
  expect(String(error)).not.toContain('secret')
})

it('reports a missing file', async () => {
  await expect(dockerConfigCredentials(join(folder, 'none.json'))('r')).rejects.toMatchObject({ kind: 'unauthorized' })
})
