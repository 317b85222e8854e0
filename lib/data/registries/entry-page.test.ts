import { describe, expect, test } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { cpuTime } from '../../testing/cpu-time.ts'
import { entryPage } from './entry-page.ts'

const numbers = Array.from({ length: 25 }, (_, index) => `flat/part-${String(index).padStart(2, '0')}`)
const names = ['app', ...numbers, 'team-a/app', 'team-a/app/web', 'team-b/app'].sort().map(parseRepositoryName)
const paths = (typed: string, prefix = '', namesPage = 1, size = 10) =>
  entryPage(names, prefix, { names: typed, namesPage }, size).entries.map(({ name }) => name)

describe('a page of entries', () => {
  test('is the current level until something is typed', () => {
    expect(paths('')).toEqual(['app', 'flat', 'team-a', 'team-b'])
    expect(paths('', 'team-a')).toEqual(['app'])
  })

  test('takes words, a glob or a pattern, relative to the current level', () => {
    expect(paths('web')).toEqual(['team-a/app/web'])
    expect(paths('team-*')).toEqual(['team-a', 'team-b'])
    expect(paths('team-*/app')).toEqual(['team-a/app', 'team-b/app'])
    expect(paths('/^team-[ab]$/')).toEqual(['team-a', 'team-b'])
    expect(paths('/^app/', 'team-a')).toEqual(['app', 'app/web'])
    expect(paths('team', 'team-a')).toEqual([])
  })

  test('is at most a page long, and the last one beyond the end', () => {
    expect(paths('', 'flat')).toHaveLength(10)
    expect(paths('', 'flat', 3)).toEqual(['part-20', 'part-21', 'part-22', 'part-23', 'part-24'])
    for (const beyond of [4, 99]) expect(paths('', 'flat', beyond)).toEqual(paths('', 'flat', 3))
    for (const before of [0, -1]) expect(paths('', 'flat', before)).toEqual(paths('', 'flat', 1))
    expect(entryPage(names, 'flat', { names: '', namesPage: 4 }, 10)).toMatchObject({ matching: 25, page: 3 })
  })

  test('is empty, with the reason, when the filter is invalid', () => {
    const page = entryPage(names, '', { names: '/(/', namesPage: 1 }, 10)
    expect(page).toMatchObject({ matching: 0, total: 29, isFiltered: true, problem: { code: 'format.pattern' } })
  })

  test('of 20,000 repositories is filtered in well under a second', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `team-${index % 200}/service-${index}`)
      .sort()
      .map(parseRepositoryName)
    for (const typed of ['service 19', '*-19?', '/^team-1.*9$/']) {
      const { value, took } = cpuTime(() => entryPage(many, '', { names: typed, namesPage: 1 }, 240))
      expect(value.matching).toBeGreaterThan(0)
      expect(took, typed).toBeLessThan(1_000)
    }
  })
})
