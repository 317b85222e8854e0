import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry, type HttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestAt } from '../graph/digest-at.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { putImage, tag } from '../testing/images.ts'
import { copyImage } from './copy.ts'

const ann = { username: 'ann', password: 'reads here' }
const bob = { username: 'bob', password: 'writes there' }
const name = parseRepositoryName('team/app')
const opened: HttpRegistry[] = []

async function startSide(account: typeof ann) {
  const server = await startDockerRegistry({ htpasswd: account })
  const proxy = await startFaultProxy(server.url)
  const open = (credentials: typeof ann) => {
    const registry = createHttpRegistry({ name: account.username, url: proxy.url, credentials })
    opened.push(registry)
    return registry.repository(name)
  }
  const stop = async () => {
    await proxy.stop()
    await server.stop()
  }
  return { proxy, open, stop }
}
const [from, to] = [await startSide(ann), await startSide(bob)]
afterAll(async () => {
  for (const each of opened) await each.close()
  for (const side of [from, to]) await side.stop()
})

const basic = ({ username, password }: typeof ann) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

describe('a copy between registries with an account each', () => {
  it('shows each registry only its own account', async () => {
    const source = from.open(ann)
    const image = await putImage(source, { tags: ['1.0'], layers: [randomBytes(50_000)] })
    const destination = to.open(bob)
    const at = { reference: tag('1.0') }
    const report = await copyImage({ repository: source, ...at }, { repository: destination, ...at })
    expect(report.digest).toBe(image.digest)
    expect(await checkCompleteness(destination, tag('1.0'), { full: true })).toMatchObject({ complete: true })
    for (const [{ proxy }, account] of [[from, ann] as const, [to, bob] as const]) {
      const shown = new Set(proxy.requests.flatMap(({ headers }) => headers.authorization ?? []))
      expect([...shown]).toEqual([basic(account)])
    }
  })

  it('fails if one side’s account is tried on the other', async () => {
    const source = from.open(ann)
    await putImage(source, { tags: ['2.0'] })
    const at = { reference: tag('2.0') }
    const copy = copyImage({ repository: source, ...at }, { repository: to.open(ann), ...at })
    await expect(copy).rejects.toMatchObject({ kind: 'unauthorized', host: to.proxy.host })
    expect(await digestAt(to.open(bob), tag('2.0'))).toBeUndefined()
  })
})
