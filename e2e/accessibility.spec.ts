import { expect } from '@playwright/test'
import { signIn, test } from './people.ts'
import { violations } from './violations.ts'

const image = '/r/local/team/app:1.0.0'

for (const scheme of ['light', 'dark'] as const)
  test(`every dialog meets WCAG 2.2 AA in the ${scheme} theme`, async ({ page }) => {
    // Colours are judged as they are at rest.
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await signIn(page, 'ada', image)
    const check = async (name: string) => {
      const dialog = page.getByRole('dialog').or(page.getByRole('menu'))
      await expect(dialog).toBeVisible()
      await expect(dialog).toHaveCSS('opacity', '1')
      expect.soft(await violations(page), name).toEqual([])
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
    }
    await page.getByRole('button', { name: 'Retag' }).click()
    await page.getByRole('dialog').getByLabel('New tag').fill('0.9.0')
    await expect(page.getByText('0.9.0 is now another image')).toBeVisible()
    await check('retag')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect(page.getByText('Tags kept')).toBeVisible()
    await check('delete')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('team/app')
    await expect(page.getByRole('option', { name: /^team\/app/ })).toBeVisible()
    await check('palette')
    await page.keyboard.press('?')
    await check('shortcuts')
    await page.goto('/r/local/team/app')
    await page.getByRole('button', { name: 'Actions for latest' }).click()
    await check('menu')
    await page.getByRole('button', { name: 'Copy all' }).click()
    await expect(page.getByText('These tags are already in this repository')).toBeVisible()
    await check('copy all')
    await page.getByRole('button', { name: /^ada: / }).click()
    await expect(page.getByRole('region', { name: 'Your rights' })).toBeVisible()
    expect.soft(await violations(page), 'user menu').toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('rowheader').getByRole('link', { name: 'latest' }).focus()
    await page.keyboard.press('c')
    await expect(page.getByText('Pull command copied').first()).toBeVisible()
    expect.soft(await violations(page), 'toast').toEqual([])
  })

test('on a phone the tree opens with one button', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/')
  await expect(page.getByRole('tree')).toBeHidden()
  await page.getByRole('button', { name: 'Repositories' }).click()
  await page.getByRole('treeitem', { name: 'legacy' }).getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'legacy', level: 1 })).toBeVisible()
  await expect(page.getByRole('tree')).toBeHidden()
})

test('nothing shifts while a repository loads', async ({ page }) => {
  await page.addInitScript(() => {
    const total = window as unknown as { shifted: number }
    total.shifted = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) total.shifted += (entry as unknown as { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  for (const path of ['/r/local/team/app', image, '/']) {
    await page.goto(path, { waitUntil: 'networkidle' })
    expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted), path).toBeLessThan(0.02)
  }
})
