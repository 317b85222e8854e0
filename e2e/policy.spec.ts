import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { call, digestOfTag, pushImage, pushIndex } from '../lib/testing/servers/images.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { skopeoCopy, umociLayout } from '../lib/testing/servers/skopeo.ts'
import { PEOPLE, signIn } from './people.ts'

const LICENCE = 'org.opencontainers.image.licenses'
const POLICY = `policies:
  - name: licensing
    query: "-tag:latest"
    labels:
      ${LICENCE}: { required: true, format: spdx, allow: [MIT, Apache-2.0] }
    owner: "label:team"
  - name: no-maintainer
    query: "-tag:latest"
    forbid: [maintainer]
`
/** Made by umoci and copied by skopeo: one with a licence, one whose licence nobody allows, two without. */
const IMAGES = {
  api: { [LICENCE]: 'MIT', team: 'quay' },
  web: { team: 'harbour' },
  tool: { maintainer: '=cmd' },
  old: { [LICENCE]: 'Apache 2.0', team: 'quay' },
}

async function withFilledRegistry(work: (registry: { url: string }, lading: Lading) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-policy-'))
  const layout = await umociLayout(
    Object.entries(IMAGES).map(([tag, labels]) => ({ tag, labels, layers: [{ 'app.txt': tag }] })),
  )
  try {
    await using registry = await startDockerRegistry()
    const host = new URL(registry.url).host
    for (const name of Object.keys(IMAGES))
      await skopeoCopy(`oci:${layout}:${name}`, `docker://${host}/team/${name}:1.0`)
    await skopeoCopy(`oci:${layout}:api`, `docker://${host}/team/web:latest`)
    await writeFile(join(folder, 'policy.yaml'), POLICY)
    await using lading = await startLading({
      ...PEOPLE,
      REGISTRY_URL: registry.url,
      REGISTRY_NAME: 'hub',
      POLICY_FILE: join(folder, 'policy.yaml'),
      SYNC_MINUTES: '60',
    })
    await work(registry, lading)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(dirname(layout), { recursive: true, force: true })
  }
}

/** Until the first sync is through. */
async function untilSynced(page: Page, url: string, text: string): Promise<void> {
  await expect(async () => {
    await page.goto(url)
    await expect(page.getByRole('main')).toContainText(text, { timeout: 1_000 })
    // Before, repositories are listed that haven't been read.
    await expect(page.getByRole('main')).not.toContainText(/for the first time|synced yet/, { timeout: 1_000 })
  }).toPass()
}

test('an auditor finds images without a licence and their owners, who moved latest, and where a digest is', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  await withFilledRegistry(async (registry, lading) => {
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    await signIn(page, 'audrey', '/labels', lading.url)
    const report = `/labels?q=${encodeURIComponent(`-label:${LICENCE}`)}&keys=${LICENCE},team`
    await untilSynced(page, `${lading.url}${report}`, 'team/tool')
    await page.getByRole('button', { name: 'Save search' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save search' })
    await dialog.getByLabel('Name').fill('No licence, and whose')
    await dialog.getByRole('button', { name: 'Save search' }).click()
    await expect(dialog).toHaveCount(0)
    await page.goto(`${lading.url}/search`)
    await page.getByRole('link', { name: 'No licence, and whose' }).click()
    const matrix = page.getByRole('table', { name: 'Labels of tags' })
    await expect(matrix.getByRole('row')).toHaveCount(3)
    await expect(matrix.getByRole('row', { name: /team\/tool/ })).toContainText('missing')
    await expect(matrix).not.toContainText('team/api')
    await page.getByText('Export', { exact: true }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV, for spreadsheets' }).click(),
    ])
    const rows = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
    expect(rows[0]).toBe(`registry,repository,tag,digest,label:${LICENCE},label:team`)
    expect(rows.slice(1).map((row) => row.split(',').slice(1, 3).join(':'))).toContain('team/tool:1.0')

    const before = await digestOfTag(registry.url, 'team/web', 'latest')
    const other = await browser.newContext()
    const admin = await other.newPage()
    await signIn(admin, 'ada', '/r/hub/team/web:1.0', lading.url)
    await admin.getByRole('button', { name: 'Retag' }).click()
    const retag = admin.getByRole('dialog', { name: 'Retag' })
    await retag.getByLabel('New tag').fill('latest')
    await retag.getByRole('checkbox', { name: 'Move it: anyone who pulls latest' }).check()
    await retag.getByRole('button', { name: /^Move latest to/ }).click()
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('team/web:latest')
    await untilSynced(page, `${lading.url}/r/hub/team/web?view=history`, 'ada')
    const move = page.getByRole('listitem').filter({ hasText: 'latest' }).filter({ hasText: 'ada' })
    await expect(move).toContainText((before ?? '').replace('sha256:', '').slice(0, 8))

    const api = (await digestOfTag(registry.url, 'team/api', '1.0')) ?? ''
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Repository, repository:tag/ }).fill(api)
    await expect(page.getByRole('option').filter({ hasText: 'team/api' })).toBeVisible()
    await context.close()
    await other.close()
  })
})

test('the report counts findings, and the image’s page explains them and how to fix them', async ({ browser }) => {
  test.setTimeout(240_000)
  await withFilledRegistry(async ({ url }, lading) => {
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    await signIn(page, 'audrey', '/policy', lading.url)
    await untilSynced(page, `${lading.url}/policy`, '3 of 4 images break a policy')
    const findings = page.getByRole('table', { name: 'Findings', exact: true })
    await findings.getByRole('link', { name: 'hub/team/old:1.0' }).click()
    await page.getByRole('link', { name: 'Policy: 1 finding' }).click()
    await expect(page.getByRole('heading', { name: 'Breaks 1 of the 2 policies that apply' })).toBeVisible()
    const licensing = page.getByRole('region', { name: 'licensing' })
    await expect(licensing).toContainText('Invalid: Apache 2.0. Did you mean Apache-2.0?')
    await expect(page.getByRole('region', { name: 'no-maintainer' })).toContainText('Met')
    await expect(page.getByText(`LABEL ${LICENCE}="Apache-2.0"`)).toBeVisible()
    await page.goto(`${lading.url}/r/hub/team/old`)
    await page.getByRole('link', { name: '1 open in 1 policy' }).click()
    await expect(page).toHaveURL(`${lading.url}/r/hub/team/old?view=policy`)
    await expect(findings.getByRole('rowheader', { name: /^1\.0/ })).toBeVisible()
    await page.goto(`${lading.url}/r/hub/team/api:1.0`)
    await expect(page.getByRole('link', { name: 'Met', exact: true })).toBeVisible()
    await expect(page.getByRole('region', { name: 'About' })).toContainText('Ownerquay from the label team')
    await page.goto(`${lading.url}/r/hub/team/web:latest`)
    await expect(page.getByRole('link', { name: 'None applies', exact: true })).toBeVisible()
    // A platform that is gone can’t have been checked.
    const [read, gone] = [
      await pushImage(url, 'team/half', ['amd64'], { labels: { [LICENCE]: 'MIT' } }),
      await pushImage(url, 'team/half', ['arm64'], { labels: { [LICENCE]: 'none' } }),
    ]
    await pushIndex(
      url,
      'team/half',
      ['1.0'],
      [
        { manifest: read, platform: { os: 'linux', architecture: 'amd64' } },
        { manifest: gone, platform: { os: 'linux', architecture: 'arm64' } },
      ],
    )
    await call(url, 'DELETE', `/v2/team/half/manifests/${gone.digest}`, [202])
    await page.goto(`${lading.url}/r/hub/team/half:1.0`)
    await page.getByRole('link', { name: 'Partly checked', exact: true }).click()
    await expect(
      page.getByRole('heading', { name: /^Meets the .* that apply, as far as it was checked$/ }),
    ).toBeVisible()
    // Nor can an image whose labels can’t be read: nothing is said to be missing.
    const blind = await pushImage(url, 'team/blind', ['1.0'], { labels: { [LICENCE]: 'MIT' } })
    await call(url, 'DELETE', `/v2/team/blind/blobs/${blind.config.digest}`, [202])
    await page.goto(`${lading.url}/r/hub/team/blind:1.0`)
    const about = page.getByRole('region', { name: 'About' })
    await expect(about.getByText('unknown', { exact: true })).not.toHaveCount(0)
    await expect(about.getByText(/no licence label|not set|not recorded/)).toHaveCount(0)
    await expect(page.getByRole('term').filter({ hasText: /^Compressed size$/ })).toBeVisible()
    await page.getByRole('link', { name: 'Partly checked', exact: true }).click()
    await expect(page.getByRole('region', { name: 'licensing' })).toContainText('couldn’t be read')
    await untilSynced(page, `${lading.url}/r/hub/team/blind`, 'unknown in 1.0')
    await expect(page.getByRole('main')).toContainText('none so far')
    await expect(page.getByRole('main')).toContainText('at least 1 image')
    const uncheckedOf = (images: string) => `${images} couldn’t be checked, so there may be more findings.`
    await page.goto(`${lading.url}/r/hub/team/blind?view=policy`)
    await expect(page.getByText(uncheckedOf('1 image'))).toBeVisible()
    await expect(page.getByText('No findings so far')).toBeVisible()
    await page.goto(`${lading.url}/policy`)
    await expect(page.getByText(uncheckedOf('1 image'))).toBeVisible()
    await expect(page.getByRole('main').getByRole('link', { name: 'hub/team/blind', exact: true })).toBeVisible()
    await page.goto(`${lading.url}/labels?keys=${LICENCE}`)
    const row = page.getByRole('row', { name: /team\/old/ })
    await expect(row).toContainText('invalid')
    // The first check has noted what was there.
    await expect(async () => {
      await page.goto(`${lading.url}/policy`)
      const found = findings.getByRole('row', { name: /team\/old/ })
      await expect(found).toContainText(/first check.* or later/, { timeout: 1_000 })
    }).toPass({ timeout: 120_000 })
    await context.close()
  })
})
