import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { startSignatureStore } from '../../../testing/servers/signature-store.ts'
import { imageFor } from '../../contract/samples.ts'
import { createHttpRegistry } from '../http-registry.ts'

const server = await startDockerRegistry()
const front = await startSignatureStore(server.url)
const direct = createHttpRegistry({ name: 'direct', url: server.url })
const registry = createHttpRegistry({ name: 'front', url: front.url, timeouts: { retry: 1 } })
afterAll(async () => {
  for (const each of [registry, direct]) await each.close()
  for (const each of [front, server]) await each.stop()
})
const name = parseRepositoryName('team/app')
const { digest } = await direct.repository(name).putManifest(parseTag('1'), await imageFor(direct.repository(name)))

async function extension() {
  const found = await registry.repository(name).signatures()
  if (!found) throw new Error('the registry offers no signatures')
  return found
}

it('is absent if the registry doesn’t offer it', async () => {
  expect(await direct.repository(name).signatures()).toBeUndefined()
})

it('stores signatures beside a manifest, each under its own name', async () => {
  const signatures = await extension()
  expect(await signatures.list(digest)).toEqual([])
  const first = await signatures.put(digest, Buffer.from([0, 255, 1]))
  const second = await signatures.put(digest, Buffer.from('two'))
  expect(first.name).toMatch(new RegExp(`^${digest}@[0-9a-f]{32}$`))
  expect(second.name).not.toBe(first.name)
  expect(await signatures.list(digest)).toEqual([
    { name: first.name, content: Buffer.from([0, 255, 1]) },
    { name: second.name, content: Buffer.from('two') },
  ])
  expect([...front.kept.keys()]).toEqual([`/extensions/v2/team/app/signatures/${digest}`])
  expect(front.kept.get(`/extensions/v2/team/app/signatures/${digest}`)?.[1]).toEqual({
    schemaVersion: 2,
    name: second.name,
    type: 'atomic',
    content: 'dHdv',
  })
})

/** The registry has said by now that it has a store. */
function answerWith(body: string): void {
  front.clear()
  front.on({ path: '/extensions/', fault: { kind: 'answer', status: 200, body } })
}

const entry = (fields: object) =>
  JSON.stringify({
    signatures: [{ schemaVersion: 2, type: 'atomic', name: `${digest}@a`, content: 'dHdv', ...fields }],
  })

it.each([
  ['no JSON', '<html>', 'malformed'],
  ['no list', '{"signatures":{}}', 'malformed'],
  ['content that isn’t base64', entry({ content: '!' }), 'malformed'],
  ['a signature of another manifest', entry({ name: `sha256:${'0'.repeat(64)}@a` }), 'malformed'],
  ['more than 4 MiB', entry({ content: 'A'.repeat(4 * 1024 * 1024) }), 'too-large'],
])('refuses %s', async (_what, answer, kind) => {
  answerWith(answer)
  await expect((await extension()).list(digest)).rejects.toMatchObject({ kind })
})

it('skips signatures of unknown kinds', async () => {
  answerWith(entry({ type: 'future' }))
  expect(await (await extension()).list(digest)).toEqual([])
})
