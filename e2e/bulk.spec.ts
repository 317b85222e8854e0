import type { Page, Route } from '@playwright/test'
import { pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { deleteOldTagsAndUndo, findNothingOfOthers } from './journeys/old-tags.ts'
import { signIn, test } from './people.ts'

/** As an operator: the draft of a plan for all tags of a new repository, each on an image of its own. */
async function planToDelete(page: Page, url: string, repository: string, tags: readonly string[]): Promise<void> {
  for (const tag of tags) await pushImage(url, repository, [tag], { labels: { tag } })
  await signIn(page, 'omar', `/r/local/${repository}`)
  await page.getByRole('checkbox', { name: 'Select all tags on this page' }).check()
  await page.getByRole('button', { name: `Delete ${tags.length} tags` }).click()
  await page.waitForURL(/\/plan\//)
}

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
  await expect(page.getByRole('treeitem', { name: 'tools', selected: true })).toBeInViewport()
  await page.getByRole('button', { name: 'Label 2 images' }).click()
  await expect(heading).toHaveText('Added reviewed-by=quay to 2 of 2 images in team-a/tools')
  const plan = page.url()
  const added = page.getByRole('table', { name: 'Labels added in Lading' })
  for (const tag of ['1.0-slim', '2.0']) {
    await page.goto(`/r/local/team-a/tools:${tag}?tab=labels`)
    await expect(added).toContainText('reviewed-by')
  }
  await page.goto(plan)
  await page.getByRole('main').getByRole('link', { name: 'Audit log' }).click()
  await expect(page).toHaveURL(/\/audit\?q=repo/)
  await page
    .getByRole('button', { name: /^Details of row/ })
    .first()
    .click()
  await page
    .getByRole('table', { name: /^Changes/ })
    .getByRole('link', { name: plan.split('/').at(-1) ?? '' })
    .click()
  await page.waitForURL(plan)
  await page.getByRole('button', { name: 'Undo all 2 images' }).click()
  await expect(heading).toHaveText('Removed reviewed-by=quay from 2 images in team-a/tools')
  await expect(page.getByText('No longer has reviewed-by=quay')).toHaveCount(2)
  await page.goto('/r/local/team-a/tools:2.0?tab=labels')
  await expect(page.getByRole('button', { name: 'Add label' })).toBeVisible()
  await expect(added).toHaveCount(0)
})

test('an operator can’t see another team’s plan, nor select its tags', ({ page, stocked }) =>
  findNothingOfOthers(page, stocked.registry.url))

test('a cancelled run says what it didn’t try, on its page, under jobs and while it is undone', async ({
  page,
  stocked,
}) => {
  const tags = Array.from({ length: 12 }, (_, index) => `c${index}`)
  for (const tag of tags) await pushImage(stocked.registry.url, 'team-a/cancelled', [tag], { labels: { tag } })
  await signIn(page, 'omar', '/r/local/team-a/cancelled')
  await page.getByRole('checkbox', { name: 'Select all tags on this page' }).check()
  await page.getByRole('button', { name: 'Delete 12 tags' }).click()
  await page.waitForURL(/\/plan\//)
  await page.setViewportSize({ width: 390, height: 844 })
  const footer = page.locator('form').filter({ has: page.getByLabel('Speed') })
  // Two rows: the rest of a phone is for what is read before.
  expect((await footer.boundingBox())?.height).toBeLessThan(110)
  // The checkbox for all rows isn't covered by the first row.
  const all = await page.getByRole('checkbox', { name: /^Select all/ }).boundingBox()
  const first = await page.getByRole('table').locator('tbody tr').first().boundingBox()
  expect((all?.y ?? 0) + (all?.height ?? 99)).toBeLessThanOrEqual(first?.y ?? 0)
  // What isn’t saved says so in view from the last row as well.
  await page.route('**/*', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await page.getByRole('row').last().getByRole('checkbox').click()
  await expect(page.getByRole('alert').filter({ hasText: 'Can’t reach Lading' })).toBeInViewport({ ratio: 1 })
  await page.unrouteAll()
  await page.reload()
  // Nor is any row covered by the footer, once the focus gets there.
  await page.getByRole('checkbox', { name: /^Select all/ }).focus()
  for (const _ of tags) {
    await page.keyboard.press('Tab')
    expect(await isFocusCovered(page)).toBe(false)
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.getByLabel('Speed').selectOption('1')
  await page.getByLabel('Type 12 to confirm').fill('12')
  await page.getByRole('button', { name: 'Delete 12 tags' }).click()
  const heading = page.getByRole('heading', { level: 1 })
  await expect(page.getByRole('cell', { name: 'Image deleted' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel the rest' }).click()
  await expect(heading).toHaveText(/^Cancelled: deleted \d+ of 12 tags/)
  const items = page.getByRole('table', { name: 'Items of the plan' })
  await expect(items.getByText('Not tried').first()).toBeVisible()
  await expect(items.getByText('Waiting')).toHaveCount(0)
  await expect(items.getByText('Deletes the image')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Not tried' })).toBeVisible()
  // Its rest can be planned as it is now.
  await expect(page.getByRole('button', { name: 'Plan again' })).toBeEnabled()
  await expect(page.getByText('Frees at most')).toBeVisible()
  const plan = page.url()
  await page.goto('/jobs')
  await expect(page.getByRole('listitem').filter({ hasText: 'team-a/cancelled' }).first()).toContainText('Stopped')
  await page.goto(plan)
  await page.getByRole('button', { name: /^Undo all/ }).click()
  const progress = page.getByRole('region', { name: 'Progress' })
  await expect(progress).toContainText('restored')
  await expect(progress).not.toContainText('Started')
  await expect(items.getByText('Deletes the image')).toHaveCount(0)
  await expect(heading).toHaveText(/^Restored \d+ tags? in team-a\/cancelled/)
})

test('confirming a selection that changed elsewhere says so, also if the number is the same', async ({
  page,
  context,
  stocked,
}) => {
  await planToDelete(page, stocked.registry.url, 'team-a/confirmed', ['a', 'b', 'c'])
  const other = await context.newPage()
  const selected = other.getByRole('heading', { level: 1 })
  await other.goto(page.url())
  await other.getByRole('checkbox', { name: 'Delete a' }).uncheck()
  await expect(selected).toHaveText(/^Delete 2 tags/)
  await page.getByLabel('Type 3 to confirm').fill('3')
  await page.getByRole('button', { name: 'Delete 3 tags' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Delete 2 tags/)
  const alert = page.getByRole('alert').filter({ hasText: 'The plan’s selection has changed' })
  await expect(alert).toContainText('The plan now has 2 tags.')
  const number = page.getByLabel('Type 2 to confirm')
  await expect(number).toHaveValue('')

  await other.getByRole('checkbox', { name: 'Delete b' }).uncheck()
  await expect(selected).toHaveText(/^Delete 1 tag/)
  await other.getByRole('checkbox', { name: 'Delete a' }).check()
  await expect(selected).toHaveText(/^Delete 2 tags/)
  await number.fill('2')
  await page.getByRole('button', { name: 'Delete 2 tags' }).click()
  await expect(number).toHaveValue('')
  await expect(page.getByRole('alert').filter({ hasText: 'the plan now has 2 tags' })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'Delete a' })).toBeChecked()
  await expect(page.getByRole('checkbox', { name: 'Delete b' })).not.toBeChecked()
})

test('what is chosen in a plan shows at once, however slow the server, and says when it isn’t saved', async ({
  page,
  stocked,
}) => {
  await planToDelete(page, stocked.registry.url, 'team-a/slow', ['a', 'b', 'c'])
  const answers = Promise.withResolvers<void>()
  const isPost = (route: Route) => route.request().method() === 'POST'
  await page.route('**/*', async (route) => {
    if (isPost(route)) await answers.promise
    await route.continue()
  })
  const box = (tag: string) => page.getByRole('checkbox', { name: `Delete ${tag}`, exact: true })
  const speed = page.getByRole('combobox', { name: 'Speed' })
  await box('a').uncheck()
  await box('b').uncheck()
  await speed.selectOption('4 images per second')
  for (const tag of ['a', 'b']) await expect(box(tag)).not.toBeChecked()
  await expect(speed).toHaveValue('4')
  answers.resolve()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Delete 1 tag/)
  for (const tag of ['a', 'b']) await expect(box(tag)).not.toBeChecked()
  await expect(speed).toHaveValue('4')

  await page.unrouteAll()
  await page.route('**/*', (route) => (isPost(route) ? route.abort() : route.continue()))
  await box('c').click()
  await expect(page.getByRole('alert').filter({ hasText: 'Can’t reach Lading' })).toBeVisible()
  await expect(box('c')).toBeChecked()
})

test('a dry run says what it found, and writes nothing', async ({ page, stocked }) => {
  const { url } = stocked.registry
  await planToDelete(page, url, 'team-a/dry', ['d1', 'd2'])
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(
    page.getByText('Dry run finished, and nothing was written. Everything is still as planned.'),
  ).toBeVisible()
  await pushImage(url, 'team-a/dry', ['d2'], { labels: { tag: 'moved' } })
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByText('1 tag will be skipped: the list says why.')).toBeVisible()
})

function isFocusCovered(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (!focused) return true
    const { x, y, width, height } = focused.getBoundingClientRect()
    return !focused.contains(document.elementFromPoint(x + width / 2, y + height / 2))
  })
}

test('a plan that waits for another one of the same person leads to it', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const tags = Array.from({ length: 8 }, (_, index) => `w${index}`)
  await planToDelete(page, url, 'team-a/ahead', tags)
  const ahead = page.url()
  await page.getByLabel('Speed').selectOption('1')
  await page.getByLabel('Type 8 to confirm').fill('8')
  await page.getByRole('button', { name: 'Delete 8 tags' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Deleting 8 tags/)
  await planToDelete(page, url, 'team-a/behind', ['a', 'b'])
  await page.getByLabel('Type 2 to confirm').fill('2')
  await page.getByRole('button', { name: 'Delete 2 tags' }).click()
  const waits = page.getByRole('link', { name: 'another plan in team-a/ahead' })
  await waits.click()
  await expect(page).toHaveURL(ahead)
})
