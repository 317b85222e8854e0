import type { Page } from '@playwright/test'
import { call, digestOfTag, pushImage, pushManifest } from '../../lib/testing/servers/images.ts'
import { countClicks } from '../count-clicks.ts'
import { expect } from '../fixtures.ts'
import { signIn } from '../people.ts'

/** 400 old tags on 200 images, one of which `latest` keeps. */
export async function fillWithOldTags(url: string, repository: string): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  const base = await pushImage(url, repository, ['latest', 'pr-0', 'pr-0-rerun'])
  digests.set('latest', base.digest).set('pr-0', base.digest).set('pr-0-rerun', base.digest)
  const document = JSON.parse(base.bytes.toString('utf8'))
  const rest = Array.from({ length: 199 }, (_, i) => i + 1)
  for (let from = 0; from < rest.length; from += 20)
    await Promise.all(
      rest.slice(from, from + 20).map(async (n) => {
        const tags = [`pr-${n}`, `pr-${n}-rerun`]
        const annotations = { build: String(n) }
        const { digest } = await pushManifest(url, repository, tags, base.mediaType, { ...document, annotations })
        for (const tag of tags) digests.set(tag, digest)
      }),
    )
  return digests
}

export async function listTags(url: string, repository: string): Promise<string[]> {
  const { body } = await call(url, 'GET', `/v2/${repository}/tags/list?n=1000`, [200])
  return JSON.parse(body.toString('utf8')).tags ?? []
}

/** Selects all of them and asks for a plan. */
export async function planOldTags(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'Select all tags on this page' }).click()
  const bar = page.getByRole('region', { name: 'Selected tags' })
  await bar.getByRole('button', { name: 'Select all 400' }).click()
  await bar.getByRole('button', { name: 'Delete 400 tags' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Delete 400 tags and 199 images from /)
}

/** Runs the plan, which has to be typed. */
export async function confirmOldTags(page: Page): Promise<void> {
  const confirm = page.getByRole('button', { name: 'Delete 400 tags' })
  await expect(confirm).toBeDisabled()
  await page.getByLabel('Type 400 to confirm').focus()
  await page.keyboard.type('400')
  await confirm.click()
}

/** What the operator of team-a does, counting the clicks. @param registry its URL; Lading calls it `local` */
export async function deleteOldTagsAndUndo(page: Page, registry: string): Promise<void> {
  const before = await fillWithOldTags(registry, 'team-a/shop')
  await signIn(page, 'omar', '/r/local/team-a/shop?q=pr-')
  await expect(page.getByText('400 of 401 tags')).toBeVisible()
  const clicks = await countClicks(page)
  await planOldTags(page)
  await expect(page.getByText('1 image is kept by another tag.')).toBeVisible()
  await confirmOldTags(page)
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toHaveText('Deleted 400 of 400 tags from team-a/shop', { timeout: 240_000 })
  expect(await clicks()).toBe(4)
  expect(await listTags(registry, 'team-a/shop')).toEqual(['latest'])
  expect(await digestOfTag(registry, 'team-a/shop', 'latest')).toBe(before.get('latest'))
  await page.getByRole('button', { name: 'Undo all 400 tags' }).click()
  await expect(title).toHaveText('Restored 400 tags in team-a/shop', { timeout: 240_000 })
  expect(await clicks()).toBe(5)
  expect((await listTags(registry, 'team-a/shop')).sort()).toEqual([...before.keys()].sort())
  for (const tag of ['pr-0', 'pr-7', 'pr-199-rerun'])
    expect(await digestOfTag(registry, 'team-a/shop', tag)).toBe(before.get(tag))
}

/** The same operator finds neither tags, plans nor exports of another team. */
export async function findNothingOfOthers(page: Page, registry: string): Promise<void> {
  await pushImage(registry, 'team-b/shop', ['a', 'b'])
  await signIn(page, 'ada', '/r/local/team-b/shop')
  await page.getByRole('checkbox', { name: 'Select a', exact: true }).check()
  await page.getByRole('button', { name: 'Delete 1 tag' }).click()
  await page.waitForURL(/\/plan\//)
  const plan = page.url()
  await page.context().clearCookies()
  await signIn(page, 'omar', '/r/local/team-a/shop')
  await page.goto(plan)
  await expect(page.getByText(/not found/i).first()).toBeVisible()
  const [, id] = /plan\/([^?]+)/.exec(plan) ?? []
  expect((await page.request.get(`/api/plan/${id}?format=json`)).status()).toBe(404)
}
