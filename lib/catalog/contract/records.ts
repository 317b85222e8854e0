import { expect, it } from 'vitest'
import { FormatError } from '../../oci/format-error.ts'
import { parseTag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { TagRecord } from '../catalog.ts'
import type { CatalogCandidate } from './catalog-candidate.ts'
import { digest, listOf, one, record, summary, two } from './samples.ts'

export function recordsContract(candidate: () => CatalogCandidate): void {
  it('returns a summary as it was recorded, with hostile labels', async () => {
    const { catalog, place } = candidate()
    const labels = [
      { key: '__proto__', value: 'x' },
      { key: 'constructor', value: 'nul \0 escape \u001b bidi \u202e' },
      { key: 'long', value: 'ü'.repeat(1_000) },
      { key: '', value: '' },
    ]
    const full = summary('1', 'a', {
      kind: 'index',
      artifact: 'Helm chart',
      platforms: ['linux/amd64', 'linux/arm64/v8'],
      attestations: 2,
      size: 2 ** 40,
      sizePlatform: 'linux/amd64',
      created: '2026-02-01T01:02:03.456789Z',
      labels,
      labelCount: 100_000,
    })
    await catalog.recordTag(place, one, { ok: true, summary: full })
    expect((await catalog.tagRecords(place, [one])).get(one)?.value).toEqual({ ok: true, summary: full })
  })

  it('keeps what each tag last pointed at', async () => {
    const { catalog, place } = candidate()
    await catalog.recordTag(place, one, record('1', 'a'))
    await catalog.recordTag(place, two, record('2', 'a'))
    await catalog.recordTag(place, one, record('1', 'b'))
    const found = await catalog.tagsOn(place, [digest('a'), digest('b'), digest('c')])
    expect(Array.from(found, ([on, seen]) => [on, seen.map(({ value }) => value)])).toEqual([
      [digest('a'), ['2']],
      [digest('b'), ['1']],
    ])
  })

  it('takes a tag’s record for as new as its confirmation, unless the tag is on another image by now', async () => {
    const { catalog, place, clock } = candidate()
    await catalog.recordTags(place, listOf('1', '2'))
    await catalog.recordTag(place, one, record('1', 'a'))
    await catalog.recordTag(place, two, record('2', 'b'))
    await catalog.changed(place)
    clock.pass(60_000)
    await catalog.confirmTag(place, one, digest('a'))
    await catalog.confirmTag(place, two, digest('a'))
    await catalog.confirmTag(place, parseTag('3'), digest('a'))
    clock.pass(1_000)
    const found = await catalog.tagRecords(place, [one, two, parseTag('3')])
    expect(found.get(one)).toMatchObject({ value: record('1', 'a'), age: 1_000 })
    expect(found.get(two)).toMatchObject({ value: record('2', 'b'), age: Number.POSITIVE_INFINITY })
    expect(found.size).toBe(2)
  })

  it('keeps an error with its type and details', async () => {
    const { catalog, place } = candidate()
    const details = {
      status: 404,
      host: 'hub:5000',
      repository: 'team/app',
      codes: ['MANIFEST_UNKNOWN'],
      detail: 'gone',
    }
    await catalog.recordTags(place, listOf('1', '2'))
    await catalog.recordTag(place, one, { ok: false, error: new RegistryError('not-found', 'no manifest', details) })
    await catalog.recordTag(place, two, { ok: false, error: new FormatError('manifest', '{', 'a JSON object') })
    const found = await catalog.tagRecords(place, [one, two])
    const errorOf = (record: TagRecord | undefined) => (record?.ok === false ? record.error : undefined)
    const first = errorOf(found.get(one)?.value)
    expect(first).toBeInstanceOf(RegistryError)
    expect(first).toMatchObject({ kind: 'not-found', message: 'no manifest', ...details })
    const second = errorOf(found.get(two)?.value)
    expect(second).toBeInstanceOf(FormatError)
    expect(second).toMatchObject({
      code: 'manifest',
      expected: 'a JSON object',
      message: expect.stringContaining('"{"'),
    })
  })

  it('keeps the problem of an incomplete summary', async () => {
    const { catalog, place } = candidate()
    const problem = new RegistryError('digest-mismatch', 'the config is damaged', { expected: 'a', found: 'b' })
    await catalog.recordTag(place, one, record('1', 'a', { problem }))
    const found = (await catalog.tagRecords(place, [one])).get(one)?.value
    expect(found?.ok && found.summary.problem).toBeInstanceOf(RegistryError)
    expect(found?.ok && found.summary.problem).toMatchObject({ kind: 'digest-mismatch', expected: 'a', found: 'b' })
  })

  it('lists tags without a record, by name and in pages', async () => {
    const { catalog, place, other } = candidate()
    await catalog.recordTags(place, listOf('3', '10', '2', '1'))
    await catalog.recordTag(place, two, record('2', 'a'))
    expect(await catalog.unknownTags(place, undefined, 2)).toEqual(['1', '10'])
    expect(await catalog.unknownTags(place, parseTag('10'), 2)).toEqual(['3'])
    expect(await catalog.unknownTags(other, undefined, 2)).toEqual([])
  })

  it('keeps counts of referrers by subject', async () => {
    const { catalog, place, other } = candidate()
    const counts = { signature: 2, attestation: 1, sbom: 0, artifact: 3 }
    await catalog.recordReferrerCounts(place, 'sha256:a child', counts)
    expect((await catalog.referrerCounts(place, 'sha256:a child'))?.value).toEqual(counts)
    expect(await catalog.referrerCounts(place, 'sha256:a')).toBeUndefined()
    expect(await catalog.referrerCounts(other, 'sha256:a child')).toBeUndefined()
  })
}
