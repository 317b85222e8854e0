import { createHttpRegistry } from '../../../registry/http/http-registry.ts'
import { collect } from '../../../registry/listing.ts'
import { openStore } from '../../../store/open-store.ts'
import { syncRegistry } from '../sync-registry.ts'

/** A process to be killed: syncs a registry and says how many repositories are done. Arguments: the database, the registry's URL. */
const [location = '', url = ''] = process.argv.slice(2)
const store = await openStore(JSON.parse(location))
const registry = createHttpRegistry({ name: 'hub', url })
const { items } = await collect(registry.repositories())
await syncRegistry(
  store,
  registry,
  { sorted: items.sort() },
  {
    everything: true,
    signal: new AbortController().signal,
    saveEvery: 0,
    onProgress: ({ done }) => process.stdout.write(`${done}\n`),
  },
)
await store.close()
