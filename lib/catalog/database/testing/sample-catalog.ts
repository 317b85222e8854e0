import type { ImageFacts } from '../../../filter/evaluate-query.ts'
import type { ImageType } from '../../../filter/query.ts'

export const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000

export interface SampleTag {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly type: ImageType
  readonly images: readonly ImageFacts[]
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
      repository: path.slice(path.indexOf('/') + 1),
      tag,
    })),
  )
  .map((place, serial) => sampleTag(place, serial))

function sampleTag(place: Pick<SampleTag, 'registry' | 'repository' | 'tag'>, serial: number): SampleTag {
  // Tags share manifests now and then.
  const content = serial % 11 === 10 ? serial - 10 : serial
  const type = (['image', 'index', 'helm', 'index'] as const)[content % 4] as ImageType
  const top = hex(content)
  const count = type === 'index' ? 1 + (content % 3) : 1
  // The actor is the one whose change made the move known.
  const moved = serial % 3 === 0 ? undefined : NOW - ((serial * 13) % 400) * DAY
  const images = Array.from({ length: count }, (_, position): ImageFacts => {
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
      has: content % 3 === 0 ? {} : { signature: content % 3 === 1 },
      digests: [top, type === 'index' ? hex(1_000 + variety) : top, hex(5_000 + variety), hex(9_000 + (variety % 5))],
      ...(platform !== undefined && { platform }),
      ...(content % 5 !== 0 && { created: NOW - ((variety * 17) % 400) * DAY }),
      ...(moved !== undefined && { moved }),
      ...(content % 6 !== 0 && { size: variety * 20 }),
      ...(content % 9 !== 0 && { layers: variety % 12 }),
    }
  })
  return { ...place, digest: `sha256:${top}`, type, images }
}

function hex(number: number): string {
  return number.toString(16).padStart(6, '0').padEnd(64, '7')
}
