import { expect, it } from 'vitest'
import type { Tag } from '../../oci/reference.ts'
import { nearTags } from './near-tags.ts'

const tags = ['1.4.1', '1.4.2', '1.10.0', 'latest', 'v1.4.2', 'stable', 'main'] as Tag[]

it.each([
  ['1.4.3', ['1.4.1', '1.4.2']],
  ['lastest', ['latest']],
  ['LATEST', ['latest']],
  ['1.4.2x', ['1.4.2', '1.4.1', 'v1.4.2']],
  ['nothing-like-it', []],
])('suggests for %s the tags with a similar spelling', (wanted, expected) => {
  expect(nearTags(wanted, tags)).toEqual(expected)
})
