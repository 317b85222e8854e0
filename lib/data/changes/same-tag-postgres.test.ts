import { expect, test } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'
import { removeTag } from './delete-tag.ts'
import { retagImage } from './retag.ts'

const layer = startDataLayer('PostgreSQL')
const [latest, next] = [parseTag('latest'), parseTag('next')]

/** Another replica changes the tag: what is done meanwhile waits for it, and is judged on what it leaves. */
async function whileAnotherMoves<T>(name: string, work: () => Promise<T>): Promise<T> {
  const other = await openStore({ kind: 'postgres', url: process.env.DATABASE_URL ?? '' })
  try {
    const release = await other.locks?.hold(`tag local/${name}:latest`, 0)
    const writes = () => layer.proxy.count('PUT', /manifests/) + layer.proxy.count('DELETE', /manifests\/(latest|sha)/)
    const before = writes()
    const working = work().finally(() => (isOver = true))
    let isOver = false
    working.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(isOver).toBe(false)
    expect(writes()).toBe(before)
    await pushImage(layer.url, name, ['latest'], { labels: { of: 'the other replica' } })
    await release?.()
    return await working
  } finally {
    await other.close()
  }
}

async function pushed(name: string) {
  const old = await pushImage(layer.url, name, ['latest'], { labels: { of: 'old' } })
  await pushImage(layer.url, name, ['next'], { labels: { of: 'next' } })
  return { place: { registry: 'local', repository: parseRepositoryName(name) }, expect: parseDigest(old.digest) }
}

test('a tag that another replica moves in the same instant isn’t overwritten', async () => {
  const name = 'race/moved'
  const { place, expect: old } = await pushed(name)
  const retag = { ...place, from: next, to: latest, expect: old, override: undefined }
  const moving = whileAnotherMoves(name, () => retagImage(anna, retag))
  await expect(moving).rejects.toMatchObject({ kind: 'conflict', expected: old })
  expect(await digestOfTag(layer.url, name, 'latest')).not.toBe(await digestOfTag(layer.url, name, 'next'))
})

test('a tag that another replica moves in the same instant isn’t deleted', async () => {
  const name = 'race/deleted'
  const { place, expect: old } = await pushed(name)
  const deletion = {
    ...place,
    tag: latest,
    expect: old,
    siblings: [],
    strategy: 'allow-replace',
    override: undefined,
  } as const
  await expect(whileAnotherMoves(name, () => removeTag(anna, deletion))).rejects.toMatchObject({ kind: 'conflict' })
  expect(await digestOfTag(layer.url, name, 'latest')).toBeDefined()
})
