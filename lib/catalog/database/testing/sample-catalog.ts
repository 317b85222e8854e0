import type { ImageFacts } from '../../../filter/evaluate-query.ts'
import type { ImageType } from '../../../filter/query.ts'
import type { Place } from '../../../oci/place.ts'
import { parseRepositoryName } from '../../../oci/reference.ts'

export const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000

type SampleImage = ImageFacts & Required<Pick<ImageFacts, 'digests'>>

export interface SampleTag extends Place {
  readonly tag: string
  readonly digest: string
  readonly type: ImageType
  readonly images: readonly SampleImage[]
  /** What somebody added in this repository, to the manifest or to one of its images. */
  readonly added?: readonly { readonly digest: string; readonly key: string; readonly value: string }[]
}

const TAGS = ['1.0', '1.1', '1.1-rc1', '2.0', 'latest', 'v1_x', 'LATEST-2']
const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/arm64/v8', 'windows/amd64', undefined]
const TEAMS = [undefined, 'quay', 'harbour', 'Quay', 'mole']

/** Tags with everything that a query can ask for, in all mixtures, some of it unknown. */
export const sampleTags: readonly SampleTag[] = [
  'hub/team-a/api',
  'hub/team-a/web',
  'hub/team-b/web',
  'hub/api',
  'edge/team-a/api',
]
  .flatMap((path) =>
    TAGS.map((tag) => ({
      registry: path.slice(0, path.indexOf('/')),
      repository: parseRepositoryName(path.slice(path.indexOf('/') + 1)),
      tag,
    })),
  )
  .map((place, serial) => sampleTag(place, serial))

function sampleTag(place: Place & Pick<SampleTag, 'tag'>, serial: number): SampleTag {
  // Tags share manifests now and then.
  const content = serial % 11 === 10 ? serial - 10 : serial
  const type = (['image', 'index', 'helm', 'index'] as const)[content % 4] as ImageType
  const top = hex(content)
  const count = type === 'index' ? 1 + (content % 3) : 1
  // The actor is the one whose change made the move known.
  const moved = serial % 3 === 0 ? undefined : NOW - ((serial * 13) % 400) * DAY
  const images = Array.from({ length: count }, (_, position): SampleImage => {
    const variety = content * 3 + position
    const team = TEAMS[variety % TEAMS.length]
    const version = variety % 2 === 0 ? [`1.${variety}`] : undefined
    const platform = PLATFORMS[variety % PLATFORMS.length]
    const labels = new Map<string, readonly string[]>()
    if (team !== undefined) labels.set('team', variety % 7 === 0 ? [team, 'mole2'] : [team])
    if (version) labels.set('version', version)
    if (variety % 4 === 1) labels.set('licenses', ['MIT'])
    return {
      ...place,
      type,
      labels,
      has: content % 3 === 0 ? {} : { signature: content % 3 === 1, sbom: content % 5 === 0, provenance: false },
      digests: [top, type === 'index' ? hex(1_000 + variety) : top, hex(5_000 + variety), hex(9_000 + (variety % 5))],
      ...(platform !== undefined && { platform }),
      ...(content % 5 !== 0 && { created: NOW - ((variety * 17) % 400) * DAY }),
      ...(moved !== undefined && { moved }),
      ...(content % 6 !== 0 && { size: variety * 20 }),
      ...(content % 9 !== 0 && { layers: variety % 12 }),
    }
  })
  const added =
    serial % 4 === 2
      ? [
          { digest: `sha256:${top}`, key: 'reviewed', value: serial % 8 === 2 ? 'yes' : 'no' },
          { digest: `sha256:${images.at(-1)?.digests[1]}`, key: 'team', value: 'quay' },
        ]
      : []
  return { ...place, digest: `sha256:${top}`, type, images, added }
}

/** What a query is asked of, with the labels that were added: to its manifest anywhere in the repository. */
export function searchedImages(tag: SampleTag): readonly SampleImage[] {
  const added = sampleTags
    .filter(({ registry, repository }) => registry === tag.registry && repository === tag.repository)
    .flatMap((other) => other.added ?? [])
  return tag.images.map((facts) => {
    const labels = new Map(facts.labels)
    for (const { digest, key, value } of added)
      if (digest === tag.digest || digest === `sha256:${facts.digests[1]}`)
        labels.set(key, [...new Set([...(labels.get(key) ?? []), value])])
    return { ...facts, labels }
  })
}

function hex(number: number): string {
  return number.toString(16).padStart(6, '0').padEnd(64, '7')
}
