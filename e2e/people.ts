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

/** Signs in as the form does, and opens `path`. @param url of another Lading than the worker's own */
export async function signIn(page: Page, person: Person, path = '/', url = ''): Promise<void> {
  const { csrfToken } = (await (await page.request.get(`${url}/api/auth/csrf`)).json()) as { csrfToken: string }
  const form = { csrfToken, username: person, password: passwordOf(person), json: 'true' }
  await page.request.post(`${url}/api/auth/callback/credentials`, { form })
  await page.goto(`${url}${path}`)
  await expect(page.getByRole('button', { name: new RegExp(`^${person}: `) })).toBeVisible()
}
