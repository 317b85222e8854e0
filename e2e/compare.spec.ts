import { pushImage, pushIndex } from '../lib/testing/servers/images.ts'
import { expect, test } from './fixtures.ts'

const before = 'local/team/app:0.9.0'
const after = 'local/team/app:1.0.0'

test('compares two tags selected in the table', async ({ page }) => {
  await page.goto('/r/local/team/app')
  await page.getByRole('checkbox', { name: 'Select 0.9.0' }).check()
  await expect(page.getByText('Select another tag to compare')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Select 1.0.0' }).check()
  await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
  await expect(page).toHaveURL(`/diff?a=${before}&b=${after}`)
  const labels = page.getByRole('region', { name: 'Labels and annotations' })
  await expect(
    labels.getByRole('row', { name: /changed org\.opencontainers\.image\.version 0\.9\.0 1\.0\.0/ }),
  ).toBeVisible()
  await expect(labels.getByRole('row', { name: /removed com\.example\.deprecated yes/ })).toBeVisible()
  await expect(labels.getByRole('row', { name: /added org\.opencontainers\.image\.title/ })).toBeVisible()
})

test('aligns layers: the shared base, replaced ones and added ones', async ({ page, stocked: { stock } }) => {
  await page.goto(`/diff?a=${before}&b=${after}&view=all`)
  const steps = page.getByRole('region', { name: 'Layers and history' }).getByRole('listitem')
  await expect(steps).toHaveText([/^=shared/, /^~replaced/, /^\+added/])
  await expect(steps.nth(1)).toContainText(String(stock.appOld.layers[1]?.digest).slice(7, 19))
  await expect(steps.nth(1)).toContainText(String(stock.app.layers[1]?.digest).slice(7, 19))
  await expect(page.getByRole('region', { name: 'Environment' })).toContainText('2 unchanged')
})

test('a tag’s menu starts a comparison, and typing picks the other side', async ({ page }) => {
  await page.goto('/r/local/team/app')
  await page.getByRole('button', { name: 'Actions for 0.9.0' }).click()
  await page.getByRole('menuitem', { name: 'Compare with…' }).click()
  await expect(page.getByRole('combobox', { name: 'After' })).toHaveValue(before)
  const other = page.getByRole('combobox', { name: 'Before' })
  await other.fill('app')
  await page.getByRole('option', { name: 'local/team/app:', exact: true }).click()
  await page.keyboard.type('1.0')
  await expect(page.getByRole('option')).toHaveCount(2)
  await expect(page.getByRole('option', { name: 'local/team/app:1.0.0' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[role=option][data-highlighted]')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(other).toHaveValue(/^local\/team\/app:1\.0/)
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Differences' })).toBeVisible()
})

test('compares images from two repositories', async ({ page }) => {
  await page.goto(`/diff?a=${before}&b=local/legacy/docker:1`)
  await expect(page.getByRole('link', { name: 'legacy/docker:1' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Labels and annotations' })).toContainText('maintainer')
})

test('compares two indexes platform by platform', async ({ page, stocked: { registry, stock } }) => {
  const amd64 = { os: 'linux', architecture: 'amd64' }
  const s390x = { os: 'linux', architecture: 's390x' }
  const child = await pushImage(registry.url, 'team/multi', [], { platform: amd64, labels: { generation: '3' } })
  const fresh = await pushImage(registry.url, 'team/multi', [], { platform: s390x })
  await pushIndex(
    registry.url,
    'team/multi',
    ['3'],
    [
      { manifest: child, platform: amd64 },
      { manifest: fresh, platform: s390x },
    ],
  )
  await page.goto('/diff?a=local/team/multi:2&b=local/team/multi:3')
  const platforms = page.getByRole('region', { name: 'Platforms' })
  await expect(platforms.getByRole('row', { name: /changed linux\/amd64/ })).toContainText(child.digest.slice(7, 19))
  await expect(platforms.getByRole('row', { name: /removed linux\/arm64/ })).toContainText(
    String(stock.multiChildren[1]?.digest).slice(7, 19),
  )
  await expect(platforms.getByRole('row', { name: /added linux\/s390x/ })).toBeVisible()
  await platforms.getByRole('link', { name: 'linux/amd64' }).click()
  await expect(page.getByRole('region', { name: 'Labels and annotations' })).toContainText('generation')
})

test('the raw view shows removed and added lines in context', async ({ page, stocked: { stock } }) => {
  await page.goto(`/diff?a=${before}&b=${after}`)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Raw JSON' }).click()
  await expect(page).toHaveURL(/view=raw/)
  const document = page.getByRole('region', { name: 'Differences' })
  await expect(document).toContainText(`- ${''}`)
  await expect(document).toContainText(stock.appOld.config.digest)
  await expect(document).toContainText(stock.app.config.digest)
  await expect(document).toContainText(/\d+ lines removed, \d+ lines added/)
})

test('a phone shows both sides of every row', async ({ page, stocked: { registry, stock } }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/diff?a=${before}&b=${after}`)
  const row = page.getByRole('row', { name: /changed org\.opencontainers\.image\.version/ })
  await row.scrollIntoViewIfNeeded()
  for (const value of ['0.9.0', '1.0.0'])
    await expect(row.getByRole('cell', { name: value })).toBeInViewport({ ratio: 1 })
  const [amd64] = stock.multiChildren
  if (!amd64) throw new Error('no child')
  const linux = { os: 'linux', architecture: 'amd64' }
  await pushIndex(registry.url, 'team/multi', ['phone'], [{ manifest: amd64, platform: linux }])
  await page.goto('/diff?a=local/team/multi:2&b=local/team/multi:phone')
  const platform = page.getByRole('row', { name: /linux\/arm64/ })
  await platform.scrollIntoViewIfNeeded()
  await expect(platform.getByRole('cell', { name: /sha256/ }).last()).toBeInViewport({ ratio: 1 })
})

test('the sides can be swapped', async ({ page }) => {
  await page.goto(`/diff?a=${before}&b=${after}`)
  await page.getByRole('button', { name: 'Swap sides' }).click()
  await expect(page).toHaveURL(`/diff?a=${after}&b=${before}`)
  await expect(page.getByRole('row', { name: /added com\.example\.deprecated/ })).toBeVisible()
})

test('two tags on one digest are reported as the same manifest', async ({ page }) => {
  await page.goto(`/diff?a=${after}&b=local/team/app:latest`)
  await expect(page.getByText('Both sides have the same digest')).toBeVisible()
})

test('two indexes that share an image aren’t reported as the same', async ({ page, stocked: { registry, stock } }) => {
  const [amd64] = stock.multiChildren
  if (!amd64) throw new Error('no child')
  await pushIndex(
    registry.url,
    'team/multi',
    ['slim'],
    [{ manifest: amd64, platform: { os: 'linux', architecture: 'amd64' } }],
  )
  await page.goto('/diff?a=local/team/multi:2&b=local/team/multi:slim')
  await expect(page.getByText('linux/amd64 is the same on both sides', { exact: true })).toBeVisible()
  await expect(page.getByText('The indexes differ: 1 platform is only in Before.')).toBeVisible()
  await expect(page.getByText('The same manifest')).toHaveCount(0)
  await expect(page.getByRole('main')).toContainText(stock.multi.digest.slice(7, 19))
})

test('a side that doesn’t exist is reported, and the picker stays', async ({ page }) => {
  await page.goto(`/diff?a=${before}&b=local/team/app:gone`)
  await expect(page.getByText('After: Not found', { exact: true })).toBeVisible()
  await expect(page.getByText(/^Before:/)).toHaveCount(0)
  await expect(page.getByRole('combobox', { name: 'After' })).toHaveValue('local/team/app:gone')
})

test('a side that has appeared meanwhile is compared after Retry', async ({ page, stocked: { registry } }) => {
  await pushImage(registry.url, 'late/app', ['1'])
  await page.goto('/diff?a=local/late/app:1&b=local/late/app:2')
  await expect(page.getByText('After: Not found', { exact: true })).toBeVisible()
  await pushImage(registry.url, 'late/app', ['2'], { labels: { version: '2' } })
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('After: Not found', { exact: true })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Labels' })).toBeVisible()
})

test('offers a comparison only while exactly two tags are selected', async ({ page }) => {
  await page.goto('/r/local/team/app')
  const pick = (tag: string) => page.getByRole('checkbox', { name: `Select ${tag}` })
  const bar = page.getByRole('region', { name: 'Selected tags' })
  await pick('0.9.0').check()
  await expect(bar.getByText('Select another tag to compare')).toBeVisible()
  await pick('1.0.0').check()
  await expect(bar.getByRole('link', { name: 'Compare' })).toBeVisible()
  await pick('latest').check()
  await expect(bar.getByText('3 tags selected')).toBeVisible()
  await expect(bar.getByRole('link', { name: 'Compare' })).toHaveCount(0)
})

test('explains the expected form of an invalid reference', async ({ page }) => {
  await page.goto(`/diff?a=not+a+reference&b=${after}`)
  await expect(page.getByText('Before: not a valid reference', { exact: true })).toBeVisible()
})

test('makes the older tag Before, in whichever order they were picked', async ({ page }) => {
  await page.goto('/r/local/team/app')
  await page.getByRole('checkbox', { name: 'Select 1.0.0', exact: true }).check()
  await page.getByRole('checkbox', { name: 'Select 0.9.0', exact: true }).check()
  await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
  await expect(page).toHaveURL(`/diff?a=${before}&b=${after}`)
})

test('compares an image with another one as After', async ({ page, stocked: { stock } }) => {
  await page.goto(`/r/local/team/app@${stock.app.digest}`)
  await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
  await expect(page.getByRole('combobox', { name: 'After' })).toHaveValue(`local/team/app@${stock.app.digest}`)
  await expect(page.getByRole('combobox', { name: 'Before' })).toHaveValue('')
})

test('accepts a tag alone or a repository without its registry, and suggests siblings first', async ({ page }) => {
  await page.goto(`/diff?b=${after}`)
  const other = page.getByRole('combobox', { name: 'Before' })
  await other.click()
  await expect(page.getByRole('option').first()).toHaveText(/^local\/team\/app:/)
  await other.fill('0.9.0')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Differences' })).toBeVisible()
  await expect(other).toHaveValue(before)
  await page.goto(`/diff?a=team/app:0.9.0&b=${after}`)
  await expect(page.getByRole('region', { name: 'Differences' })).toBeVisible()
})

test('one click leads from a release to the changes since the previous one', async ({ page }) => {
  await page.goto('/r/local/team/app:1.0.0')
  await page.getByRole('link', { name: 'Changes since 0.9.0' }).click()
  await expect(page).toHaveURL(`/diff?a=${before}&b=${after}`)
})

test('says in one sentence that both sides are the same image', async ({ page }) => {
  await page.goto(`/diff?a=${after}&b=local/team/app:latest`)
  await expect(page.getByText('Same image')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Platforms' })).toHaveCount(0)
})
