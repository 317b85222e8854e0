import { expect, it } from 'vitest'
import { filterLabels, labelRows } from './label-rows.ts'
import type { ManifestView } from './manifest-view.ts'

function manifest(labels: Record<string, string>, more: Partial<ManifestView> = {}): ManifestView {
  return {
    digest: 'sha256:a',
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    kind: 'oci-image',
    artifact: { kind: 'image', title: 'Image' },
    isChart: false,
    bytes: 1,
    labels: Object.entries(labels).map(([key, value]) => ({ key, value, origin: 'config' })),
    annotations: [],
    steps: [],
    ...more,
  }
}

it('sorts by key and names the origin of each row', () => {
  const index = manifest({}, { kind: 'index', annotations: [['b', 'of the index']] })
  const rows = labelRows(manifest({ c: '1', a: '2' }), { index })
  expect(rows.map(({ key, origin }) => [key, origin])).toEqual([
    ['a', 'config label'],
    ['b', 'index annotation'],
    ['c', 'config label'],
  ])
})

it('marks labels that other platforms set differently, or not at all', () => {
  const siblings = [
    { platform: 'linux/arm64', manifest: manifest({ team: 'harbour', licenses: 'MIT' }) },
    { platform: 'linux/s390x', manifest: manifest({ team: 'quay' }) },
  ]
  const [licenses, team] = labelRows(manifest({ team: 'quay', licenses: 'MIT' }), { siblings })
  expect(team?.elsewhere).toEqual([{ platform: 'linux/arm64', value: 'harbour' }])
  expect(licenses?.elsewhere).toEqual([{ platform: 'linux/s390x' }])
})

it('gives equal keys of different layers different ids', () => {
  const layer = (index: number) => ({
    layer: { index, digest: `sha256:${index}`, mediaType: 'x', annotations: [['title', 'a.txt']] as const, urls: [] },
  })
  const ids = labelRows(manifest({}, { steps: [layer(0), layer(1)] })).map(({ id }) => id)
  expect(new Set(ids).size).toBe(2)
})

it('filters by words in key and value, whatever their case', () => {
  const rows = labelRows(manifest({ 'org.example.Team': 'Quay', other: 'x' }))
  expect(filterLabels(rows, 'TEAM=qu').map(({ key }) => key)).toEqual(['org.example.Team'])
  expect(filterLabels(rows, 'team zzz')).toEqual([])
  expect(filterLabels(rows, '  ')).toHaveLength(2)
})
