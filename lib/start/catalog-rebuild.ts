import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { emptyCatalog } from '../catalog/database/empty-catalog.ts'
import { exportRecords } from '../catalog/database/export-records.ts'
import { ConfigError } from '../config/config-error.ts'
import { assertUnused } from '../store/leases/assert-unused.ts'
import type { Store } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { theStore } from '../store/the-store.ts'

/** `npm run catalog:rebuild [file]`: saves added labels and the history of tags, then drops the catalog. Lading is stopped. */
async function rebuild(file: string): Promise<string> {
  const store = await theStore()
  try {
    await assertUnused(store.write, store.dialect)
    const { labels, events } = await save(store, file)
    await emptyCatalog(store)
    return `Saved ${labels} added labels and ${events} events of tags to ${file}, and emptied the catalog (${store.location}). Added labels are kept. The next start syncs every registry again.`
  } finally {
    await store.close()
  }
}

/** On disk before anything is dropped. Fails where the file is there already. */
async function save(store: Store, file: string): Promise<{ readonly labels: number; readonly events: number }> {
  const counts = { labels: 0, events: 0 }
  async function* lines() {
    for await (const records of exportRecords(store)) {
      for (const { type } of records) counts[type === 'added-label' ? 'labels' : 'events']++
      yield records.map((record) => `${JSON.stringify(record)}\n`).join('')
    }
  }
  await pipeline(lines, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }))
  return counts
}

try {
  const time = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-')
  console.log(await rebuild(resolve(process.argv[2] ?? `lading-catalog-${time}.ndjson`)))
} catch (error) {
  if (!(error instanceof Error)) throw error
  if (!(error instanceof ConfigError || error instanceof StoreError || 'code' in error)) console.error(error)
  console.error(`The catalog is as it was. ${error.message}`)
  process.exitCode = 1
}
