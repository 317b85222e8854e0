import { expect, test } from 'vitest'
import type { Restorable, TrashedItem } from '@/lib/data/trash/read-trash'
import { neededBy, restorableTogether } from './restorable'

const item = (change: string, more: Partial<TrashedItem> = {}) =>
  ({
    change,
    registry: 'hub',
    repository: 'team/api',
    digest: `sha256:${change}`,
    mayRestore: true,
    ...more,
  }) as TrashedItem
const gone = (...missing: string[]): Restorable => ({ state: 'gone', missing: missing.map((one) => `sha256:${one}`) })
const names = (items: readonly TrashedItem[]) => items.map(({ change }) => change)

test('only what the registry says can be restored can be selected', () => {
  const items = ['yes', 'lost', 'over', 'used', 'unknown', 'unasked'].map((change) => item(change))
  const states = new Map<string, Restorable>([
    ['yes', { state: 'yes' }],
    ['lost', gone('layer')],
    ['over', { state: 'forgotten' }],
    ['used', { state: 'taken', tags: ['1.0'] }],
    ['unknown', { state: 'unknown', problem: { code: '', title: '', detail: '' } }],
    ['denied', { state: 'yes' }],
  ])
  expect(names(restorableTogether([...items, item('denied', { mayRestore: false })], states))).toEqual(['yes'])
})

test('an index can be restored with the platforms that it needs, and not without them', () => {
  const items = [item('outer'), item('inner'), item('platform')]
  const states = new Map<string, Restorable>([
    ['outer', gone('inner', 'platform')],
    ['inner', gone('platform')],
    ['platform', { state: 'yes' }],
  ])
  const [outer, inner, platform] = items as [TrashedItem, TrashedItem, TrashedItem]
  expect(names(restorableTogether(items, states))).toEqual(['outer', 'inner', 'platform'])
  expect(names(restorableTogether([outer, inner], states))).toEqual([])
  expect(names(restorableTogether([outer, platform], states))).toEqual(['platform'])
  expect(names(neededBy(outer, items, states))).toEqual(['inner', 'platform'])
  const elsewhere = item('platform', { repository: 'team/web' as TrashedItem['repository'] })
  expect(names(restorableTogether([inner, elsewhere], states))).toEqual(['platform'])
})
