import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { test as base, expect } from './fixtures.ts'

/** Who can sign in, and as what: `people.yaml`. */
export type Person = 'ada' | 'audrey' | 'vera' | 'otto' | 'olga' | 'omar'

export const PEOPLE = { LADING_CONFIG: join(import.meta.dirname, 'people.yaml') }

/** As `fixtures.ts`, with the people of `people.yaml`: files that use it share a server. */
export const test = base.extend({
  ladingEnv: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => use(PEOPLE),
    { scope: 'worker' },
  ],
})

export function passwordOf(person: Person): string {
  return `${person} test password`
}

/** Signs in by the form, and ends at `path`. @param url of another Lading than the worker's own */
export async function signIn(page: Page, person: Person, path = '/', url = ''): Promise<void> {
  await page.goto(`${url}/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.getByLabel('User name').fill(person)
  await page.getByLabel('Password').fill(passwordOf(person))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: new RegExp(`^${person}: `) })).toBeVisible()
}
