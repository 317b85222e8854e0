import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRepositoryName } from '../oci/reference.ts'
import { diffHref, manifestHref, pathHref, sideOf } from './href.ts'
import { parseRegistryPath } from './registry-path.ts'

const digest = `sha256:${'ab'.repeat(32)}`

describe('the path below a registry', () => {
  test.each([
    [[], { kind: 'root' }],
    [['team', 'app'], { kind: 'path', path: 'team/app' }],
    [['team', 'app:1.4'], { kind: 'tag', repository: 'team/app', tag: '1.4' }],
    [['team', 'app%3A1.4'], { kind: 'tag', repository: 'team/app', tag: '1.4' }],
    [['team', `app@${digest}`], { kind: 'digest', repository: 'team/app', digest }],
    [['team', `app%40${digest.replace(':', '%3A')}`], { kind: 'digest', repository: 'team/app', digest }],
  ])('%j is %j', (segments, expected) => expect(parseRegistryPath(segments)).toEqual(expected))

  test.each([
    [['..']],
    [['team', '..', 'app']],
    [['%2e%2e', 'app']],
    [['app%00']],
    [['app%0a']],
    [['app:%0a']],
    [['Team', 'app']],
    [['app', '']],
    [['app@sha256:..%2f..%2fx']],
    [['%']],
    [['app:..']],
    [[`app:1@${digest}`]],
  ])('%j names nothing', (segments) => expect(parseRegistryPath(segments)).toBeUndefined())

  test('no text escapes the grammar', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 4 }), (segments) => {
        const parsed = parseRegistryPath(segments.map(encodeURIComponent))
        if (parsed?.kind === 'path') expect(parsed.path).toMatch(/^[a-z0-9][a-z0-9._/-]*$/)
      }),
    )
  })
})

describe('links', () => {
  const place = { registry: 'hub', repository: parseRepositoryName('team/app') }

  test('read as references', () => {
    expect(pathHref('hub', 'team/app', { sort: 'created', page: 2 })).toBe('/r/hub/team/app?sort=created&page=2')
    expect(manifestHref(place, '1.4', { platform: 'linux/arm64' })).toBe('/r/hub/team/app:1.4?platform=linux/arm64')
    expect(manifestHref(place, digest)).toBe(`/r/hub/team/app@${digest}`)
    expect(diffHref(sideOf(place, '1'), sideOf(place, digest))).toBe(`/diff?a=hub/team/app:1&b=hub/team/app@${digest}`)
  })
})
