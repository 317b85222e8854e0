import { expect, it } from 'vitest'
import { mapConcurrent } from '../concurrent.ts'
import { collect } from '../listing.ts'
import type { Candidate } from './candidate.ts'
import { imageFor, rejection, tag, tagNames } from './samples.ts'

export function listingContract(candidate: () => Candidate): void {
  it('answers a ping and reports its capabilities with evidence', async () => {
    const { registry } = candidate()
    await registry.ping()
    const { catalog } = await registry.capabilities()
    expect(catalog.state).toBe('yes')
    expect(catalog.evidence).not.toBe('')
    expect(registry.name).not.toBe('')
    expect(registry.location).not.toBe('')
  })

  it('lists a repository exactly once when it has an image, in a listing marked complete', async () => {
    const { registry, fresh } = candidate()
    const [first, second] = [fresh(), fresh()]
    for (const repository of [first, second]) await repository.putManifest(tag('1'), await imageFor(repository))
    const { items, end } = await collect(registry.repositories())
    expect(end).toEqual({ complete: true })
    expect(items).toEqual(expect.arrayContaining([first.name, second.name]))
    expect(new Set(items).size).toBe(items.length)
  })

  it('lists no tags for a repository that doesn’t exist', async () => {
    expect(await tagNames(candidate().fresh())).toEqual([])
  })

  it('lists no tags for a repository whose only manifest was deleted', async ({ skip }) => {
    const { features, fresh } = candidate()
    skip(features.deletes === 'off', 'the manifest cannot go')
    const repository = fresh()
    const image = await imageFor(repository)
    const { digest } = await repository.putManifest(tag('1'), image)
    await repository.deleteManifest(digest, { expectTags: [tag('1')] })
    expect(await tagNames(repository)).toEqual([])
  })

  it('lists each of many tags once', async () => {
    const repository = candidate().fresh()
    const image = await imageFor(repository)
    const names = Array.from({ length: 120 }, (_, index) => tag(`v${index}`))
    await mapConcurrent(names, (name) => repository.putManifest(name, image), { limit: 4 })
    expect(await tagNames(repository)).toEqual(names.toSorted())
  })

  it('keeps the repositories of one namespace apart, even nested ones', async () => {
    const { registry, fresh } = candidate()
    const outer = fresh()
    const inner = registry.repository(`${outer.name}/inner` as typeof outer.name)
    await outer.putManifest(tag('outer'), await imageFor(outer))
    await inner.putManifest(tag('inner'), await imageFor(inner))
    expect([await tagNames(outer), await tagNames(inner)]).toEqual([['outer'], ['inner']])
    const { items } = await collect(registry.repositories())
    expect(items).toEqual(expect.arrayContaining([outer.name, inner.name]))
  })

  it('stops at once when the caller has aborted', async () => {
    const { registry, fresh } = candidate()
    const repository = fresh()
    const signal = AbortSignal.abort()
    const { digest } = await repository.putManifest(tag('1'), await imageFor(repository))
    const calls = [
      () => collect(registry.repositories({ signal })),
      () => collect(repository.tags({ signal })),
      () => repository.resolve(tag('1'), { signal }),
      () => repository.manifest(digest, { signal }),
      () => repository.blob(digest, { signal }),
      () => repository.putBlob(Buffer.from('never'), { signal }),
    ]
    for (const call of calls) expect(await rejection(call())).toMatchObject({ name: 'AbortError' })
  })
}
