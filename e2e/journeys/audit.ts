import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { sql } from 'kysely'
import { formatCount } from '../../lib/format/bytes.ts'
import { openStore, type StoreLocation } from '../../lib/store/open-store.ts'
import { expect } from '../fixtures.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export interface AuditChain {
  readonly location: StoreLocation
  /** `npm run audit:verify` beside the running servers. */
  verify(): Promise<{ readonly code: number; readonly said: string }>
}

/** @param settings of the servers */
export function auditChain(settings: Readonly<Record<string, string>>): AuditChain {
  const { DATABASE_URL: url, DATA_DIR: dataDir = '' } = settings
  return {
    location: url ? { kind: 'postgres', url } : { kind: 'sqlite', file: join(dataDir, 'lading.db') },
    verify: () =>
      promisify(execFile)(process.execPath, ['lib/start/audit-verify.ts'], {
        cwd: ROOT,
        env: { ...process.env, ...settings },
      }).then(
        ({ stdout }) => ({ code: 0, said: stdout }),
        ({ code, stdout }: { code: number; stdout: string }) => ({ code, said: stdout }),
      ),
  }
}

/** The auditor takes the whole log along. @returns its rows */
export async function exportLog(page: Page): Promise<Record<string, unknown>[]> {
  await page.goto('/audit')
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'NDJSON, a row per line' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** The auditor, on the page of the log: verification passes, and fails after a row is edited by hand. */
export async function verifyEditedLog(page: Page, { location, verify }: AuditChain): Promise<void> {
  const check = page.getByRole('button', { name: 'Verify now' })
  await check.click()
  await expect(page.getByText(/^Verified up to row [\d,]+/)).toBeVisible()
  expect(await verify()).toMatchObject({ code: 0, said: expect.stringContaining('The audit log is intact') })

  const store = await openStore(location)
  const { write, read } = store
  const setAddress = (address: string | null) =>
    write.updateTable('audit_entry').set({ address }).where('seq', '=', 1).execute()
  const { address } = await read
    .selectFrom('audit_entry')
    .select('address')
    .where('seq', '=', 1)
    .executeTakeFirstOrThrow()
  const { seq: head } = await read.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow()
  try {
    if (location.kind === 'sqlite')
      for (const what of ['updated', 'deleted'])
        await sql`drop trigger ${sql.raw(`audit_entry_is_not_${what}`)}`.execute(write)
    else await sql`alter table audit_entry disable trigger all`.execute(write)

    await setAddress('198.51.100.9')
    expect(await verify()).toMatchObject({ code: 1, said: expect.stringContaining('broken at row 1') })
    await check.click()
    await expect(page.getByText('The chain is broken at row 1')).toBeVisible()
    await setAddress(address)
    expect((await verify()).code).toBe(0)

    await write.deleteFrom('audit_entry').where('seq', '=', head).execute()
    expect(await verify()).toMatchObject({ code: 1, said: expect.stringContaining(`broken at row ${head}`) })
    await sql`
      update audit_head set seq = ${head - 1}, hash = (select hash from audit_entry where seq = ${head - 1})`.execute(
      write,
    )
    expect((await verify()).code).toBe(1)
    await check.click()
    await expect(page.getByText(`The chain is broken at row ${formatCount(head - 1)}`)).toBeVisible()
  } finally {
    await store.close()
  }
}
