import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpuTime } from '../testing/cpu-time.ts'
import { compileGlob, matchesGlob } from './glob.ts'
import { compileGlobSet } from './glob-set.ts'
import { selectByGlobs } from './select-by-globs.ts'

describe('matchesGlob', () => {
  it.each([
    ['team-a', 'team-a', true],
    ['team-a', 'team-ab', false],
    ['team-a', 'x/team-a', false],
    ['team-a/*', 'team-a/app', true],
    ['team-a/*', 'team-ab/app', false],
    ['team-a/*', 'team-a/app/web', false],
    ['team-a/*', 'team-a', false],
    ['team-a/**', 'team-a/app/web', true],
    ['team-a/**', 'team-a', false],
    ['team-a/**', 'team-ab/app', false],
    ['team-*', 'team-a', true],
    ['team-*', 'team-a/app', false],
    ['team-*/app', 'team-a/app', true],
    ['**', 'a/b/c', true],
    ['*', 'a/b', false],
    ['**/app', 'app', true],
    ['**/app', 'a/b/app', true],
    ['**/app', 'a/myapp', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'ab', false],
    ['a**/b', 'a/b', true],
    ['a**/b', 'ab', false],
    ['team.a', 'team-a', false],
    ['', '', true],
    ['', 'a', false],
  ])('%s and %s: %s', (pattern, name, expected) => expect(matchesGlob(pattern, name)).toBe(expected))

  const name = fc
    .array(fc.stringMatching(/^[a-z0-9-]{1,5}$/), { minLength: 1, maxLength: 4 })
    .map((segments) => segments.join('/'))

  it('matches a name without stars only with itself', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(matchesGlob(a, b)).toBe(a === b)
        expect(matchesGlob(a, a)).toBe(true)
      }),
    )
  })

  it('agrees with the equivalent regular expression', () => {
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '😀', '/', '?', '*', '**', '**/', 'ab'.repeat(20)), { maxLength: 8 })
      .map((parts) => parts.join(''))
    const text = fc
      .array(fc.constantFrom('a', 'b', '😀', '/', 'ab'.repeat(20)), { maxLength: 8 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(pattern, text, (glob, subject) => {
        const source = glob.replace(/(^|(?<=\/))\*\*\/|\*\*|\*|\?/g, (wild, start) => {
          if (wild === '**/' && start !== undefined) return '(?:.*/)?'
          return wild.startsWith('**') ? '.*' : wild === '*' ? '[^/]*' : '[^/]'
        })
        expect(matchesGlob(glob, subject)).toBe(new RegExp(`^${source}$`, 'su').test(subject))
      }),
      { numRuns: 5000 },
    )
  })

  it('stays fast on patterns that make regular expressions explode', () => {
    const { took } = cpuTime(() => expect(matchesGlob(`${'*a'.repeat(100)}!`, 'a'.repeat(255))).toBe(false))
    expect(took).toBeLessThan(200)
  })

  it('folds repeated stars, which mean the same as one', () => {
    const glob = compileGlob(`${'**/'.repeat(30)}z`)
    const names = Array.from({ length: 100_000 }, (_, serial) => `team-${serial % 100}/service/component-${serial}`)
    expect(glob.matches('a/b/z')).toBe(true)
    expect(quickestOf(3, () => names.filter(glob.matches))).toBeLessThan(100)
  })
})

describe('selectByGlobs', () => {
  const words = fc.constantFrom('a', 'ab', 'b', 'team-a', 'app')
  const names = fc.uniqueArray(fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')))
  const glob = fc
    .array(fc.constantFrom('a', 'b', 'team-', '/', '?', '*', '**', '**/'), { maxLength: 5 })
    .map((parts) => parts.join(''))

  it('selects what any of the globs matches, in order', () => {
    fc.assert(
      fc.property(names, fc.array(glob, { maxLength: 4 }), (unsorted, globs) => {
        const sorted = unsorted.toSorted((a, b) => (a < b ? -1 : 1))
        expect(selectByGlobs(sorted, globs)).toEqual(
          sorted.filter((name) => globs.some((pattern) => matchesGlob(pattern, name))),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('filters 100,000 names by 50 globs in a few milliseconds', () => {
    const sorted = Array.from({ length: 100_000 }, (_, i) => `team-${i % 200}/service-${i}`).sort()
    const globs = Array.from({ length: 50 }, (_, i) => `team-${i}/**`)
    expect(selectByGlobs(sorted, globs)).toHaveLength(25_000)
    expect(quickestOf(5, () => selectByGlobs(sorted, globs))).toBeLessThan(20)
  })
})

describe('compileGlobSet', () => {
  it('looks at each name once, whatever the number of globs', () => {
    const sorted = Array.from({ length: 20_000 }, (_, i) => `team-${i % 200}/service-${i % 300}/x`).sort()
    const globs = (count: number) => Array.from({ length: count }, (_, i) => `*/service-${i}/*`)
    const one = quickestOf(5, () => selectByGlobs(sorted, globs(1)))
    expect(quickestOf(5, () => selectByGlobs(sorted, globs(50)))).toBeLessThan(10 * one + 10)
  })

  it('declines other characters, and patterns with too many states', () => {
    const matches = compileGlobSet(['*/app', '**b'])
    expect([matches('team/app'), matches('team/äpp'), matches('team/ab'), matches('team/x')]).toEqual([
      true,
      undefined,
      true,
      false,
    ])
    const endless = compileGlobSet(Array.from({ length: 12 }, (_, i) => `**a${'?'.repeat(i)}a${'?'.repeat(i)}a*`))
    const letters = (i: number) => i.toString(2).padStart(16, '0').replaceAll('0', 'a').replaceAll('1', 'b')
    const answers = Array.from({ length: 60_000 }, (_, i) => endless(letters((i * 7919) % 65_536)))
    expect(answers.at(-1)).toBeUndefined()
  })
})

/** Milliseconds of the quickest of several runs: what the work takes, whatever else the machine does. */
function quickestOf(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return Math.min(...times)
}
