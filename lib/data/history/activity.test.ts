import { beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { recordManifests } from '../../catalog/database/record-manifests.ts'
import { recordTags } from '../../catalog/database/record-tags.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { exportActivity } from '../exports/export-activity.ts'
import { exportText } from '../exports/export-text.ts'
import { anna, bo } from '../testing/configure.ts'
import { recordHub } from '../testing/record-hub.ts'
import { readActivity } from './read-history.ts'

const ANY = { q: '', change: 'any', how: 'any', by: '', after: '' } as const
const AT = Date.UTC(2026, 10, 29)
const digests = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`)

recordHub([
  ['team/api', { tags: ['1.0'] }],
  ['vault/keys', { tags: ['1.0'] }],
])
beforeAll(async () => {
  const store = await theStore()
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  await recordManifests(
    store,
    digests.map((digest) => ({ digest, mediaType, type: 'image', bytes: 9, images: [] })),
  )
  const point = (name: string, tag: string, digest: string | undefined, how: 'change' | 'notification' | 'sync') =>
    recordTags(
      store,
      { registry: 'hub', repository: parseRepositoryName(name) },
      [{ tag, ...(digest && { digest }) }],
      {
        at: AT,
        how,
        ...(how === 'change' && { actor: 'ada' }),
      },
    )
  await point('team/api', 'latest', digests[0], 'change')
  await point('team/api', 'latest', digests[1], 'notification')
  await point('vault/keys', '1.0', digests[0], 'sync')
})

it('counts what changed, where and how that is known, among what somebody may see', async () => {
  expect((await readActivity(anna, ANY)).summary).toEqual({
    changes: 3,
    repositories: 2,
    by: { change: 1, notification: 1, sync: 1 },
    isLowerBound: false,
  })
  expect((await readActivity(bo, ANY)).summary).toMatchObject({ changes: 2, repositories: 1, by: { sync: 0 } })
  expect((await readActivity(anna, { ...ANY, change: 'moved' })).summary).toMatchObject({ changes: 2 })
  expect((await readActivity(anna, { ...ANY, q: 'tag:1.0' })).summary).toMatchObject({ changes: 1, repositories: 1 })
})

it('exports each change that the page selects, of what somebody may see', async () => {
  const exported = async (actor: Actor, state = {}) => {
    const { columns, pages } = await exportActivity(actor, { ...ANY, ...state })
    let text = ''
    for await (const part of exportText('csv', columns, pages)) text += part
    return text.trim().split('\n')
  }
  const time = new Date(AT).toISOString()
  expect(await exported(anna, { change: 'moved', how: 'notification' })).toEqual([
    'registry,repository,tag,change,from,to,at,after,learnt_from,by',
    `hub,team/api,latest,moved,${digests[0]},${digests[1]},${time},,notification,`,
  ])
  expect(await exported(anna)).toHaveLength(4)
  expect((await exported(bo)).join('\n')).not.toMatch(/vault/)
})

it('exports no more than was meant where a query has a mistake', async () => {
  await expect(exportActivity(anna, { ...ANY, q: 'nosuch:thing' })).rejects.toMatchObject({ code: 'pattern' })
})
