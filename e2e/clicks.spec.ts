import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { countClicks } from './count-clicks.ts'
import { expect } from './fixtures.ts'
import { signIn, test } from './people.ts'

const PLACE = 'clicks/app'
const labels = (version: string) => ({
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.licenses': 'Apache-2.0',
  'org.opencontainers.image.source': 'https://git.example.com/clicks/app',
})

test.beforeEach(async ({ stocked: { registry } }) => {
  await pushImage(registry.url, PLACE, ['1.4.1', 'latest'], { labels: labels('1.4.1') })
  await pushImage(registry.url, PLACE, ['1.4.2'], { labels: labels('1.4.2') })
})

test('what changed since the previous version takes one click', async ({ page }) => {
  await page.goto(`/r/local/${PLACE}:1.4.2`)
  const clicks = await countClicks(page)
  await page.getByRole('link', { name: 'Changes since 1.4.1' }).click()
  await expect(page).toHaveURL(/\/diff\?a=.*1\.4\.1.*b=.*1\.4\.2/)
  await expect(page.getByRole('row', { name: /image\.version/ })).toContainText('1.4.1')
  expect(await clicks()).toBe(1)
})

test('moving latest to a version takes three clicks', async ({ page, stocked: { registry } }) => {
  await signIn(page, 'ada', `/r/local/${PLACE}`)
  await page.getByRole('rowheader').getByRole('link', { name: '1.4.2', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${PLACE}:1.4.2`)
  const clicks = await countClicks(page)
  await page.getByRole('button', { name: 'Retag' }).click()
  const dialog = page.getByRole('dialog', { name: 'Retag' })
  await expect(dialog.getByLabel('New tag')).toBeFocused()
  await page.keyboard.type('latest')
  await expect(dialog.getByText('latest is now 1.4.1')).toBeVisible()
  await dialog.getByRole('checkbox', { name: /^Move it/ }).click()
  await dialog.getByRole('button', { name: 'Move latest to 1.4.2' }).click()
  await expect(page.getByText('latest moved to 1.4.2', { exact: true }).first()).toBeVisible()
  expect(await clicks()).toBe(3)
  const { digest } = await pushImage(registry.url, PLACE, ['1.4.2'], { labels: labels('1.4.2') })
  expect(await digestOfTag(registry.url, PLACE, 'latest')).toBe(digest)
})

test('the pull command by digest takes two clicks in a list, or one key', async ({ page, stocked: { registry } }) => {
  const { digest } = await pushImage(registry.url, PLACE, ['1.4.2'], { labels: labels('1.4.2') })
  const copied = () => page.evaluate(() => navigator.clipboard.readText())
  await page.goto(`/r/local/${PLACE}`)
  const clicks = await countClicks(page)
  await page.getByRole('button', { name: 'Actions for 1.4.2' }).click()
  await page.getByRole('menuitem', { name: 'Copy pull command by digest' }).click()
  await expect.poll(copied).toBe(`docker pull ${registry.host}/${PLACE}@${digest}`)
  expect(await clicks()).toBe(2)
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await page.goto(`/r/local/${PLACE}`)
  await page.getByRole('rowheader').getByRole('link', { name: '1.4.2', exact: true }).focus()
  await page.keyboard.press('c')
  await expect.poll(copied).toBe(`docker pull ${registry.host}/${PLACE}@${digest}`)
})

test('a pasted reference or digest opens with Ctrl+K, paste, Enter', async ({ page, stocked: { registry } }) => {
  const { digest } = await pushImage(registry.url, PLACE, ['1.4.2'], { labels: labels('1.4.2') })
  await page.goto(`/r/local/${PLACE}`)
  for (const [pasted, title] of [
    [`docker pull ${registry.host}/${PLACE}:1.4.1`, `${PLACE}:1.4.1`],
    [digest, `${PLACE}@${digest.slice(0, 19)}`],
  ] as const) {
    const clicks = await countClicks(page)
    await page.evaluate((text) => navigator.clipboard.writeText(text), pasted)
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox')).toBeFocused()
    await page.keyboard.press('Control+v')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    expect(await clicks()).toBe(0)
  }
})

test('an image’s page shows its licence and source', async ({ page }) => {
  await page.goto(`/r/local/${PLACE}:1.4.2`)
  const about = page.getByRole('region', { name: 'About' })
  await expect(about).toContainText('Apache-2.0')
  await expect(about.getByRole('link', { name: /git\.example\.com\/clicks\/app/ })).toBeVisible()
})
