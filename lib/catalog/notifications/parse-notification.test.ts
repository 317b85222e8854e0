import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseNotification } from './parse-notification.ts'

it('reads distribution’s envelope, ignoring pulls', () => {
  const target = { repository: 'team/app', tag: '1.2', digest: `sha256:${'a'.repeat(64)}` }
  const document = {
    events: [
      { action: 'push', target, actor: { name: 'ci' } },
      { action: 'pull', target },
      { action: 'delete', target: { repository: 'team/app' } },
    ],
  }
  expect(parseNotification(document)).toEqual([
    { repository: 'team/app', tag: '1.2', actor: 'ci' },
    { repository: 'team/app' },
  ])
})

it('reads zot’s CloudEvents, with attributes in the document or in headers', () => {
  const data = { name: 'team/app', reference: '1.2', digest: 'sha256:00' }
  const event = { specversion: '1.0', id: '1', source: 'zot', type: 'zotregistry.image.updated', data }
  expect(parseNotification(event)).toEqual([{ repository: 'team/app', tag: '1.2' }])
  expect(parseNotification([event, event])).toHaveLength(2)
  expect(parseNotification(data, 'zotregistry.image.deleted')).toEqual([{ repository: 'team/app', tag: '1.2' }])
  expect(parseNotification({ ...event, data: { ...data, reference: `sha256:${'a'.repeat(64)}` } })).toEqual([
    { repository: 'team/app' },
  ])
})

it('reads Harbor’s webhooks, in its own format and as CloudEvents', () => {
  const event_data = { resources: [{ tag: 'latest' }, { tag: '2' }], repository: { repo_full_name: 'library/debian' } }
  const notices = [
    { repository: 'library/debian', tag: 'latest', actor: 'admin' },
    { repository: 'library/debian', tag: '2', actor: 'admin' },
  ]
  expect(parseNotification({ type: 'PUSH_ARTIFACT', operator: 'admin', event_data })).toEqual(notices)
  expect(parseNotification({ type: 'PULL_ARTIFACT', operator: 'admin', event_data })).toEqual([])
  expect(
    parseNotification({ specversion: '1.0', type: 'harbor.artifact.pushed', operator: 'admin', data: event_data }),
  ).toEqual(notices)
})

it('looks at the whole repository when Harbor deletes, as it names one tag of several', () => {
  const event_data = { resources: [{ tag: 'latest' }], repository: { repo_full_name: 'library/debian' } }
  const notices = [{ repository: 'library/debian', actor: 'admin' }]
  expect(parseNotification({ type: 'DELETE_ARTIFACT', operator: 'admin', event_data })).toEqual(notices)
  const event = { specversion: '1.0', type: 'harbor.artifact.deleted', operator: 'admin', data: event_data }
  expect(parseNotification(event)).toEqual(notices)
})

it('reads Quay’s webhooks', () => {
  const push = { name: 'repository', repository: 'team/app', docker_url: 'quay.io/team/app', updated_tags: ['latest'] }
  expect(parseNotification(push)).toEqual([{ repository: 'team/app', tag: 'latest' }])
})

it('skips invalid names, and refuses other documents', () => {
  expect(parseNotification({ events: [{ action: 'push', target: { repository: '../../etc', tag: 'x' } }] })).toEqual([])
  for (const document of [null, 1, 'push', {}, { events: 1 }, { type: 'PUSH_ARTIFACT' }])
    expect(parseNotification(document)).toBeUndefined()
})

it('reads any document without failing, and at most a thousand notices of one', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.option(fc.string()), (document, type) => {
      parseNotification(document, type ?? undefined)
    }),
  )
  const event = { action: 'push', target: { repository: 'team/app', tag: '1' } }
  expect(parseNotification({ events: Array.from({ length: 5_000 }, () => event) })).toHaveLength(1_000)
})
