import { describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../oci/reference.ts'
import { cpuTime } from '../testing/cpu-time.ts'
import { compileFilter, filterNamespaces, filterRepositories } from './compile-filter.ts'

const names = ['app', 'team-a/app', 'team-a/tools/app', 'team-ab/app', 'team-b/worker'].map(parseRepositoryName)

describe('filtering repositories', () => {
  it('takes a glob as the whole name: * stays in a segment, ** does not', () => {
    expect(filterRepositories(names, { glob: 'team-a/*' })).toEqual(['team-a/app'])
    expect(filterRepositories(names, { glob: 'team-a/**' })).toEqual(['team-a/app', 'team-a/tools/app'])
    expect(filterRepositories(names, { glob: '**/app' })).toEqual([
      'app',
      'team-a/app',
      'team-a/tools/app',
      'team-ab/app',
    ])
    expect(filterRepositories(names, { glob: 'team-?/*' })).toEqual(['team-a/app', 'team-b/worker'])
    expect(filterRepositories(names, { glob: 'team-a' })).toEqual([])
  })

  it('takes every other character of a glob literally', () => {
    expect(filterRepositories(names, { glob: 'team-[ab]/*' })).toEqual([])
    expect(filterRepositories(['a.b', 'a-b'].map(parseRepositoryName), { glob: 'a.b' })).toEqual(['a.b'])
  })

  it('finds a pattern anywhere in the name unless anchored', () => {
    expect(filterRepositories(names, { pattern: 'work' })).toEqual(['team-b/worker'])
    expect(filterRepositories(names, { pattern: '^(app|team-b/.*)$' })).toEqual(['app', 'team-b/worker'])
  })

  it('finds words in any order', () => {
    expect(filterRepositories(names, { words: ['app', 'team'] })).toEqual([
      'team-a/app',
      'team-a/tools/app',
      'team-ab/app',
    ])
    expect(filterRepositories(names, { words: [] })).toEqual(names)
  })

  it('ignores case in every syntax', () => {
    for (const filter of [{ words: ['WORK'] }, { glob: 'Team-B/*' }, { pattern: '^TEAM-b' }])
      expect(filterRepositories(names, filter), JSON.stringify(filter)).toEqual(['team-b/worker'])
    expect(['1.0-RC1', '1.0'].filter(compileFilter({ glob: '*-rc?' }))).toEqual(['1.0-RC1'])
    expect(['1.0-RC1', '1.0'].filter(compileFilter({ words: ['rc'] }))).toEqual(['1.0-RC1'])
  })

  it('takes linear time for patterns that hang other engines', () => {
    const long = parseRepositoryName('a'.repeat(255))
    const { took } = cpuTime(() => {
      expect(filterRepositories([long], { pattern: '^(a+)+$' })).toEqual([long])
      expect(filterRepositories([long], { pattern: '^(a|aa)+b$' })).toEqual([])
      expect(filterRepositories([long], { glob: '*a*a*a*a*a*a*a*a*b' })).toEqual([])
    })
    expect(took).toBeLessThan(1_000)
  })

  it('explains what is wrong with a filter', () => {
    for (const filter of [
      { pattern: '(' },
      { pattern: '(a)\\1' },
      { pattern: 'a'.repeat(101) },
      { glob: '*'.repeat(101) },
    ])
      expect(() => filterRepositories(names, filter)).toThrow(
        expect.objectContaining({ name: 'FormatError', code: 'pattern' }),
      )
  })

  it('lists namespaces, the missing one as an empty name', () => {
    expect(filterNamespaces(names)).toEqual(['', 'team-a', 'team-a/tools', 'team-ab', 'team-b'])
    expect(filterNamespaces(names, { glob: 'team-a*' })).toEqual(['team-a', 'team-ab'])
  })
})
