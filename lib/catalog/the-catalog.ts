import { processWide } from '../config/process-wide.ts'
import { AvailableCatalog } from './available-catalog.ts'
import { ManifestRecorder } from './database/manifest-recorder.ts'
import { CatalogReader } from './read-through/catalog-reader.ts'

/** The catalog of this process, and the one way to read registries through it. */
export function theCatalog(): CatalogReader {
  return parts().reader
}

/** Opens the database behind the catalog. Until then, and while it can't be opened, the catalog is in memory. */
export function startCatalog(): void {
  parts().catalog.start()
  parts().recorder.start()
}

function parts() {
  return processWide('catalog', () => {
    const catalog = new AvailableCatalog()
    const recorder = new ManifestRecorder()
    return { catalog, recorder, reader: new CatalogReader(catalog, { onRead: (reading) => recorder.add(reading) }) }
  })
}
