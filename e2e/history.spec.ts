import { readFile } from 'node:fs/promises'
import { pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { PEOPLE, signIn, test } from './people.ts'

// People without a grant see nothing.
test.use({ ladingEnv: { ...PEOPLE, ANONYMOUS_ROLE: 'none' } })

const dayOf = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)

test('shows a repository’s tags as they were on a day, and what isn’t known', async ({
  page,
  stocked: { registry },
}) => {
  await pushImage(registry.url, 'team/past', ['latest', '1'], { layers: [{ version: '1' }] })
  await signIn(page, 'ada')
  const sync = async () => {
    await page.goto('/')
    await page.getByRole('button', { name: 'Sync now' }).click()
    await expect(page.getByText(/^Synced/)).toBeVisible({ timeout: 30_000 })
  }
  await sync()
  await pushImage(registry.url, 'team/past', ['latest', '2'], { layers: [{ version: '2' }] })
  // What the sync listed seconds ago is shown without asking.
  await expect(async () => {
    await page.goto('/r/local/team/past')
    const tags = page.getByRole('table', { name: 'Tags of team/past' }).getByRole('rowheader')
    await expect(tags).toHaveCount(3, { timeout: 2_000 })
  }).toPass({ timeout: 30_000 })

  // From the history, by a field.
  await page.goto('/r/local/team/past?view=history')
  await page.getByLabel('Show the tags as of').fill(dayOf(0))
  await page.getByRole('button', { name: 'Show tags as of this day' }).click()
  await expect(page).toHaveURL(`/r/local/team/past?asOf=${dayOf(0)}`)
  await expect(page.getByText('Every tag known for that day is unchanged.')).toBeVisible()
  const which = page.getByRole('navigation', { name: 'Which tags' })
  await expect(which.getByRole('link', { name: 'Differs from now 0' })).toBeVisible()
  await which.getByRole('link', { name: 'All 3' }).click()
  const rows = page.getByRole('table', { name: /^Tags of team\/past on/ })
  await expect(rows.getByRole('rowheader')).toHaveCount(3)

  await page.getByRole('link', { name: 'The day before' }).click()
  await expect(page.getByText('what happened before isn’t known')).toBeVisible()
  await expect(rows.getByRole('row', { name: /^1 / })).toContainText('not certain')
  await page.getByRole('link', { name: 'Back to now' }).click()
  await expect(page).toHaveURL('/r/local/team/past')
})

test('the activity counts, saves and exports what changed', async ({ page, stocked: { registry } }) => {
  const first = await pushImage(registry.url, 'team/moved', ['latest', '1.0.0'], { layers: [{ version: '1' }] })
  await signIn(page, 'ada')
  const tags = page.getByRole('table', { name: 'Tags of team/moved' }).getByRole('rowheader')
  const syncUntil = async (count: number) => {
    await page.goto('/')
    await page.getByRole('button', { name: 'Sync now' }).click()
    await expect(async () => {
      await page.goto('/activity?q=repo:team/moved')
      await expect(page.getByText(/found by sync/)).toHaveCount(count === 2 ? 0 : 1, { timeout: 2_000 })
      await page.goto('/r/local/team/moved?view=history')
      await expect(page.getByText('All tags were last checked')).toBeVisible({ timeout: 2_000 })
      await page.goto('/r/local/team/moved')
      await expect(tags).toHaveCount(count, { timeout: 2_000 })
    }).toPass({ timeout: 60_000 })
  }
  await syncUntil(2)
  await pushImage(registry.url, 'team/moved', ['latest', '2.0.0'], { layers: [{ version: '2' }] })
  await syncUntil(3)

  await page.goto('/activity?q=repo:team/moved')
  await expect(page.getByText('2 changes in 1 repository: 2 found by sync.')).toBeVisible()
  const by = page.getByRole('combobox', { name: 'By', exact: true })
  await by.selectOption('unknown')
  await expect(page).toHaveURL('/activity?q=repo:team/moved&by=unknown')
  await by.selectOption('anyone')
  await expect(page).toHaveURL('/activity?q=repo:team/moved')
  await by.selectOption('unknown')
  await expect(page).toHaveURL('/activity?q=repo:team/moved&by=unknown')
  await page.getByLabel('Change').selectOption('moved')
  await expect(page.getByText('1 move in 1 repository: 1 found by sync.')).toBeVisible()
  await page.getByRole('button', { name: 'Save search' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save search' })
  await expect(dialog.getByLabel('Name')).toHaveValue('repo:team/moved, moves, by unknown')
  await dialog.getByRole('button', { name: 'Save search' }).click()
  await expect(dialog).toHaveCount(0)
  await page.goto('/')
  await page.getByRole('link', { name: 'repo:team/moved, moves, by unknown' }).click()
  await expect(page).toHaveURL('/activity?q=repo:team/moved&change=moved&by=unknown')
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV, for spreadsheets' }).click(),
  ])
  const rows = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
  expect(rows).toHaveLength(2)
  expect(rows[1]).toContain(`local,team/moved,latest,moved,${first.digest},sha256:`)
})

test('the past of a repository outside one’s grants doesn’t exist', async ({ page, stocked: { registry } }) => {
  await pushImage(registry.url, 'secret/past', ['1'])
  await signIn(page, 'vera')
  expect((await page.goto(`/r/local/secret/past?asOf=${dayOf(1)}`))?.status()).toBe(404)
})
