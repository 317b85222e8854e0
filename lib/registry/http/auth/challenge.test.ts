import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cpuTime } from '../../../testing/cpu-time.ts'
import { parseChallenges } from './challenge.ts'

const read = (header: string | string[] | undefined) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

it.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    [
      [
        'bearer',
        { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull,push' },
      ],
    ],
  ],
  ['basic realm=zot', [['basic', { realm: 'zot' }]]],
  ['BEARER Realm = https://a/token , Service=x', [['bearer', { realm: 'https://a/token', service: 'x' }]]],
  [
    'Negotiate, Basic realm="a, b"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'a, b' }],
    ],
  ],
  ['Basic realm="say \\"hi\\"",charset=UTF-8', [['basic', { realm: 'say "hi"', charset: 'UTF-8' }]]],
  ['Bearer realm="unclosed', [['bearer', { realm: 'unclosed' }]]],
  ['', []],
  ['=,"', []],
  [undefined, []],
])('reads %j', (header, expected) => {
  expect(read(header)).toEqual(expected)
})

it('reads several headers', () => {
  expect(read(['Negotiate', 'Bearer realm="r"'])).toEqual([
    ['negotiate', {}],
    ['bearer', { realm: 'r' }],
  ])
})

it('takes a parameter named __proto__ for a parameter', () => {
  expect(parseChallenges('Bearer __proto__=x')[0]?.parameters.get('__proto__')).toBe('x')
})

it('restores every quoted value, whatever it contains', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ09 ,="\\:/?&\t-'.split('')) })
  fc.assert(
    fc.property(text, text, (realm, service) => {
      const quote = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`
      expect(read(`Bearer realm=${quote(realm)},service=${quote(service)}, Basic realm=x`)).toEqual([
        ['bearer', { realm, service }],
        ['basic', { realm: 'x' }],
      ])
    }),
  )
})

it('never throws, and is fast on long garbage', () => {
  fc.assert(fc.property(fc.string(), (header) => void parseChallenges(header)))
  const { took } = cpuTime(() => {
    for (const part of ['"', 'a', 'a=', '\\', ' ', 'a="\\']) parseChallenges(part.repeat(1_000_000))
  })
  expect(took).toBeLessThan(1_000)
})
