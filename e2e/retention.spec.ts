import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { NEW, OLD, runBySchedule } from './journeys/retention.ts'
import { signIn, test } from './people.ts'

test('an admin simulates a policy, saves it, runs it and undoes the run', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const kept = new Map<string, string>()
  for (const [tag, created] of [
    ['1.0', OLD],
    ['2.0', NEW],
    ['pr-1', OLD],
    ['pr-2', NEW],
  ] as const) {
    const { digest } = await pushImage(url, 'keep/web', [tag], { labels: { tag }, created })
    kept.set(tag, digest)
  }
  await signIn(page, 'ada', '/r/local/keep/web')
  await expect(page.getByText('4 tags').first()).toBeVisible()
  await page.goto('/trash')
  await page.getByRole('link', { name: 'Retention policies' }).click()
  await page.getByRole('link', { name: 'New policy' }).click()
  await page.getByLabel('Name').fill('web-builds')
  await page.getByLabel('Tags of').fill('registry:local repo:keep/web')
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toHaveText('web-builds would keep 2 tags and delete 2')
  await expect(page.getByText('50.0% is more than 25%')).toBeVisible()
  await page.getByRole('button', { name: 'matches a query' }).click()
  await page.getByLabel('Rule 2: query').fill('tag:1.*')
  await expect(title).toHaveText('web-builds would keep 3 tags and delete 1')
  // The numbers are whole, however small their part of the bar.
  const share = page.getByRole('region', { name: 'Outcome' }).getByText('1 to delete, 25.0%')
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => share.evaluate(isUncut)).toBe(true)
  }
  await page.getByLabel('Tags to explain').fill('1.0, pr-1')
  await expect(page.getByText('2 of 4')).toBeVisible()
  await expect(page.getByText('Rule 2: matches tag:1.*.')).toBeVisible()
  await expect(page.getByText('110 days too old for rule 1.')).toBeVisible()
  await page.getByRole('button', { name: 'Save policy' }).click()
  await page.waitForURL(/settings\/retention\/[0-9a-f-]{36}$/)
  await page.getByRole('button', { name: 'Run now…' }).click()
  await page.getByRole('button', { name: 'Run and delete' }).click()
  const runs = page.getByRole('region', { name: 'Last runs' })
  await expect(runs).toContainText('1 tag deleted', { timeout: 60_000 })
  await expect(runs).toContainText('started by ada')
  await expect(title).toHaveText('web-builds would keep 3 tags and delete 0')
  expect(await digestOfTag(url, 'keep/web', 'pr-1')).toBeUndefined()
  for (const tag of ['1.0', '2.0', 'pr-2']) expect(await digestOfTag(url, 'keep/web', tag)).toBe(kept.get(tag))
  await runs.getByRole('link', { name: 'local/keep/web' }).click()
  await expect(title).toHaveText('Deleted 1 of 1 tag from keep/web')
  await expect(page.getByText('By the retention policy web-builds')).toBeVisible()
  await page.getByRole('button', { name: 'Undo all 1 tag' }).click()
  await expect(title).toHaveText('Restored 1 tag in keep/web', { timeout: 60_000 })
  expect(await digestOfTag(url, 'keep/web', 'pr-1')).toBe(kept.get('pr-1'))

  // Removed only once that's confirmed.
  await page.goto('/settings/retention')
  await page.getByRole('link', { name: 'web-builds' }).click()
  await page.getByRole('button', { name: 'Remove policy…' }).click()
  await expect(page.getByText('Removes web-builds for good.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Remove policy…' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove policy', exact: true }).click()
  await page.waitForURL(/settings\/retention$/)
  await expect(page.getByRole('link', { name: 'web-builds' })).toHaveCount(0)
})

test('policies run when their schedule says, and one stops at its limit and deletes nothing', async ({
  page,
  stocked,
}) => {
  test.setTimeout(600_000)
  await runBySchedule(page, stocked.registry.url)
})

test('only admins find the policies', async ({ page }) => {
  await signIn(page, 'omar', '/settings/retention')
  await expect(page.getByText(/not found/i).first()).toBeVisible()
  await page.goto('/trash')
  await expect(page.getByRole('link', { name: 'Retention policies' })).toHaveCount(0)
})

test('edits of a policy outlive its page, and replace what another admin saved only after saying so', async ({
  page,
  context,
}) => {
  await signIn(page, 'ada', '/settings/retention/new')
  const name = page.getByLabel('Name')
  await name.fill('shared')
  await page.getByLabel('Tags of').fill('repo:keep/shared')
  await page.getByRole('link', { name: 'Retention', exact: true }).first().click()
  await page.getByRole('link', { name: 'New policy' }).click()
  await expect(name).toHaveValue('shared')
  await page.reload()
  await expect(page.getByLabel('Tags of')).toHaveValue('repo:keep/shared')
  await page.getByRole('button', { name: 'Save policy' }).click()
  await page.waitForURL(/settings\/retention\/[0-9a-f-]{36}$/)
  await expect(page.getByText('Unsaved changes')).toHaveCount(0)
  await page.getByLabel('Tags of').fill('repo:keep/mine')

  const other = await context.newPage()
  await other.goto(page.url())
  await other.getByLabel('Tags of').fill('repo:keep/theirs')
  await other.getByRole('button', { name: 'Save policy' }).click()
  await expect(other.getByText('Policy shared saved')).toBeVisible()

  await page.getByRole('button', { name: 'Save policy' }).click()
  await expect(page.getByText('ada saved this policy after you began to edit it')).toBeVisible()
  await expect(page.getByLabel('Tags of')).toHaveValue('repo:keep/mine')
  await other.reload()
  await expect(other.getByLabel('Tags of')).toHaveValue('repo:keep/theirs')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByLabel('Tags of')).toHaveValue('repo:keep/theirs')

  await page.goto('/settings/retention/new')
  await expect(name).toHaveValue('')
  await name.fill('shared')
  await page.getByLabel('Tags of').fill('repo:keep/shared')
  await page.getByRole('button', { name: 'Save policy' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'There’s already a policy named shared.' })
  await expect(alert).toContainText('This name is taken')
})

/** Whether no part that it stands in hides its end. */
function isUncut(element: Element): boolean {
  const { right } = element.getBoundingClientRect()
  for (let part = element.parentElement; part; part = part.parentElement)
    if (getComputedStyle(part).overflowX !== 'visible' && part.getBoundingClientRect().right < right) return false
  return true
}
