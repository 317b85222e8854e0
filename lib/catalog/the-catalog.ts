import { processWide } from '../config/process-wide.ts'
import { TagRecorder } from './database/tag-recorder.ts'
import { MemoryCatalog } from './memory/memory-catalog.ts'
import { CatalogReader } from './read-through/catalog-reader.ts'

/** Records in the database what pages read, once it was started. */
export function tagRecorder(): TagRecorder {
  return processWide('tag-recorder', () => new TagRecorder())
}

/** The catalog of this process, and the one way to read registries through it. */
export function theCatalog(): CatalogReader {
  return processWide(
    'catalog',
    () => new CatalogReader(new MemoryCatalog(), { onRead: (reading) => tagRecorder().add(reading) }),
  )
}
