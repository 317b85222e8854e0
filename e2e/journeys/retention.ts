import type { Page } from '@playwright/test'
import { digestOfTag, pushImage } from '../../lib/testing/servers/images.ts'
import { expect } from '../fixtures.ts'
import { signIn } from '../people.ts'

const DAY = 86_400_000
const MINUTE = 60_000
export const OLD = new Date(Date.now() - 200 * DAY).toISOString()
export const NEW = new Date(Date.now() - 2 * DAY).toISOString()

/** An admin schedules two policies for the next minute, one of which would delete more than its limit allows. */
export async function runBySchedule(page: Page, registry: string): Promise<void> {
  const images = { within: [OLD, NEW, NEW, NEW, NEW], limit: [OLD, OLD, NEW] }
  await signIn(page, 'ada')
  // Long enough for both forms to be filled in.
  const at = new Date(Math.ceil((Date.now() + 30_000) / MINUTE) * MINUTE).toISOString().slice(11, 16)
  const policies = new Map<string, string>()
  for (const [name, ages] of Object.entries(images)) {
    const repository = `keep/${name}`
    for (const [index, created] of ages.entries())
      await pushImage(registry, repository, [`t${index}`], { labels: { tag: `${name} ${index}` }, created })
    await page.goto(`/r/local/${repository}`)
    await expect(page.getByText(`${ages.length} tags`).first()).toBeVisible()
    await page.goto('/settings/retention/new')
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Tags of').fill(`repo:${repository}`)
    await page.getByLabel('Runs').selectOption('every day')
    await page.getByLabel('Time').fill(at)
    await page.getByRole('button', { name: 'Save policy' }).click()
    await page.waitForURL(/settings\/retention\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('region', { name: 'Schedule' })).toContainText(`${at} UTC`)
    policies.set(name, page.url())
  }
  const runs = page.getByRole('region', { name: 'Last runs' })
  const hasRun = (name: string, text: string) =>
    expect(async () => {
      await page.goto(policies.get(name) ?? '')
      await expect(runs).toContainText(text, { timeout: 1_000 })
    }).toPass({ timeout: 180_000, intervals: [2_000] })
  await hasRun('within', '1 tag deleted')
  await expect(runs).not.toContainText('started by')
  await hasRun('limit', '2 of 3 tags would have been deleted')
  await expect(runs).toContainText('Stopped')
  await expect(runs).toContainText('raise the limit')
  expect(await digestOfTag(registry, 'keep/within', 't0')).toBeUndefined()
  for (const tag of ['t1', 't2', 't3', 't4']) expect(await digestOfTag(registry, 'keep/within', tag)).toBeDefined()
  for (const tag of ['t0', 't1', 't2']) expect(await digestOfTag(registry, 'keep/limit', tag)).toBeDefined()
}
