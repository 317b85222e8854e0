import { type Digest, parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../oci/reference.ts'
import type { TagList, TagQuery, TagRecord } from '../catalog.ts'
import type { RowSummary } from '../row-summary.ts'

export const names = (...all: string[]): RepositoryName[] => all.map(parseRepositoryName)
export const tags = (...all: string[]): Tag[] => all.map(parseTag)
export const listOf = (...all: string[]): TagList => ({ tags: tags(...all), folded: [] })
export const [one, two] = [parseTag('1'), parseTag('2')]

/** @param fill a hex digit */
export const digest = (fill: string): Digest => parseDigest(`sha256:${fill.repeat(64)}`)

export function summary(tag: string, on: string, given: Partial<RowSummary> = {}): RowSummary {
  return {
    tag: parseTag(tag),
    digest: digest(on),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    kind: 'oci-image',
    platforms: ['linux/amd64'],
    attestations: 0,
    labels: [],
    labelCount: 0,
    manifestBytes: 512,
    ...given,
  }
}

export const record = (tag: string, on: string, given: Partial<RowSummary> = {}): TagRecord => ({
  ok: true,
  summary: summary(tag, on, given),
})

export const query = (given: Partial<TagQuery> = {}): TagQuery => ({
  sort: 'version',
  direction: 'desc',
  offset: 0,
  limit: 100,
  ...given,
})
