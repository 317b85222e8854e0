import { randomUUID } from 'node:crypto'
import { parseDigest } from '../../../oci/digest.ts'
import type { Place } from '../../../oci/place.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'
import type { Store } from '../../../store/store.ts'
import { insertAddedLabel } from '../added-labels.ts'
import { attachedBits, recordAttached } from '../attached.ts'
import { recordManifests } from '../record-manifests.ts'
import { recordTags } from '../record-tags.ts'
import { NOW, type SampleTag } from './sample-catalog.ts'

/** Records the tags as a sync would, or as changes of ours where they have moved. */
export async function fillSample(store: Store, tags: readonly SampleTag[]): Promise<void> {
  await recordManifests(
    store,
    tags.map(({ digest, type, images }) => manifestFacts(digest, type, images)),
  )
  for (const { registry, repository, tag, digest, images, added = [] } of tags) {
    const moved = images[0]?.moved
    const place = { registry, repository: parseRepositoryName(repository) }
    await recordTags(
      store,
      place,
      [{ tag, digest }],
      moved === undefined ? { at: NOW, how: 'sync' } : { at: moved, how: 'change', actor: 'ada' },
    )
    for (const label of added) await addLabel(store, place, label)
  }
  for (const { registry, repository, digest, images } of tags)
    if (images[0]?.has.signature !== undefined)
      await recordAttached(store, { registry, repository: parseRepositoryName(repository) }, [
        { digest, attached: attachedBits(images[0].has) },
      ])
}

function addLabel(store: Store, place: Place, { digest, key, value }: NonNullable<SampleTag['added']>[number]) {
  return insertAddedLabel(store, place, {
    id: randomUUID(),
    digest: parseDigest(digest),
    key,
    value,
    mediaType: 'text/plain',
    source: 'ui',
    createdBy: 'ada',
    createdAt: NOW,
  })
}

function manifestFacts(digest: string, type: SampleTag['type'], images: SampleTag['images']) {
  const [first] = images
  return {
    digest,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    type,
    bytes: 500,
    holds: { sbom: false, provenance: false },
    ...(first?.created !== undefined && { created: first.created }),
    ...(first?.size !== undefined && { size: first.size }),
    images: images.map((facts) => ({
      digest: `sha256:${facts.digests[1] ?? digest.slice(7)}`,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      bytes: 400,
      ...(facts.platform !== undefined && { platform: facts.platform }),
      ...(facts.created !== undefined && { created: facts.created }),
      ...(facts.size !== undefined && { size: facts.size }),
      ...(facts.layers !== undefined && { layers: facts.layers }),
      blobs: facts.digests.slice(2).map((hex) => ({ digest: `sha256:${hex}`, size: 10 })),
      labels: Array.from(facts.labels ?? [], ([key, values]) =>
        values.map((value, index) => ({
          key,
          value,
          origin: index === 0 ? ('config' as const) : ('annotation' as const),
        })),
      ).flat(),
    })),
  }
}
