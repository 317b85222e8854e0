import { pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { deleteOldTagsAndUndo, findNothingOfOthers } from './journeys/old-tags.ts'
import { signIn, test } from './people.ts'

test('an operator deletes 400 old tags in four clicks, and restores them in one', async ({ page, stocked }) => {
  test.setTimeout(600_000)
  await deleteOldTagsAndUndo(page, stocked.registry.url)
})

test('an operator adds a label to the images of selected tags, and removes it again in one step', async ({
  page,
  stocked,
}) => {
  const { url } = stocked.registry
  await pushImage(url, 'team-a/tools', ['1.0', '1.0-slim'])
  await pushImage(url, 'team-a/tools', ['2.0'], { labels: { version: '2.0' } })
  await signIn(page, 'omar', '/r/local/team-a/tools')
  await page.getByRole('checkbox', { name: 'Select all tags on this page' }).check()
  await page.getByRole('region', { name: 'Selected tags' }).getByRole('button', { name: 'Add label' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a label to 3 tags' })
  await dialog.getByLabel('Key').fill('reviewed-by')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('quay')
  await dialog.getByRole('button', { name: 'Preview' }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Add reviewed-by=quay to 2 images in team-a/tools')
  await expect(page.getByText('Gets reviewed-by=quay')).toHaveCount(2)
  await page.getByRole('button', { name: 'Label 2 images' }).click()
  await expect(heading).toHaveText('Added reviewed-by=quay to 2 of 2 images in team-a/tools')
  const plan = page.url()
  const added = page.getByRole('table', { name: 'Labels added in Lading' })
  for (const tag of ['1.0-slim', '2.0']) {
    await page.goto(`/r/local/team-a/tools:${tag}?tab=labels`)
    await expect(added).toContainText('reviewed-by')
  }
  await page.goto(plan)
  await page.getByRole('button', { name: 'Undo all 2 images' }).click()
  await expect(heading).toHaveText('Removed reviewed-by=quay from 2 images in team-a/tools')
  await page.goto('/r/local/team-a/tools:2.0?tab=labels')
  await expect(page.getByRole('button', { name: 'Add label' })).toBeVisible()
  await expect(added).toHaveCount(0)
})

test('an operator can’t see another team’s plan, nor select its tags', ({ page, stocked }) =>
  findNothingOfOthers(page, stocked.registry.url))
