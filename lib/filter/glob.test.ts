import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesGlob } from './glob.ts'

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

  it('agrees with the regular expression that says the same', () => {
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '/', '?', '*', '**', '**/'), { maxLength: 6 })
      .map((parts) => parts.join(''))
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(pattern, text, (glob, subject) => {
        const source = glob.replace(/(^|(?<=\/))\*\*\/|\*\*|\*|\?/g, (wild, start) => {
          if (wild === '**/' && start !== undefined) return '(?:.*/)?'
          return wild.startsWith('**') ? '.*' : wild === '*' ? '[^/]*' : '[^/]'
        })
        expect(matchesGlob(glob, subject)).toBe(new RegExp(`^${source}$`, 's').test(subject))
      }),
      { numRuns: 2000 },
    )
  })

  it('stays quick on patterns that make regular expressions explode', () => {
    const started = performance.now()
    expect(matchesGlob(`${'*a'.repeat(100)}!`, 'a'.repeat(255))).toBe(false)
    expect(performance.now() - started).toBeLessThan(200)
  })
})
