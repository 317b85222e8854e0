import { processWide } from '../config/process-wide.ts'
import type { Registry } from '../registry/registry.ts'
import { AvailableCatalog } from './available-catalog.ts'
import { ManifestRecorder } from './database/manifest-recorder.ts'
import { CatalogReader } from './read-through/catalog-reader.ts'

/** The catalog of this process, and the one way to read registries through it with Lading's own credentials. */
export function theCatalog(): CatalogReader {
  return parts().reader
}

/** The way to read a registry as it was opened: what one person's credentials show is in no catalog that others read. */
export function catalogOf(registry: Registry): CatalogReader {
  return apart().get(registry) ?? theCatalog()
}

/** Whether it was opened with a person's own credentials. */
export function isApart(registry: Registry): boolean {
  return apart().has(registry)
}

/** From now on a registry that was opened with a person's own credentials is read through their own catalog only. */
export function keepApart(registry: Registry, reader: CatalogReader): void {
  apart().set(registry, reader)
}

/** Opens the database behind the catalog. Until then, and while it can't be opened, the catalog is in memory. */
export function startCatalog(): void {
  parts().catalog.start()
  parts().recorder.start()
}

function apart() {
  return processWide('catalogs-apart', () => new WeakMap<Registry, CatalogReader>())
}

function parts() {
  return processWide('catalog', () => {
    const catalog = new AvailableCatalog()
    const recorder = new ManifestRecorder()
    return { catalog, recorder, reader: new CatalogReader(catalog, { onRead: (reading) => recorder.add(reading) }) }
  })
}
