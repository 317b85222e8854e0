import { expect, test } from 'vitest'
import { ageGroups } from './age-groups'

test('says once what holds for several registries, and keeps those with unread repositories apart', () => {
  const ages = [
    { registry: 'hub', syncedAt: '2026-11-29T11:57:50Z', unread: 0 },
    { registry: 'edge', unread: 0 },
    { registry: 'disk', syncedAt: '2026-11-29T11:57:40Z', unread: 0 },
    { registry: 'old', syncedAt: '2026-11-28T12:00:00Z', unread: 0 },
    { registry: 'vault', unread: 0 },
    { registry: 'new', isFirstSync: true, unread: 0 },
    { registry: 'big', syncedAt: '2026-11-29T11:57:45Z', unread: 7 },
  ]
  expect(ageGroups(ages)).toEqual([
    { registries: ['hub', 'disk'], syncedAt: '2026-11-29T11:57:40Z', isFirstSync: false, unread: 0 },
    { registries: ['edge', 'vault'], syncedAt: undefined, isFirstSync: false, unread: 0 },
    { registries: ['old'], syncedAt: '2026-11-28T12:00:00Z', isFirstSync: false, unread: 0 },
    { registries: ['new'], isFirstSync: true, unread: 0 },
    { registries: ['big'], syncedAt: '2026-11-29T11:57:45Z', isFirstSync: false, unread: 7 },
  ])
})
