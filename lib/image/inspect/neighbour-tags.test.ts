import { describe, expect, it } from 'vitest'
import type { Tag } from '../../oci/reference.ts'
import { neighbourTags } from './neighbour-tags.ts'

const tags = (...names: string[]) => names as Tag[]
const tag = (name: string) => name as Tag
const known = (entries: Record<string, { digest: string; created?: string }>) =>
  new Map(Object.entries(entries)) as never

describe('a version', () => {
  const all = tags('1', '1.4', '1.10.0', '1.4.2', '1.4.1', '1.4.1-alpine', '1.4.2-alpine', 'latest', '1.3')

  it('is between versions of the same form', () => {
    expect(neighbourTags(tag('1.4.2'), all, new Map())).toEqual({ previous: '1.4.1', next: '1.10.0' })
    expect(neighbourTags(tag('1.4.2-alpine'), all, new Map())).toEqual({ previous: '1.4.1-alpine' })
    expect(neighbourTags(tag('1.4'), all, new Map())).toEqual({ previous: '1.3' })
  })

  it('has no neighbour if it is the only one of its form', () => {
    expect(neighbourTags(tag('1'), all, new Map())).toEqual({})
  })
})

describe('any other tag', () => {
  it('has the neighbours of the version that it points at', () => {
    const state = known({ latest: { digest: 'b' }, '1.4.2': { digest: 'b' }, '1.4': { digest: 'b' } })
    expect(neighbourTags(tag('latest'), tags('latest', '1.4.1', '1.4.2', '1.4'), state)).toEqual({ previous: '1.4.1' })
  })

  it('is ordered by creation, ignoring its own digest', () => {
    const state = known({
      main: { digest: 'c', created: '2026-03-01T00:00:00Z' },
      copy: { digest: 'c', created: '2026-03-01T00:00:00Z' },
      older: { digest: 'a', created: '2026-01-01T00:00:00Z' },
      old: { digest: 'b', created: '2026-02-01T00:00:00Z' },
    })
    expect(neighbourTags(tag('main'), tags('main', 'copy', 'older', 'old', 'undated'), state)).toEqual({
      previous: 'old',
    })
  })

  it('has none while its creation is unknown', () => {
    expect(neighbourTags(tag('main'), tags('main', 'old'), new Map())).toEqual({})
  })
})
