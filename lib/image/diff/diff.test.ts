import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseImageConfig } from '../../oci/config.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { cpuTime } from '../../testing/cpu-time.ts'
import { diffImages } from './diff.ts'
import type { ImageSide } from './image-side.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

interface Step {
  readonly command?: string
  /** Names the layer's content; absent for an empty step. */
  readonly layer?: string
}

interface Recipe {
  readonly steps: readonly Step[]
  readonly config?: Record<string, unknown>
  readonly annotations?: Record<string, string>
}

function image({ steps, config = {}, annotations = {} }: Recipe): ImageSide {
  const layers = steps.flatMap(({ layer }) =>
    layer === undefined ? [] : [{ mediaType: MEDIA_TYPE.ociLayer, digest: digestOf(layer), size: 10 + layer.length }],
  )
  const history = steps.map((step) => ({ created_by: step.command, empty_layer: step.layer === undefined }))
  return {
    manifest: parseManifest(
      bytes({
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.ociManifest,
        config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(JSON.stringify(config)), size: 1 },
        layers,
        annotations,
      }),
    ),
    config: parseImageConfig(bytes({ os: 'linux', architecture: 'amd64', config, history })),
  }
}

const rows = (before: readonly Step[], after: readonly Step[]) =>
  diffImages(image({ steps: before }), image({ steps: after })).rows.map(
    (row) => `${row.state} ${row.before?.createdBy ?? '-'} ${row.after?.createdBy ?? '-'}`,
  )

test('a rebuilt step is replaced between shared ones, and an added command is shown in its place', () => {
  const before = [
    { command: 'FROM', layer: 'base' },
    { command: 'ENV a' },
    { command: 'RUN', layer: 'run1' },
    { command: 'CMD' },
  ]
  const after = [
    { command: 'FROM', layer: 'base' },
    { command: 'ENV a' },
    { command: 'COPY', layer: 'copy' },
    { command: 'RUN', layer: 'run2' },
    { command: 'CMD' },
  ]
  expect(rows(before, after)).toEqual([
    'shared FROM FROM',
    'shared ENV a ENV a',
    'added - COPY',
    'replaced RUN RUN',
    'shared CMD CMD',
  ])
})

test('the same layer is shared whatever command claims to have made it', () => {
  const empties = [{ command: 'A' }, { command: 'B' }, { command: 'C' }]
  expect(rows([{ command: 'X', layer: 'same' }, ...empties], [...empties, { command: 'Y', layer: 'same' }])).toContain(
    'shared X Y',
  )
})

test('a file copied by the classic builder is replaced although its checksum is part of the command', () => {
  const copy = (file: string) => ({
    command: `/bin/sh -c #(nop) COPY file:${digestOf(file).slice(7)} in /app`,
    layer: file,
  })
  expect(diffImages(image({ steps: [copy('a')] }), image({ steps: [copy('b')] })).rows).toMatchObject([
    { state: 'replaced', before: { digest: digestOf('a') }, after: { digest: digestOf('b') } },
  ])
})

test('sizes count a repeated layer once', () => {
  const before = image({ steps: [{ layer: 'same' }, { layer: 'old' }, { layer: 'same' }] })
  const after = image({ steps: [{ layer: 'same' }, { layer: 'brandnew' }] })
  expect(diffImages(before, after).totals).toEqual({
    beforeBytes: 14 + 13,
    afterBytes: 14 + 18,
    sharedBytes: 14,
    addedBytes: 18,
    removedBytes: 13,
    unknownSizes: 0,
  })
})

test('fields, environment and labels report what was added, removed and changed', () => {
  const before = image({
    steps: [],
    config: {
      Env: ['A=1', 'B=2', 'GONE=', 'B=last=wins'],
      User: 'root',
      Cmd: ['a'],
      ExposedPorts: { '80/tcp': {}, '443/tcp': {} },
      Labels: { version: '1', __proto: 'x' },
    },
    annotations: { version: 'annotated' },
  })
  const after = image({
    steps: [],
    config: {
      Env: ['B=2', 'A=1', 'NEW=n'],
      Cmd: ['b'],
      WorkingDir: '/srv',
      ExposedPorts: { '443/tcp': {}, '80/tcp': {} },
      Labels: { version: '2', __proto: 'x' },
    },
    annotations: { version: 'annotated' },
  })
  const diff = diffImages(before, after)
  expect(diff.env).toEqual([
    { name: 'A', before: '1', after: '1', state: 'same' },
    { name: 'B', before: 'last=wins', after: '2', state: 'changed' },
    { name: 'GONE', before: '', state: 'removed' },
    { name: 'NEW', after: 'n', state: 'added' },
  ])
  expect(diff.labels).toEqual([
    { name: 'version', before: '1', after: '2', state: 'changed', origin: 'config' },
    { name: '__proto', before: 'x', after: 'x', state: 'same', origin: 'config' },
    { name: 'version', before: 'annotated', after: 'annotated', state: 'same', origin: 'annotation' },
  ])
  const fields = Object.fromEntries(diff.fields.map((field) => [field.name, field]))
  expect(fields.user).toEqual({ name: 'user', before: 'root', state: 'removed' })
  expect(fields.cmd).toEqual({ name: 'cmd', before: ['a'], after: ['b'], state: 'changed' })
  expect(fields.workingDir).toEqual({ name: 'workingDir', after: '/srv', state: 'added' })
  expect(fields.exposedPorts?.state).toBe('same')
  expect(fields.shell).toBeUndefined()
})

test('schema 1 compares with its embedded config, and its unknown sizes aren’t added up', () => {
  const schema1 = parseManifest(
    bytes({
      schemaVersion: 1,
      fsLayers: [{ blobSum: digestOf('base') }],
      history: [{ v1Compatibility: '{"config":{"Env":["A=1"]}}' }],
    }),
  )
  const diff = diffImages({ manifest: schema1 }, image({ steps: [{ layer: 'base' }], config: { Env: ['A=2'] } }))
  expect(diff.env).toEqual([{ name: 'A', before: '1', after: '2', state: 'changed' }])
  expect(diff.rows.map((row) => row.state)).toEqual(['shared'])
  expect(diff.totals).toMatchObject({ beforeBytes: 0, afterBytes: 14, unknownSizes: 0 })
})

const step = fc.record(
  { command: fc.constantFrom('A', 'B', 'C'), layer: fc.constantFrom('l1', 'l2', 'l3', 'l4') },
  { requiredKeys: [] },
)
const words = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom('', 'x', 'y'))
const anyImage = fc
  .record({ steps: fc.array(step, { maxLength: 8 }), config: fc.record({ Labels: words }), annotations: words })
  .map(image)

test('an image doesn’t differ from itself', () => {
  fc.assert(
    fc.property(anyImage, (side) => {
      const diff = diffImages(side, side)
      expect(new Set([...diff.fields, ...diff.env, ...diff.labels].map((c) => c.state))).toEqual(new Set(['same']))
      expect(diff.rows.every((row) => row.state === 'shared')).toBe(true)
      expect(diff.totals).toMatchObject({ addedBytes: 0, removedBytes: 0, sharedBytes: diff.totals.beforeBytes })
    }),
  )
})

test('swapping the sides swaps added and removed', () => {
  const mirror = {
    added: 'removed',
    removed: 'added',
    shared: 'shared',
    replaced: 'replaced',
    same: 'same',
    changed: 'changed',
  }
  const flip = <T extends { state: keyof typeof mirror; before?: unknown; after?: unknown }>(c: T) => {
    const { before, after, ...rest } = c
    const sides = { ...(after !== undefined && { before: after }), ...(before !== undefined && { after: before }) }
    return { ...sides, ...rest, state: mirror[c.state] }
  }
  const sorted = (values: readonly object[]) =>
    values.map((value) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
  fc.assert(
    fc.property(anyImage, anyImage, (a, b) => {
      const [there, back] = [diffImages(a, b), diffImages(b, a)]
      expect(sorted(back.rows.map(flip))).toEqual(sorted(there.rows))
      expect(sorted(back.labels.map(flip))).toEqual(sorted(there.labels))
      expect(back.totals.addedBytes).toBe(there.totals.removedBytes)
    }),
  )
})

test('every step of both sides is in exactly one row, in order', () => {
  fc.assert(
    fc.property(anyImage, anyImage, (a, b) => {
      const diff = diffImages(a, b)
      const sides = [diff.rows.map((row) => row.before), diff.rows.map((row) => row.after)]
      for (const [n, side] of [a, b].entries()) {
        const layers = side.manifest.kind === 'oci-image' ? side.manifest.layers.map((layer) => layer.digest) : []
        expect(sides[n]?.flatMap((cell) => cell?.digest ?? [])).toEqual(layers)
      }
    }),
  )
})

test('compares 5,000 labels and 500 layers in a moment', () => {
  const big = (salt: string) =>
    image({
      steps: Array.from({ length: 500 }, (_, n) => ({ command: `RUN ${n}`, layer: n % 2 ? `${n}` : `${salt}${n}` })),
      config: { Labels: Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`label.${n}`, `${salt}${n % 3}`])) },
    })
  const [a, b] = [big('a'), big('b')]
  const { value: diff, took } = cpuTime(() => diffImages(a, b))
  expect(took).toBeLessThan(5_000)
  expect(diff.labels.length).toBe(5000)
  expect(diff.rows.filter((row) => row.state === 'replaced').length).toBe(250)
})
