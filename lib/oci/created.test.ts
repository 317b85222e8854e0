import { expect, test } from 'vitest'
import { parseImageConfig } from './config.ts'
import { createdOf } from './created.ts'
import { digestOf } from './digester.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'
import { recordedTime } from './recorded-time.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const manifest = (annotations?: object) =>
  parseManifest(
    bytes({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociEmpty, digest: digestOf('{}'), size: 2 },
      layers: [],
      annotations,
    }),
  )

test('Go’s zero time means that no time was recorded, in the config and its history', () => {
  for (const zero of ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00+00:00', '', 'yesterday', 0, null])
    expect(recordedTime(zero)).toBeUndefined()
  const created = '0001-01-01T00:00:00Z'
  const config = parseImageConfig(bytes({ created, history: [{ created, created_by: 'ko' }] }))
  expect(config.created).toBeUndefined()
  expect(config.history).toEqual([{ createdBy: 'ko', emptyLayer: false }])
})

test('1970 is a deliberate time, and is kept', () => {
  expect(parseImageConfig(bytes({ created: '1970-01-01T00:00:00Z' })).created).toBe('1970-01-01T00:00:00Z')
})

test('an artifact’s creation comes from its annotation', () => {
  const annotated = manifest({ 'org.opencontainers.image.created': '2026-01-02T03:04:05Z' })
  expect(createdOf(annotated, undefined)).toBe('2026-01-02T03:04:05Z')
  const config = parseImageConfig(bytes({ created: '2025-01-01T00:00:00Z' }))
  expect(createdOf(annotated, config)).toBe('2025-01-01T00:00:00Z')
  expect(createdOf(annotated, parseImageConfig(bytes({ created: '0001-01-01T00:00:00Z' })))).toBe(
    '2026-01-02T03:04:05Z',
  )
  expect(createdOf(manifest({ 'org.opencontainers.image.created': '0001-01-01T00:00:00Z' }), undefined)).toBeUndefined()
})
