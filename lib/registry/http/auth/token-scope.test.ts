import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTokenScope, mergeScopes, parseTokenScope, scopeKey, splitScopes, widenScopes } from './token-scope.ts'

const action = fc.constantFrom('pull', 'push', 'delete', '*')
const actions = fc.uniqueArray(action, { minLength: 1 })
const resource = fc.constantFrom('repository:a', 'repository:a/b', 'repository:localhost:5000/a', 'registry:catalog')
const scope = fc.record({ resource, actions }).map(formatTokenScope)
const scopes = fc.array(scope, { maxLength: 6 })

describe('a scope', () => {
  it('keeps the port of a host in its resource', () => {
    expect(parseTokenScope('repository:host:5000/a/b:pull,push')).toEqual({
      resource: 'repository:host:5000/a/b',
      actions: ['pull', 'push'],
    })
  })

  it.each(['', 'repository', 'repository:a', ':a:pull', 'repository:a:', 'repository:a:,'])('is not %j', (text) => {
    expect(parseTokenScope(text)).toBeUndefined()
  })

  it('parses what it prints', () => {
    fc.assert(
      fc.property(resource, actions, (r, a) => {
        expect(parseTokenScope(formatTokenScope({ resource: r, actions: a }))).toEqual({ resource: r, actions: a })
      }),
    )
  })
})

describe('merging', () => {
  it('merges actions of one resource, keeping the first named in front', () => {
    expect(mergeScopes(['repository:b:push', 'repository:a:pull'], ['repository:b:pull'])).toEqual([
      'repository:b:pull,push',
      'repository:a:pull',
    ])
  })

  it('lets * absorb the rest', () => {
    expect(mergeScopes(['repository:a:pull', 'repository:a:*'])).toEqual(['repository:a:*'])
  })

  it('is idempotent, and order doesn’t change the key', () => {
    fc.assert(
      fc.property(scopes, scopes, (a, b) => {
        const merged = mergeScopes(a, b)
        expect(mergeScopes(merged)).toEqual(merged)
        expect(scopeKey(mergeScopes(b, a))).toBe(scopeKey(merged))
        expect(splitScopes(merged.join(' '))).toEqual(merged)
      }),
    )
  })

  it('keeps every action, or has *', () => {
    fc.assert(
      fc.property(scopes, (list) => {
        const merged = new Map(
          mergeScopes(list).flatMap((text) =>
            [parseTokenScope(text)].flatMap((s) => (s ? [[s.resource, s.actions]] : [])),
          ),
        )
        for (const text of list) {
          const one = parseTokenScope(text)
          const have = merged.get(one?.resource ?? '') ?? []
          for (const wanted of one?.actions ?? []) expect(have.includes(wanted) || have.includes('*')).toBe(true)
        }
      }),
    )
  })

  it('widens each resource to everything', () => {
    expect(widenScopes(['repository:host:1/a:delete'])).toEqual(['repository:host:1/a:*'])
  })
})
