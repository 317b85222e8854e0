import { expect, test } from 'vitest'
import { type LabelFormat, parsePolicies } from '../../config/policy-file.ts'
import { checkImage } from './check-image.ts'
import { hasFormat } from './label-format.ts'

const NOW = Date.parse('2026-11-29T00:00:00Z')
const [policy] = parsePolicies(
  'policy.yaml',
  `policies:
  - name: all
    labels:
      licenses: { required: true, format: spdx, allow: [Apache-2.0, MIT] }
      source: { required: true, format: url, pattern: "https://git.example.com/**" }
      team: { oneOf: [quay, harbour] }
    forbid: [maintainer]
    maxAge: 180d`,
)

const breaches = (labels: Record<string, string>, created?: string) => {
  if (!policy) throw new Error('no policy')
  const image = { labels: new Map(Object.entries(labels)), ...(created && { created: Date.parse(created) }) }
  return checkImage(policy, image, NOW).map(({ kind, key }) => `${kind} ${key ?? ''}`.trim())
}
const good = { licenses: 'MIT', source: 'https://git.example.com/team/app' }

test('finds nothing in an image that follows every rule, and doesn’t treat an unknown age as old', () => {
  expect(breaches(good)).toEqual([])
  expect(breaches({ ...good, team: 'quay' }, '2026-11-01T00:00:00Z')).toEqual([])
})

test('reports what is missing, invalid, forbidden and too old', () => {
  expect(breaches({})).toEqual(['missing licenses', 'missing source'])
  expect(breaches({ ...good, licenses: ' ' })).toEqual(['missing licenses'])
  expect(breaches({ ...good, licenses: 'GPL-3.0-only' })).toEqual(['invalid licenses'])
  expect(breaches({ ...good, licenses: 'MIT OR GPL-3.0-only' })).toEqual(['invalid licenses'])
  expect(breaches({ ...good, source: 'https://elsewhere.example.com/x' })).toEqual(['invalid source'])
  expect(breaches({ ...good, team: 'mole', maintainer: 'ada' })).toEqual(['invalid team', 'forbidden maintainer'])
  expect(breaches(good, '2026-01-01T00:00:00Z')).toEqual(['too-old'])
})

test.each<[LabelFormat, string[], string[]]>([
  ['spdx', ['MIT', 'Apache-2.0 OR MIT', '(MIT AND BSD-3-Clause)', 'LicenseRef-own'], ['', 'Apache 2', 'mit license']],
  ['semver', ['1.4.2', '1.0.0-rc.1+build'], ['1.4', 'latest', '']],
  ['rfc3339', ['2026-02-01T12:00:00Z', '2026-02-01T12:00:00.5+01:00'], ['2026-02-01', 'yesterday']],
  ['url', ['https://example.com', 'git+ssh://host/path'], ['example.com', 'mailto:ada@example.com', 'javascript:1']],
  ['email', ['ada@example.com'], ['Ada', 'ada@', '@example.com', 'ada@example']],
  ['hash', ['57c0d71d', 'a'.repeat(64)], ['57c0', 'xyz', 'a'.repeat(65)]],
  ['text', ['x'], ['', '  ']],
])('checks the format %s', (format, right, wrong) => {
  expect(right.filter((value) => !hasFormat(value, format))).toEqual([])
  expect(wrong.filter((value) => hasFormat(value, format))).toEqual([])
})

test('gives up on an endless licence instead of parsing it', () => {
  expect(hasFormat('('.repeat(500_000), 'spdx')).toBe(false)
})
