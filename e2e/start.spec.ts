import { expect, test } from './fixtures.ts'

test('a configured registry is open at the start page, with what it holds', async ({ page, stocked }) => {
  await page.goto('/')
  await expect(page.getByRole('main')).toContainText('local')
  await expect(page.getByRole('main')).toContainText(stocked.registry.host)
  await expect(page.getByRole('link', { name: /team/ }).first()).toBeVisible()
})
