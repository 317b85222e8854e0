import { expect, type Page } from '@playwright/test'
import { pushImage } from '../lib/testing/servers/images.ts'
import { signIn, test } from './people.ts'

const PLACE = 'dialogs/payments/payments-api-gateway-service'

test.beforeAll(({ stocked: { registry } }) => pushImage(registry.url, PLACE, ['1.4.2-rc.1']))

const open = (page: Page) => signIn(page, 'ada', `/r/local/${PLACE}:1.4.2-rc.1`)

for (const [button, field] of [
  ['Retag', 'New tag'],
  ['Copy to', 'Tag'],
] as const)
  test(`${button} focuses its field, names the tag in full and returns the focus`, async ({ page }) => {
    await open(page)
    await page.getByRole('button', { name: button }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel(field, { exact: true })).toBeFocused()
    await expect(dialog.getByText(':1.4.2-rc.1', { exact: true })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('button', { name: button })).toBeFocused()
  })

test('a dialog from a tag’s menu returns the focus to the menu', async ({ page }) => {
  await signIn(page, 'ada', `/r/local/${PLACE}`)
  const menu = page.getByRole('button', { name: 'Actions for 1.4.2-rc.1' })
  await menu.click()
  await page.getByRole('menuitem', { name: 'Retag…' }).click()
  await expect(page.getByRole('dialog').getByLabel('New tag')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(menu).toBeFocused()
})

for (const button of ['Retag', 'Copy to', 'Delete', 'Check'])
  test(`${button} fits on a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open(page)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: `${button}…` }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toHaveCSS('opacity', '1')
    await expect
      .poll(async () => {
        const { x = -1, width = 999 } = (await dialog.boundingBox()) ?? {}
        return x >= 0 && x + width <= 390
      })
      .toBe(true)
    for (const control of await dialog.getByRole('button').all()) {
      const { x = -1, width = 999 } = (await control.boundingBox()) ?? {}
      expect(x >= 0 && x + width <= 390, (await control.textContent()) ?? undefined).toBe(true)
    }
  })

test('the delete dialog names the registry', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByRole('dialog', { name: 'Delete 1.4.2-rc.1' })).toHaveAccessibleDescription(`local/${PLACE}`)
})
