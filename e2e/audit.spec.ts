import { readFile } from 'node:fs/promises'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { startPostgres } from '../lib/testing/servers/postgres.ts'
import { test as base, expect } from './fixtures.ts'
import { type AuditChain, auditChain, verifyEditedLog } from './journeys/audit.ts'
import { PEOPLE, signIn } from './people.ts'

interface Audited {
  readonly settings: Readonly<Record<string, string>>
  readonly lading: Lading
  readonly chain: AuditChain
}

/** Once on each database. */
for (const kind of ['sqlite', 'postgres'] as const) {
  const test = base.extend<object, Audited>({
    settings: [
      async ({ stocked }, use) => {
        await using postgres = kind === 'postgres' ? await startPostgres() : undefined
        const url = await postgres?.createDatabase()
        await use({
          ...PEOPLE,
          REGISTRY_URL: stocked.registry.url,
          REGISTRY_NAME: 'local',
          ANONYMOUS_ROLE: 'none',
          AUDIT_LOG: 'stdout',
          ...(url && { DATABASE_URL: url }),
        })
      },
      { scope: 'worker', timeout: 240_000 },
    ],
    lading: [
      async ({ settings }, use) => {
        await using lading = await startLading(settings)
        await use(lading)
      },
      { scope: 'worker', timeout: 240_000 },
    ],
    chain: [
      async ({ settings, lading: { dataDir } }, use) => use(auditChain({ ...settings, DATA_DIR: dataDir })),
      { scope: 'worker' },
    ],
  })

  test.describe(`on ${kind}`, () => {
    test('an auditor finds and filters sign-ins, refusals and exports, and exports them', async ({ page, lading }) => {
      await page.goto('/sign-in')
      await page.getByLabel('User name').fill('vera')
      await page.getByLabel('Password').fill('a wrong password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByText('Wrong user name or password.')).toBeVisible()

      await signIn(page, 'vera', '/r/local/team/app:1.0.0?tab=labels')
      expect((await page.request.get('/api/labels/local/other/private:1?format=csv')).status()).toBe(404)
      expect((await page.request.get('/api/labels/local/team/app:1.0.0?format=csv')).status()).toBe(200)
      await page.getByRole('button', { name: /^vera: / }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await expect(page).toHaveURL(/\/sign-in/)

      await signIn(page, 'audrey', '/audit?q=user:vera')
      const rows = page.getByRole('row').filter({ hasText: 'vera' })
      await expect(rows).toHaveText([
        /Sign out.*Done/,
        /Export.*labels of local\/team\/app:1\.0\.0.*Done/,
        /Export.*local\/other\/private.*Refused.*no role or grant allows it/,
        /Sign in.*from 127\.0\.0\.1.*Done/,
        /Sign in.*Refused.*wrong user name or password/,
      ])
      // What didn’t happen is one click away.
      await page.getByRole('link', { name: 'Refused', exact: true }).click()
      await expect(page.getByRole('textbox', { name: /^Filter, for example/ })).toHaveValue('outcome:refused')
      await expect(rows).toHaveText([/Export.*Refused/, /Sign in.*Refused/])
      await page.getByRole('textbox', { name: /^Filter, for example/ }).fill('user:vera outcome:refused action:export')
      await expect(rows).toHaveText([/Export.*Refused/])
      await page.getByRole('button', { name: /^Details of row/ }).click()
      await expect(page.getByText('viewer in team/**')).toBeVisible()

      await page.getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'NDJSON, a row per line' }).click(),
      ])
      const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line).repository)).toEqual(['other/private'])

      // What a collector reads is the same, as JSON lines.
      const streamed = lading
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{"audit":'))
      const actions = streamed.map((line) => JSON.parse(line).audit).filter(({ actor }) => actor === 'vera')
      expect(actions.map(({ action }) => action)).toEqual(['sign-in', 'sign-in', 'export', 'export', 'sign-out'])
      expect(lading.output()).not.toContain('a wrong password')
    })

    test('the auditor’s page shows the log, policy, labels and exports in one place, and offers no changes', async ({
      page,
    }) => {
      await signIn(page, 'vera')
      expect((await page.goto('/auditor'))?.status()).toBe(404)
      expect((await page.request.get('/api/labels/local/other/private:1?format=csv')).status()).toBe(404)
      await page.context().clearCookies()
      await signIn(page, 'audrey', '/auditor')
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('For auditors')
      const main = page.getByRole('main')
      await expect(main.getByRole('region', { name: 'Recent refusals' }).getByRole('listitem').first()).toContainText(
        'vera',
      )
      await expect(main.getByRole('link', { name: /^Done/ })).toBeVisible()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        main.getByRole('link', { name: 'Audit log, CSV' }).click(),
      ])
      expect(await readFile(await download.path(), 'utf8')).toContain('other/private')
      await page.reload()
      await expect(main.getByRole('region', { name: 'Recent exports' })).toContainText('audit log')
      await expect(main.getByRole('button')).toHaveText(['Verify now'])
      await main.getByRole('link', { name: /^Refused/ }).click()
      await expect(page).toHaveURL(/\/audit\?q=/)
    })

    test('verification passes, and names a row that was edited or an end that was cut off', async ({ page, chain }) => {
      await signIn(page, 'vera')
      await page.context().clearCookies()
      await signIn(page, 'audrey', '/audit')
      await verifyEditedLog(page, chain)
    })
  })
}

base('who may read nothing of the log is asked to sign in', async ({ page }) => {
  await page.goto('/audit')
  await expect(page.getByText('The audit log is for signed-in users')).toBeVisible()
  expect((await page.request.get('/api/audit')).status()).toBe(401)
})
