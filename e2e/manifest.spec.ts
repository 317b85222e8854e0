import { pushArtifact, pushImage } from '../lib/testing/servers/images.ts'
import { expect, test } from './fixtures.ts'

const views = 'Views of this manifest'

test('an image shows what it runs and where that comes from', async ({ page, stocked: { stock } }) => {
  await page.goto('/r/local/team/app:1.0.0')
  const main = page.getByRole('main')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('team/app:1.0.0')
  await expect(main.getByText('Image', { exact: true })).toBeVisible()
  await expect(main).toContainText(stock.app.digest.slice(7, 19))
  await expect(main.getByRole('definition').filter({ hasText: '/app/run' })).toBeVisible()
  for (const text of ['1000', 'linux/amd64', 'production', '/usr/bin:/bin']) await expect(main).toContainText(text)
})

test('labels and annotations show their origin, and what overrides what', async ({ page }) => {
  await page.goto('/r/local/team/app:1.0.0')
  await page
    .getByRole('navigation', { name: views })
    .getByRole('link', { name: /Labels/ })
    .click()
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
  await expect(row('com.example.owner')).toContainText(['Platform team'])
  await expect(row('com.example.owner')).toContainText('config label')
  await expect(row('org.opencontainers.image.title')).toContainText('manifest annotation')
  const source = page.getByRole('link', { name: 'https://example.com/team/app' })
  await expect(source).toHaveAttribute('rel', /noopener noreferrer/)
})

test('a long label is folded to six lines, and a very long one leads to all of it', async ({ page, stocked }) => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n')
  await pushImage(stocked.registry.url, 'labels/long', ['1'], {
    labels: { short: 'a value', folded: lines, cut: `${'x'.repeat(8_000)} the end` },
  })
  await page.goto('/r/local/labels/long:1?tab=labels')
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
  const height = async (name: string) => (await row(name).boundingBox())?.height ?? 0
  expect(await height('folded')).toBeLessThan(200)
  expect(await height('cut')).toBeLessThan(200)
  await expect(row('short').getByRole('button', { name: 'Show all' })).toHaveCount(0)
  await row('folded').getByRole('button', { name: 'Show all' }).click()
  expect(await height('folded')).toBeGreaterThan(500)
  await row('folded').getByRole('button', { name: 'Show less' }).click()
  expect(await height('folded')).toBeLessThan(200)
  await row('cut').getByRole('button', { name: 'Show more' }).click()
  await expect(row('cut')).not.toContainText('the end')
  await row('cut').getByRole('link', { name: 'Show whole' }).click()
  await expect(row('cut')).toContainText('the end')
  await expect(row('folded')).toHaveCount(0)
})

test('an image of 120 layers lists each in a row of its own, also on a phone', async ({ page, stocked }) => {
  const { layers } = await pushImage(stocked.registry.url, 'layers/many', ['1'], {
    layers: Array.from({ length: 120 }, (_, index) => ({ [`file-${index}`]: `${index}` })),
    config: {
      history: Array.from({ length: 120 }, (_, index) => ({
        created_by: index === 60 ? `RUN ${'apt-get install something && '.repeat(60)}true` : `COPY step ${index + 1}`,
      })),
    },
  })
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto('/r/local/layers/many:1')
    await page.getByRole('navigation', { name: views }).getByRole('link', { name: 'Layers 120' }).click()
    const rows = page.getByRole('table', { name: 'Layers of layers/many' }).locator('tbody').getByRole('row')
    await expect(rows).toHaveCount(120)
    expect((await rows.nth(60).boundingBox())?.height).toBeLessThan(220)
    const last = rows.nth(119)
    await last.scrollIntoViewIfNeeded()
    await expect(last).toContainText('COPY step 120')
    await expect(last.getByRole('link', { name: `Download ${layers[119]?.digest}` })).toBeInViewport({ ratio: 1 })
  }
})

test('a phone shows a label’s origin, its copy button and every tab', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/r/local/team/app:1.0.0?tab=labels')
  const row = page.getByRole('row', { name: /^com\.example\.owner/ })
  await expect(row.getByText('config label')).toBeInViewport({ ratio: 1 })
  await expect(row.getByRole('button', { name: 'Copy the value of com.example.owner' })).toBeInViewport({ ratio: 1 })
  const tab = page.getByRole('navigation', { name: views }).getByRole('link', { name: 'Raw JSON' })
  await expect(tab).toBeInViewport({ ratio: 0.9 })
})

test('a phone has one row of actions, the rest in a menu', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/r/local/team/app:1.0.0')
  const header = page.getByRole('main').locator('header')
  const tops = new Set<number>()
  for (const control of await header.getByRole('button').filter({ visible: true }).all())
    if (await control.evaluate((element) => element.closest('dl') === null))
      tops.add(Math.round((await control.boundingBox())?.y ?? -1))
  expect(tops.size).toBe(1)
  await expect(header.getByRole('link', { name: /^(?:Compare|Changes since)/ })).toBeVisible()
  await header.getByRole('button', { name: 'More actions' }).click()
  await expect(page.getByRole('menuitem', { name: 'Check…' })).toBeInViewport({ ratio: 1 })
  await expect(page.getByRole('menuitem', { name: /^OCI archive/ }).first()).toBeInViewport({ ratio: 1 })
  await page.getByRole('menuitem', { name: 'Check…' }).click()
  await expect(page.getByRole('dialog', { name: /^Check/ })).toBeVisible()
})

test('layers stand next to the step that made them, as do steps without a layer', async ({ page, stocked }) => {
  const { layers } = await pushImage(stocked.registry.url, 'steps/app', ['1'], {
    layers: [{ base: 'x' }, { app: 'y' }],
    config: {
      history: [
        { created_by: 'ADD rootfs' },
        { created_by: 'ENV MODE=production', empty_layer: true },
        { created_by: 'COPY app /app' },
        { created_by: 'CMD ["/app"]', empty_layer: true },
      ],
    },
  })
  await page.goto('/r/local/steps/app:1?tab=layers')
  const rows = page.getByRole('table', { name: 'Layers of steps/app' }).getByRole('row')
  await expect(rows).toHaveText([/Step/, /ADD rootfs/, /ENV MODE.*no layer/, /COPY app/, /CMD.*no layer/])
  await expect(rows.nth(3)).toContainText(String(layers[1]?.digest).slice(7, 19))
  await expect(page.getByText('2 layers, 2 steps without a layer')).toBeVisible()
})

test('an index lists its platforms, and a URL can choose one', async ({ page, stocked: { stock } }) => {
  await page.goto('/r/local/team/multi:2')
  const platforms = page.getByRole('region', { name: 'Platforms' })
  await expect(platforms.getByRole('rowheader')).toHaveText(['linux/amd64', 'linux/arm64/v8'])
  await platforms.getByRole('link', { name: 'linux/arm64/v8' }).click()
  await expect(page).toHaveURL(/platform=linux\/arm64\/v8/)
  await page.goto('/r/local/team/multi:2?platform=linux/arm64/v8&tab=layers')
  const arm = stock.multiChildren[1]
  await expect(page.getByRole('region', { name: 'Contents' })).toContainText(
    String(arm?.layers[1]?.digest).slice(7, 19),
  )
  const platform = page.getByRole('navigation', { name: 'Platform' })
  await expect(platform.getByRole('link', { name: 'linux/arm64/v8' })).toHaveAttribute('aria-current', 'true')
  await platform.getByRole('link', { name: 'linux/amd64' }).click()
  await expect(page).toHaveURL(/platform=linux\/amd64&tab=layers/)
  await expect(platform.getByRole('link', { name: 'linux/amd64' })).toHaveAttribute('aria-current', 'true')
})

test('a Docker schema 2 image is shown like any other', async ({ page }) => {
  await page.goto('/r/local/legacy/docker:1?tab=raw')
  await expect(page.getByRole('main')).toContainText('application/vnd.docker.distribution.manifest.v2+json')
})

test('a Helm chart shows what it is and how to get it with helm and oras', async ({ page, stocked }) => {
  await page.goto('/r/local/charts/web:1.2.3')
  await expect(page.getByText('Helm chart', { exact: true }).first()).toBeVisible()
  const commands = page.getByRole('region', { name: 'Pull commands' })
  await expect(commands).toContainText(
    `helm pull --plain-http oci://${stocked.registry.host}/charts/web --version 1.2.3`,
  )
  await commands.getByRole('tab', { name: 'oras' }).click()
  const { host } = stocked.registry
  await expect(commands).toContainText(
    `oras copy --from-plain-http ${host}/charts/web@${stocked.stock.chart.digest} --to-oci-layout`,
  )
})

test('an artifact lists its files by their titles', async ({ page, stocked }) => {
  const content = { content: 'data', mediaType: 'text/plain', title: 'readme.txt' }
  await pushArtifact(stocked.registry.url, 'kinds/artifact', ['1'], 'application/vnd.example.thing', [content])
  await page.goto('/r/local/kinds/artifact:1')
  await expect(page.getByText('Artifact (application/vnd.example.thing)').first()).toBeVisible()
  await expect(page.getByText('readme.txt')).toBeVisible()
})

test('referrers are found on a registry without the referrers API', async ({ page, stocked: { stock } }) => {
  await page.goto('/r/local/team/app:latest?tab=referrers')
  const row = page.getByRole('region', { name: 'SBOMs' }).getByRole('listitem')
  await expect(row).toContainText('application/spdx+json')
  await row.getByRole('link').click()
  await expect(page).toHaveURL(`/r/local/team/app@${stock.sbom.digest}`)
})

test('the page shows its number of referrers, its other tags, and the index it was reached from', async ({
  page,
  stocked: { stock },
}) => {
  await page.goto('/r/local/team/app')
  await page.goto('/r/local/team/app:1.0.0')
  const tabs = page.getByRole('navigation', { name: views })
  await expect(tabs.getByRole('link', { name: 'Signatures & SBOMs 1' })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: /^1 SBOM$/ })).toBeVisible()
  await expect(page.getByText('No signature found')).toBeVisible()
  await page.getByRole('link', { name: 'Show', exact: true }).click()
  await expect(page).toHaveURL('/r/local/team/app:1.0.0?tab=referrers')
  await page.goBack()
  const facts = page.getByRole('main').getByRole('definition')
  await expect(facts.filter({ has: page.getByRole('link', { name: 'latest', exact: true }) })).toHaveText('1.0, latest')
  await page.goto('/r/local/team/multi:2')
  await page
    .getByRole('region', { name: 'Platforms' })
    .getByRole('link', { name: stock.multiChildren[1]?.digest.slice(0, 19) })
    .click()
  await expect(page.getByText('The linux/arm64/v8 of')).toBeVisible()
  await tabs.getByRole('link', { name: /Layers/ }).click()
  await page
    .getByRole('main')
    .getByRole('link', { name: stock.multi.digest.slice(0, 19) })
    .click()
  await expect(page).toHaveURL(`/r/local/team/multi@${stock.multi.digest}?platform=linux/arm64/v8`)
})

test('every digest in the raw JSON links to what it names', async ({ page, stocked: { stock } }) => {
  await page.goto('/r/local/team/multi:2?tab=raw&platform=linux/amd64')
  const child = stock.multiChildren[0]
  await page.getByRole('link', { name: `"${child?.config.digest}"` }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Blob of team/multi')
  await expect(page.getByRole('main')).toContainText('"architecture": "amd64"')
  await expect(page.getByRole('main')).toContainText('application/vnd.oci.image.config.v1+json')
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText(String(child?.digest.slice(0, 19)))
  await page.goto(`/r/local/team/app@${stock.sbom.digest}?tab=raw`)
  await page.getByRole('link', { name: `"${stock.app.digest}"` }).click()
  await expect(page).toHaveURL(`/r/local/team/app@${stock.app.digest}`)
})

test('a pull command is copied with one click, by tag and by digest', async ({ page, stocked }) => {
  await page.goto('/r/local/team/app:1.0.0')
  await page.getByRole('button', { name: 'Copy the command by tag' }).click()
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await expect.poll(clipboard).toBe(`docker pull ${stocked.registry.host}/team/app:1.0.0`)
  await page.getByRole('tab', { name: 'podman' }).click()
  await page.getByRole('button', { name: 'Copy the command by digest' }).click()
  await expect
    .poll(clipboard)
    .toBe(`podman pull --tls-verify=false ${stocked.registry.host}/team/app@${stocked.stock.app.digest}`)
})

test('copying works on plain http, where browsers have no clipboard API', async ({ page, stocked }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.goto('/r/local/team/app:1.0.0')
  await page.getByRole('button', { name: 'Copy the command by tag' }).click()
  await expect(page.getByText('Copied', { exact: true })).toBeAttached()
  const field = page.getByRole('textbox', { name: /^Filter/ })
  await field.focus()
  await page.keyboard.press('Control+v')
  await expect(field).toHaveValue(`docker pull ${stocked.registry.host}/team/app:1.0.0`)
})
