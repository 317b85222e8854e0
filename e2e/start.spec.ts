import { expect, test } from './fixtures.ts'

test('a configured registry opens on the start page, with its content', async ({ page, stocked }) => {
  await page.goto('/')
  await expect(page.getByRole('main')).toContainText('local')
  await expect(page.getByRole('main')).toContainText(stocked.registry.host)
  await expect(page.getByRole('link', { name: /team/ }).first()).toBeVisible()
})
