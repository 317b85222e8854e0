import { expect, it } from 'vitest'
import type { Grant } from '../config/grant.ts'
import { describeRights } from './describe-rights.ts'

const grant = (more: Partial<Grant>): Grant => ({
  subject: { user: 'ola' },
  role: 'operator',
  registry: '*',
  repository: 'team-a/**',
  allow: [],
  ...more,
})

it('names where each grant holds', () => {
  expect(describeRights({ role: 'viewer', grants: [grant({})] })).toEqual(['operator in team-a/**', 'viewer'])
  expect(describeRights({ role: 'none', grants: [grant({ registry: 'hub' })] })).toEqual(['operator in hub/team-a/**'])
})

it('names the rights that operators need separately', () => {
  expect(describeRights({ role: 'none', grants: [grant({ allow: ['delete', 'restore'] })] })).toEqual([
    'operator in team-a/** (may delete, restore)',
  ])
})

it('says only that an admin is an admin', () => {
  expect(describeRights({ role: 'admin', grants: [grant({})] })).toEqual(['admin'])
})

it('omits where a grant applies if that is everywhere', () => {
  expect(describeRights({ role: 'none', grants: [grant({ role: 'auditor', repository: '**' })] })).toEqual(['auditor'])
})
