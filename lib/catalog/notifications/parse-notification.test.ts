import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseNotification } from './parse-notification.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

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

it('reads Azure’s webhooks: a push, an untagged deletion, its ping', () => {
  const event = (action: string, target?: object) => ({
    id: 'cb8c3971-9adc-488b-bdd8-43cbb4974ff5',
    timestamp: '2026-11-17T16:52:01.343145347Z',
    action,
    target,
    request: { id: '1', host: 'example.azurecr.io', method: 'PUT', useragent: 'docker/28' },
  })
  const target = { mediaType: OCI_MANIFEST, size: 524, digest: DIGEST, repository: 'team/app' }
  expect(parseNotification(event('push', { ...target, tag: '1.2' }))).toEqual([{ repository: 'team/app', tag: '1.2' }])
  expect(parseNotification(event('delete', target))).toEqual([{ repository: 'team/app' }])
  expect(parseNotification(event('ping'))).toEqual([])
})

it('reads ECR’s events as EventBridge delivers them, ignoring scans and what failed', () => {
  const event = (detail: object, type = 'ECR Image Action') => ({
    version: '0',
    id: '13cde686-328b-6117-af20-0e5566167482',
    'detail-type': type,
    source: 'aws.ecr',
    account: '123456789012',
    time: '2026-11-16T01:54:34Z',
    region: 'us-west-2',
    resources: [],
    detail: { result: 'SUCCESS', 'repository-name': 'team/app', 'image-digest': DIGEST, ...detail },
  })
  const notices = [{ repository: 'team/app', tag: '1.2' }]
  expect(parseNotification(event({ 'action-type': 'PUSH', 'image-tag': '1.2' }))).toEqual(notices)
  expect(parseNotification(event({ 'action-type': 'DELETE', 'image-tag': '1.2' }))).toEqual(notices)
  expect(parseNotification(event({ 'action-type': 'DELETE' }))).toEqual([{ repository: 'team/app' }])
  expect(parseNotification(event({ 'action-type': 'PUSH', result: 'FAILURE' }))).toEqual([])
  expect(parseNotification(event({ 'scan-status': 'COMPLETE', 'image-tags': [] }, 'ECR Image Scan'))).toEqual([])
})

it('reads Docker Hub’s webhooks', () => {
  const event = {
    callback_url: 'https://registry.hub.docker.com/u/team/app/hook/1/',
    push_data: { pushed_at: 1417566161, pusher: 'ci', tag: '1.2' },
    repository: { name: 'app', namespace: 'team', owner: 'team', repo_name: 'team/app', is_private: true },
  }
  expect(parseNotification(event)).toEqual([{ repository: 'team/app', tag: '1.2', actor: 'ci' }])
})

it('reads GitHub’s package events and its ping, ignoring packages that aren’t images', () => {
  const version = {
    version: DIGEST,
    package_url: 'ghcr.io/Octo-Team/app:1.2',
    container_metadata: { tag: { name: '1.2', digest: DIGEST } },
  }
  const pack = { name: 'app', namespace: 'Octo-Team', package_type: 'CONTAINER', package_version: version }
  const sender = { login: 'octocat' }
  const notices = [{ repository: 'octo-team/app', tag: '1.2', actor: 'octocat' }]
  expect(parseNotification({ action: 'published', package: pack, sender })).toEqual(notices)
  expect(parseNotification({ action: 'published', registry_package: pack, sender })).toEqual(notices)
  const untagged = { package_url: 'ghcr.io/Octo-Team/app:', container_metadata: { tag: { name: '', digest: DIGEST } } }
  expect(parseNotification({ action: 'updated', package: { ...pack, package_version: untagged } })).toEqual([
    { repository: 'octo-team/app' },
  ])
  expect(parseNotification({ action: 'published', package: { ...pack, package_type: 'npm' }, sender })).toEqual([])
  expect(parseNotification({ zen: 'Keep it logically awesome.', hook_id: 1, hook: {} })).toEqual([])
})

it('reads Nexus’ webhooks about components and manifests, by both names that an image can have there', () => {
  const event = (item: object) => ({
    timestamp: '2026-11-10T23:57:49.664+0000',
    nodeId: '52905B51-085CCABB-CEBBEAAD-16795588-FC927D93',
    initiator: 'admin/127.0.0.1',
    repositoryName: 'docker-hosted',
    action: 'CREATED',
    ...item,
  })
  const notices = ['team/app', 'docker-hosted/team/app'].map((repository) => ({
    repository,
    tag: '1.2',
    actor: 'admin',
  }))
  const component = { id: '1', componentId: '1', format: 'docker', name: 'team/app', version: '1.2' }
  expect(parseNotification(event({ component }))).toEqual(notices)
  expect(parseNotification(event({ component: { ...component, format: 'npm' } }))).toEqual([])
  const asset = (name: string) => event({ asset: { id: '1', assetId: '1', format: 'docker', name } })
  expect(parseNotification(asset('v2/team/app/manifests/1.2'))).toEqual(notices)
  expect(parseNotification(asset(`v2/-/blobs/${DIGEST}`))).toEqual([])
})

it('reads Artifactory’s webhooks about Docker tags, by both names that an image can have there', () => {
  const event = (event_type: string, domain = 'docker') => ({
    domain,
    event_type,
    data: {
      repo_key: 'docker-local',
      path: 'team/app/1.2/manifest.json',
      name: 'manifest.json',
      sha256: 'a'.repeat(64),
      size: 1206,
      image_name: 'team/app',
      tag: '1.2',
    },
    subscription_key: 'lading',
    jpd_origin: 'https://example.jfrog.io',
    source: 'jfrog/ci',
  })
  const notices = ['team/app', 'docker-local/team/app'].map((repository) => ({ repository, tag: '1.2' }))
  for (const type of ['pushed', 'deleted', 'promoted']) expect(parseNotification(event(type))).toEqual(notices)
  expect(parseNotification(event('deployed', 'artifact'))).toEqual([])
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
