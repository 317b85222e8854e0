import type { Page } from '@playwright/test'
import { call, digestOfTag, pushImage, pushIndex } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { signIn, test } from './people.ts'

// Several pages and dialogs each: on a busy machine they take their time.
/** As an admin: a rule of this test's own. */
async function protect(page: Page, name: string, query: string) {
  await signIn(page, 'ada', '/settings/protection')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Protects').fill(query)
  await page.getByRole('button', { name: 'Add rule' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

async function signInAs(page: Page, person: 'ada' | 'omar', path: string) {
  await page.context().clearCookies()
  await signIn(page, person, path)
}

const LOCKED = 'The rule “Releases” doesn’t let anyone move or delete this tag.'

test('a protected tag shows its lock, and no dialog moves, overwrites or deletes it', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const kept = await pushImage(url, 'team-a/locked', ['1.0'])
  await pushImage(url, 'team-a/locked', ['next'], { labels: { version: '2' } })
  await protect(page, 'Releases', 'repo:team-a/locked tag:1.*')

  await signInAs(page, 'omar', '/r/local/team-a/locked')
  await expect(page.getByRole('img', { name: /Protected by the rule “Releases”/ })).toBeVisible()

  await page.getByRole('button', { name: 'Actions for 1.0' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const deletion = page.getByRole('dialog', { name: 'Delete 1.0' })
  await expect(deletion.getByText(LOCKED)).toBeVisible()
  await expect(deletion.getByText('Ask an administrator')).toBeVisible()
  await expect(deletion.getByLabel('Reason for overriding the rule')).toHaveCount(0)
  await expect(deletion.getByRole('button', { name: 'Delete tag 1.0' })).toBeDisabled()
  await deletion.getByRole('button', { name: 'Cancel' }).click()

  // With a plan, it is left alone.
  await page.getByRole('checkbox', { name: 'Select all tags on this page' }).click()
  const bar = page.getByRole('region', { name: 'Selected tags' })
  await expect(bar).toContainText('2 tags selected')
  await expect(bar).toContainText('1.0 is protected and won’t be deleted')
  await page.getByRole('checkbox', { name: 'Select next' }).uncheck()
  await expect(bar.getByRole('button', { name: 'Delete 1 tag' })).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('checkbox', { name: 'Select next' }).check()
  await bar.getByRole('button', { name: 'Delete 1 tag' }).click()
  await page.waitForURL(/\/plan\//)
  await expect(page.getByText('Protected by the rule Releases')).toBeVisible()
  await expect(page.getByText('an admin can, for one tag at a time')).toBeVisible()
  const promise = page.getByText('You can undo this batch')
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Delete 1 tag and 1 image from team-a/locked')
  await expect(promise).toBeVisible()
  // With nothing left in it, the plan promises nothing.
  await page.getByRole('checkbox', { name: 'Delete next' }).uncheck()
  await expect(heading).toHaveText('Delete 0 tags from team-a/locked')
  await expect(promise).toHaveCount(0)
  expect(await digestOfTag(url, 'team-a/locked', '1.0')).toBe(kept.digest)
})

test('an image’s page shows which of its tags a rule protects', async ({ page, stocked }) => {
  await pushImage(stocked.registry.url, 'team-a/locks', ['1.0', 'next'])
  await protect(page, 'Locks', 'repo:team-a/locks tag:1.*')
  const lock = page.getByRole('img', { name: /Protected by the rule “Locks”/ })
  await page.goto('/r/local/team-a/locks')
  await expect(page.getByText('2 tags').first()).toBeVisible()

  await page.goto('/r/local/team-a/locks:1.0')
  await expect(page.getByRole('heading', { level: 1 }).locator(lock)).toBeVisible()

  // Also where it is the other tag of what is looked at, and maybe about to be deleted.
  await page.goto('/r/local/team-a/locks:next')
  const also = page.getByRole('definition').filter({ hasText: /^1\.0/ })
  await expect(also.locator(lock)).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 }).locator(lock)).toHaveCount(0)
})

test('an admin overrides a rule with a reason, and the audit log keeps it', async ({ page, stocked }) => {
  const { url } = stocked.registry
  await pushImage(url, 'glass/app', ['1.0'])
  const next = await pushImage(url, 'glass/app', ['next'], { labels: { version: '2' } })
  await protect(page, 'Glass', 'repo:glass/** tag:1.*')
  await page.goto('/r/local/glass/app:next')
  await page.getByRole('button', { name: 'Retag', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Retag' })
  await dialog.getByLabel('New tag').fill('1.0')
  await dialog.getByRole('checkbox', { name: /^Move it/ }).check()
  await expect(dialog.getByText('The rule “Glass”')).toBeVisible()
  const move = dialog.getByRole('button', { name: 'Move 1.0 to next' })
  await expect(move).toBeDisabled()
  const reason = `leaked key, INC-2291. ${'As agreed on the bridge call. '.repeat(15)}Until Friday.`
  await dialog.getByLabel('Reason for overriding the rule').fill(reason)
  await move.click()
  await page.waitForURL(/glass\/app:1\.0$/)
  expect(await digestOfTag(url, 'glass/app', '1.0')).toBe(next.digest)
  await page.goto('/audit?q=repo:glass/app')
  await expect(page.getByText('leaked key, INC-2291').first()).toBeVisible()
  // In its row, only the beginning of a long one.
  await expect(page.getByText('Until Friday.')).toHaveCount(0)
  await page
    .getByRole('button', { name: /^Details of row/ })
    .first()
    .click()
  await expect(page.getByText('Until Friday.')).toBeVisible()
})

test('a platform of a protected index survives even a forced deletion', async ({ page, stocked }) => {
  const { url } = stocked.registry
  const platform = { os: 'linux', architecture: 'amd64' }
  const amd = await pushImage(url, 'glass/index', ['amd'], { platform })
  await pushIndex(url, 'glass/index', ['2.0'], [{ manifest: amd, platform }])
  await protect(page, 'Indexes', 'repo:glass/index tag:2.*')
  await page.goto('/r/local/glass/index:amd')
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete amd' })
  await dialog.getByRole('radio', { name: /^The image/ }).check()
  await dialog.getByRole('checkbox', { name: /^Delete it anyway/ }).check()
  await expect(dialog.getByText('2.0 is protected')).toBeVisible()
  const confirm = dialog.getByRole('button', { name: 'Delete image and 1 tag' })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Reason for overriding the rule').fill('rebuilt without amd64')
  await confirm.click()
  await expect(page.getByText('Image and 1 tag deleted', { exact: true })).toBeVisible()
  await call(url, 'HEAD', `/v2/glass/index/manifests/${amd.digest}`, [404])
})

test('a rule is removed only once that’s confirmed', async ({ page }) => {
  await protect(page, 'Nightlies', 'repo:team-a/nightly')
  await page.getByRole('button', { name: 'Remove rule Nightlies' }).click()
  await expect(page.getByText('may then delete what it protects')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('heading', { name: 'Nightlies' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove rule Nightlies' }).click()
  await page.getByRole('button', { name: 'Remove Nightlies' }).click()
  await expect(page.getByRole('heading', { name: 'Nightlies' })).toHaveCount(0)
})
