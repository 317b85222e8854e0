import type { Page } from '@playwright/test'
import { digestOfTag, pushImage } from '../../lib/testing/servers/images.ts'
import { expect } from '../fixtures.ts'
import { signIn } from '../people.ts'

export async function deleteImage(page: Page, path: string, tag: string) {
  await page.goto(`/r/local/${path}:${tag}`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Delete ${tag}` })
  await dialog.getByRole('radio', { name: /^The image/ }).check()
  await dialog.getByRole('button', { name: 'Delete image and 1 tag' }).click()
  await expect(page.getByText('Image and 1 tag deleted', { exact: true })).toBeVisible()
}

/** The row of one repository's only item. */
export function rowOf(page: Page, repository: string) {
  return page.getByRole('listitem').filter({ hasText: `local/${repository}` })
}

/** An admin deletes an image and restores it. */
export async function restoreFromTrash(page: Page, registry: string): Promise<void> {
  const { digest } = await pushImage(registry, 'trash/deleted', ['1.0'], { labels: { of: 'deleted' } })
  await signIn(page, 'ada')
  await deleteImage(page, 'trash/deleted', '1.0')
  await page.goto('/trash')
  const row = rowOf(page, 'trash/deleted')
  await expect(row).toContainText('1.0 deleted')
  await expect(row).toContainText('by ada')
  await expect(row).toContainText(/Kept for another (90|89) days, unless garbage collection removes its layers first/)
  await expect(row).toContainText('Can be restored right now')
  await row.getByRole('button', { name: 'Restore 1.0' }).click()
  await expect(page.getByText('1.0 restored', { exact: true })).toBeVisible()
  await expect(row).toHaveCount(0)
  expect(await digestOfTag(registry, 'trash/deleted', '1.0')).toBe(digest)
}
