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
  await page.getByRole('navigation', { name: 'Which tags' }).getByRole('link', { name: 'All' }).click()
  const rows = page.getByRole('table', { name: /^Tags of team\/past on/ })
  await expect(rows.getByRole('rowheader')).toHaveCount(3)

  await page.getByRole('link', { name: 'The day before' }).click()
  await expect(page.getByText('what happened before isn’t known')).toBeVisible()
  await expect(rows.getByRole('row', { name: /^1 / })).toContainText('not certain')
  await page.getByRole('link', { name: 'Back to now' }).click()
  await expect(page).toHaveURL('/r/local/team/past')
})

test('the past of a repository outside one’s grants doesn’t exist', async ({ page, stocked: { registry } }) => {
  await pushImage(registry.url, 'secret/past', ['1'])
  await signIn(page, 'vera')
  expect((await page.goto(`/r/local/secret/past?asOf=${dayOf(1)}`))?.status()).toBe(404)
})
