import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
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
