import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOfTag } from '../lib/testing/servers/images.ts'
import { skopeoCopy } from '../lib/testing/servers/skopeo.ts'
import { expect, test } from './image-fixtures.ts'

test('a chart shows its Chart.yaml, its dependencies, and each of its files at a URL', async ({ page }) => {
  await page.goto('/r/disk/samples/charts/storefront:0.4.0')
  const facts = page.getByRole('region', { name: 'Chart', exact: true })
  await expect(facts).toContainText('>=1.28.0-0')
  await expect(page.getByRole('table', { name: 'Dependencies' })).toContainText('postgresql')
  const files = page.getByRole('navigation', { name: 'Files of the chart' })
  await expect(page.getByText('repository: samples/web/storefront')).toBeVisible()
  await files.getByRole('link', { name: /README\.md/ }).click()
  await expect(page.getByText('# Storefront')).toBeVisible()
  await expect(page).toHaveURL(/file=README\.md/)
})

test('provenance shows builder, source and commit, and marks the signer as not verified', async ({ page }) => {
  await page.goto('/r/disk/samples/platform/tools/ladle:3.2.0?tab=referrers')
  await page.getByRole('button', { name: /^Read attestation/ }).click()
  const statement = page.getByRole('region', { name: 'SLSA provenance v1' })
  await expect(statement).toContainText('https://example.com/actions/hosted-runner')
  await expect(statement).toContainText('refs/tags/v3.2.0')
  await expect(statement).toContainText('.github/workflows/release.yml@refs/heads/main')
  await expect(statement).toContainText('not verified here')
})

test('an SBOM’s packages are filtered by licence, and downloaded as CSV', async ({ page }) => {
  await page.goto('/r/disk/samples/platform/tools/ladle:3.2.0?tab=referrers')
  await page.getByRole('button', { name: /^Read SBOM/ }).click()
  const packages = page.getByRole('table', { name: 'Packages' })
  await expect(packages.getByRole('rowheader')).toHaveText([/cobra/, /yaml/])
  await page.getByLabel('Licence').selectOption({ label: 'Apache-2.0 AND MIT (1)' })
  await expect(packages.getByRole('rowheader')).toHaveText([/yaml/])
  const csv = page.getByRole('link', { name: 'CSV' })
  const [started] = await Promise.all([page.waitForEvent('download'), csv.click()])
  expect(started.suggestedFilename()).toMatch(/-0-packages\.csv$/)
})

test('an archive is loaded into a given repository and tag', async ({ page, homes }) => {
  const folder = await mkdtemp(join(tmpdir(), 'lading-artifacts-'))
  const tar = join(folder, 'app.tar')
  await skopeoCopy(`docker://${homes.hub.host}/team/app:1.0.0`, `oci-archive:${tar}:1.0.0`)
  await page.goto('/r/mirror')
  await page.getByRole('button', { name: 'Load archive' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Archive', { exact: true }).setInputFiles(tar)
  await dialog.getByLabel('Into repository').fill('loaded/app')
  await dialog.getByLabel('Tag for 1.0.0').fill('9.9')
  await dialog.getByRole('button', { name: 'Load archive', exact: true }).click()
  await expect(dialog.getByText('1 image loaded')).toBeVisible()
  expect(await digestOfTag(homes.mirror.url, 'loaded/app', '9.9')).toMatch(/^sha256:/)
  await rm(folder, { recursive: true })
})
