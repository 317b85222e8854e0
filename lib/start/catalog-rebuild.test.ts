import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillSample } from '../catalog/database/testing/fill-sample.ts'
import { sampleTags } from '../catalog/database/testing/sample-catalog.ts'
import { holdLease } from '../store/leases/lease.ts'
import { openStore } from '../store/open-store.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-rebuild-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const open = () => openStore({ kind: 'sqlite', file: join(folder, 'lading.db') })

/** `npm run catalog:rebuild`, as a person runs it. */
function rebuild(file: string): Promise<{ readonly failed: boolean; readonly output: string }> {
  const env = { ...process.env, DATA_DIR: folder }
  return new Promise((resolve) =>
    execFile(process.execPath, ['lib/start/catalog-rebuild.ts', file], { env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: `${stdout}${stderr}` }),
    ),
  )
}

test('saves what no registry can give back, empties the catalog, and does neither while Lading runs', async () => {
  const file = join(folder, 'saved.ndjson')
  const store = await open()
  await fillSample(store, sampleTags)
  const lease = await holdLease(store, 'schedule')
  expect(await rebuild(file)).toMatchObject({ failed: true, output: expect.stringContaining('Lading runs on this') })
  await lease?.release()
  await store.close()
  expect(await rebuild(file)).toMatchObject({ failed: false, output: expect.stringContaining(`to ${file}`) })
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const types = new Set(lines.map((line) => JSON.parse(line).type))
  expect(types).toEqual(new Set(['added-label', 'tag-event']))
  const after = await open()
  expect(await after.read.selectFrom('tag').selectAll().execute()).toEqual([])
  await after.close()
  expect(await rebuild(file), 'a file that is there').toMatchObject({
    failed: true,
    output: expect.stringMatching(/^The catalog is as it was/),
  })
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toEqual(lines)
})
