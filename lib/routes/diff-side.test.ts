import { expect, it } from 'vitest'
import { completeDiffSide, parseDiffSide } from './diff-side.ts'

const digest = `sha256:${'a'.repeat(64)}`
const other = parseDiffSide('hub/team-a/app:1.4.2')

it.each([
  ['1.4.1', { registry: 'hub', repository: 'team-a/app', selector: '1.4.1' }],
  [':1.4.1', { registry: 'hub', repository: 'team-a/app', selector: '1.4.1' }],
  [digest, { registry: 'hub', repository: 'team-a/app', selector: digest }],
  [`@${digest}`, { registry: 'hub', repository: 'team-a/app', selector: digest }],
  ['team-b/app:2', { registry: 'hub', repository: 'team-b/app', selector: '2' }],
  ['mirror/team-b/app:2', { registry: 'mirror', repository: 'team-b/app', selector: '2' }],
  [' mirror/team-b/app ', { registry: 'mirror', repository: 'team-b/app', selector: 'latest' }],
] as const)('%s beside hub/team-a/app:1.4.2 is read as meant', (text, expected) => {
  expect(completeDiffSide(text, { registries: ['hub', 'mirror'], other })).toEqual(expected)
})

it('takes the only registry there is, where there is no other side', () => {
  expect(completeDiffSide('app:1', { registries: ['hub'] })).toEqual({
    registry: 'hub',
    repository: 'app',
    selector: '1',
  })
  expect(completeDiffSide('app:1', { registries: ['hub', 'mirror'] })).toBeUndefined()
})

it('reads nothing from what isn’t a reference', () => {
  expect(completeDiffSide('a b', { registries: ['hub'], other })).toBeUndefined()
  expect(completeDiffSide('', { registries: ['hub'], other })).toBeUndefined()
})
