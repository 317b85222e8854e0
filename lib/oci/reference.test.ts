import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpuTime } from '../testing/cpu-time.ts'
import { isDigest } from './digest.ts'
import { digestOf } from './digester.ts'
import { FormatError } from './format-error.ts'
import {
  formatFullReference,
  formatReference,
  isRepositoryName,
  isTag,
  namespaceOf,
  parseFullReference,
  parseReference,
  parseRepositoryName,
  parseSelector,
  selectorOf,
} from './reference.ts'

const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/)
const repository = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/)
const digest = fc.uint8Array({ maxLength: 4 }).map((bytes) => digestOf(bytes))
const host = fc.constantFrom(
  'localhost',
  'localhost:5000',
  'registry.example.com',
  '[::1]:5000',
  '10.0.0.1:443',
  'quay.io',
)

const suffix = (pieces: { tag?: string; digest?: string }) =>
  `${pieces.tag ? `:${pieces.tag}` : ''}${pieces.digest ? `@${pieces.digest}` : ''}`
const pieces = fc.record({ tag, digest }, { requiredKeys: [] })

test('printing a parsed reference gives the same text', () => {
  fc.assert(
    fc.property(repository, pieces, (name, end) => {
      const text = name + suffix(end)
      expect(formatReference(parseReference(text))).toBe(text)
    }),
  )
})

test('printing a parsed reference with a host gives the same text', () => {
  fc.assert(
    fc.property(host, repository, pieces, (host, name, end) => {
      if (!end.tag && !end.digest) return
      const text = `${host}/${name}${suffix(end)}`
      expect(formatFullReference(parseFullReference(text))).toBe(text)
    }),
  )
})

test.each([
  ['alpine', 'docker.io/library/alpine:latest'],
  ['alpine:3', 'docker.io/library/alpine:3'],
  ['team/app', 'docker.io/team/app:latest'],
  ['docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['index.docker.io/team/app:1', 'docker.io/team/app:1'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  [`alpine@${digestOf('')}`, `docker.io/library/alpine@${digestOf('')}`],
])('%s names %s', (text, expected) => {
  expect(formatFullReference(parseFullReference(text))).toBe(expected)
})

test('the digest wins over the tag, and neither means latest', () => {
  expect(selectorOf(parseReference(`a:b@${digestOf('')}`))).toBe(digestOf(''))
  expect(selectorOf(parseReference('a:b'))).toBe('b')
  expect(selectorOf(parseReference('a'))).toBe('latest')
})

test('names that could escape a path are refused', () => {
  const bad = [
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    '..',
    'a/../b',
    './a',
    'A',
    'a b',
    'a\n',
    'a\0',
    'a%2fb',
    'a___b',
    'a..b',
    '-a',
    'é',
  ]
  for (const name of bad) {
    expect(isRepositoryName(name)).toBe(false)
    expect(() => parseRepositoryName(name)).toThrow(expect.objectContaining({ code: 'repository' }))
  }
  expect(isRepositoryName('a'.repeat(256))).toBe(false)
  for (const bad of ['', '.a', '-a', 'a/b', 'a:b', 'a\n', 'a b', 'a'.repeat(129), '..']) expect(isTag(bad)).toBe(false)
})

test('long names are refused quickly', () => {
  const { took } = cpuTime(() => {
    isRepositoryName(`${'a-'.repeat(120)}!`)
    isRepositoryName(`${'a'.repeat(254)}!`)
  })
  expect(took).toBeLessThan(50)
})

test('any text is a tag, a digest or a FormatError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), tag, digest), (text) => {
      try {
        const parsed = parseSelector(text)
        expect(parsed).toBe(text)
        expect(isTag(text) || isDigest(text)).toBe(true)
      } catch (error) {
        expect(error).toMatchObject({ name: 'FormatError' })
        expect(isTag(text) || isDigest(text)).toBe(false)
      }
    }),
  )
})

test.each([
  ['a', ''],
  ['a/b', 'a'],
  ['a/b/c', 'a/b'],
])('the namespace of %s is %j', (name, namespace) => {
  expect(namespaceOf(parseRepositoryName(name))).toBe(namespace)
})

test('hosts are domain names or IPv6 addresses, as Docker accepts them', () => {
  for (const host of [
    'dock..er',
    'dock-.er',
    'docker-.io',
    '-docker.io',
    'docker.io.',
    '[1::2::3]',
    '[::1',
    '[]',
    '[1.2.3.4]',
  ])
    expect(() => parseFullReference(`${host}/team/app:1`)).toThrow(FormatError)
  for (const host of [
    'docker.io',
    'a-b.c--d.example:5000',
    '127.0.0.1:5000',
    '[::1]:5000',
    '[2001:db8::1]',
    'localhost:1',
  ])
    expect(parseFullReference(`${host}/team/app:1`)).toMatchObject({ host })
})
