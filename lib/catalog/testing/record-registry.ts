import { cached } from '../../registry/cache/cached.ts'
import { ContentCache } from '../../registry/cache/content-cache.ts'
import { collect } from '../../registry/listing.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Store } from '../../store/store.ts'
import { readManifestFacts } from '../database/read-manifest-facts.ts'
import { recordManifests } from '../database/record-manifests.ts'
import { recordTags } from '../database/record-tags.ts'

/** Records everything that a real registry holds, one repository after the other. */
export async function recordRegistry(store: Store, registry: Registry, at = Date.now()): Promise<void> {
  const source = cached(registry, new ContentCache())
  const repositories = await collect(source.repositories())
  for (const name of repositories.items) {
    const repository = source.repository(name)
    const sightings = []
    for (const tag of (await collect(repository.tags())).items) {
      const manifest = await repository.manifest(tag).catch(() => undefined)
      if (!manifest) continue
      await recordManifests(store, [await readManifestFacts(repository, manifest)])
      sightings.push({ tag, digest: manifest.digest })
    }
    await recordTags(store, { registry: registry.name, repository: name }, sightings, { at, how: 'sync' })
  }
}
