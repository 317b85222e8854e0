import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { recordRegistry } from '../../catalog/testing/record-registry.ts'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { NO_OWNER } from '../../routes/policy-page-query.ts'
import { theStore } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'

// The real data layer over a catalog that was recorded from a real registry. `team/**` is bo's; `vault/**` is not.
const server = await startDockerRegistry()
const folder = await mkdtemp(join(tmpdir(), 'lading-policy-'))
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const bo: Actor = {
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role: 'viewer', registry: 'hub', repository: 'team/**', allow: [] }],
}
const POLICY = `policies:
  - name: licensing
    query: "-tag:*-dev"
    labels: { licenses: { required: true, format: spdx } }
    owner: "label:team"
  - name: no-maintainer
    forbid: [maintainer]
    owner: platform
`

beforeAll(async () => {
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: hub, url: ${server.url} }\n`)
  await writeFile(join(folder, 'policy.yaml'), POLICY)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.POLICY_FILE = join(folder, 'policy.yaml')
  process.env.DATA_DIR = folder
  const registry = createHttpRegistry({ name: 'hub', url: server.url })
  const put = (name: string, tags: readonly string[], labels: Record<string, string>) =>
    putImage(registry.repository(parseRepositoryName(name)), { tags, labels, created: '2026-01-01T00:00:00Z' })
  await put('team/api', ['1.0', '2.0-dev'], { team: 'quay' })
  await put('team/web', ['1.0'], { team: 'harbour', licenses: 'Apache two' })
  await put('team/good', ['1.0'], { team: 'harbour', licenses: 'MIT' })
  await put('vault/keys', ['9.9'], { maintainer: '=cmd|spy' })
  await recordRegistry(await theStore(), registry)
  await registry.close()
})
afterAll(async () => {
  await (await theStore()).close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const report = async (actor: Actor, state = {}) => {
  const { readPolicyReport } = await import('./read-policy-report.ts')
  return readPolicyReport(actor, { page: 1, ...state })
}

test('the report counts findings by policy, kind, owner and repository, and names each image', async () => {
  const all = await report(anna)
  expect(all).toMatchObject({
    brokenImages: 3,
    checkedImages: 4,
    repositories: 3,
    total: 4,
    isComplete: true,
    policies: [
      { name: 'licensing', query: '-tag:*-dev', counts: { missing: 2, invalid: 1, forbidden: 0 }, total: 3 },
      { name: 'no-maintainer', counts: { missing: 0, forbidden: 1 }, total: 1 },
    ],
    byOwner: [
      { name: 'harbour', findings: 1 },
      { name: 'platform', findings: 1 },
      { name: 'quay', findings: 1, images: 1 },
      { name: NO_OWNER, findings: 1 },
    ],
  })
  expect(all?.byRepository[0]).toEqual({ name: 'hub/vault/keys', findings: 2, images: 1 })
  expect(all?.findings.map(({ repository, tag, kind }) => `${repository}:${tag} ${kind}`)).toEqual([
    'team/api:1.0 missing',
    'team/web:1.0 invalid',
    'vault/keys:9.9 missing',
    'vault/keys:9.9 forbidden',
  ])
})

test('each number selects its findings', async () => {
  expect(await report(anna, { policy: 'licensing', kind: 'missing' })).toMatchObject({ selected: 2 })
  expect(await report(anna, { owner: NO_OWNER })).toMatchObject({ selected: 1 })
  expect(await report(anna, { repository: 'hub/vault/keys' })).toMatchObject({ selected: 2 })
})

test('what one may not see is in no finding, number, owner or export', async () => {
  const mine = await report(bo)
  expect(mine).toMatchObject({ brokenImages: 2, checkedImages: 3, total: 2, repositories: 2 })
  expect(JSON.stringify(mine)).not.toMatch(/vault|spy/)
  expect(await exported(bo, 'csv')).not.toMatch(/vault|spy/)
})

test('findings are exported as the page selects them, and no cell runs as a formula', async () => {
  const csv = (await exported(anna, 'csv')).split('\n')
  expect(csv[0]).toBe('policy,kind,registry,repository,tag,digest,platforms,label,value,expected,owner')
  expect(csv.find((line) => line.startsWith('no-maintainer,forbidden'))).toMatch(/,maintainer,'=cmd\|spy,/)
  const rows = (await exported(anna, 'ndjson', { kind: 'invalid' })).trim().split('\n')
  expect(rows.map((row) => JSON.parse(row))).toMatchObject([{ repository: 'team/web', label: 'licenses' }])
})

async function exported(actor: Actor, format: 'csv' | 'ndjson', state = {}): Promise<string> {
  const { exportFindings } = await import('./export-findings.ts')
  const { exportText } = await import('../exports/export-text.ts')
  const { columns, pages } = await exportFindings(actor, { page: 1, ...state })
  let text = ''
  for await (const part of exportText(format, columns, pages)) text += part
  return text
}
