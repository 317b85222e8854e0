import { expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { findingId } from './finding-list.ts'
import { manifestFindings } from './manifest-findings.ts'

it('tells apart the findings of one rule on two platforms', () => {
  const maxAge = { milliseconds: 1_000, text: '1s' }
  const labels = [{ key: 'team', required: true, oneOf: ['quay'] }]
  const policy = { name: 'p', query: undefined, labels, forbid: [], maxAge }
  const images = ['a', 'b'].map((team, at) => ({ labels: new Map([['team', team]]), created: at }))
  const findings = manifestFindings(policy as never, images, 1_000_000)
  expect(findings).toHaveLength(4)
  const place = { registry: 'hub', repository: parseRepositoryName('team/app'), repositoryId: 1 }
  const keys = findings.map((finding) => findingId({ ...finding, ...place, policy: 'p', tag: '1', digest: '' }))
  expect(new Set(keys).size).toBe(4)
})
