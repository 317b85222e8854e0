import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { OWN_FOLDER } from './atomic-write.ts'
import { createLayout } from './create-layout.ts'
import { withLock } from './layout-lock.ts'
import { LayoutStore } from './layout-store.ts'

const path = await mkdtemp(join(tmpdir(), 'lading-store-'))
await createLayout(path)
afterAll(() => rm(path, { recursive: true, force: true }))

it('a change that waits for another process is abandoned when the caller leaves', async () => {
  await mkdir(join(path, OWN_FOLDER), { recursive: true })
  const before = await readFile(join(path, 'index.json'), 'utf8')
  const store = new LayoutStore(path)
  const name = parseRepositoryName('team/app')
  const put = (tag: string, signal?: AbortSignal) =>
    store.update((draft) => draft.removeTag(name, parseTag(tag)), signal)
  await withLock(join(path, OWN_FOLDER, 'lock'), async () => {
    await expect(put('1', AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(await readFile(join(path, 'index.json'), 'utf8')).toBe(before)
  })
  await put('2')
})

it('reads that cross a change see the index as it was before or is after it', async () => {
  const store = new LayoutStore(path)
  const name = parseRepositoryName('team/app')
  const file = digestOf('x')
  const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: file, size: 1 }
  for (let round = 1; round <= 10; round++) {
    // Until the file is old enough for its index to be kept.
    await sleep(150)
    await store.index()
    let isDone = false
    const change = store
      .update((draft) => draft.setTag(name, parseTag(`${round}`), { descriptor, file }))
      .finally(() => (isDone = true))
    while (!isDone)
      for (const { entries } of await Promise.all(Array.from({ length: 20 }, () => store.index())))
        expect([round - 1, round]).toContain(entries.filter(({ tag }) => tag).length)
    await change
  }
})
