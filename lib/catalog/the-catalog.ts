import { processWide } from '../config/process-wide.ts'
import { MemoryCatalog } from './memory/memory-catalog.ts'
import { CatalogReader } from './read-through/catalog-reader.ts'

/** The catalog of this process, and the one way to read registries through it. */
export function theCatalog(): CatalogReader {
  return processWide('catalog', () => new CatalogReader(new MemoryCatalog()))
}
