import { auditKey } from '../audit/audit-key.ts'
import { type LogVerification, verifyLog } from '../audit/verify-log.ts'
import { ConfigError } from '../config/config-error.ts'
import { StoreError } from '../store/store-error.ts'
import { theStore } from '../store/the-store.ts'

/** `npm run audit:verify`: exits with 0 only when every row of the audit log is as it was written, and none is missing. */
async function verify(): Promise<void> {
  const store = await theStore()
  try {
    const found = await verifyLog(store, await auditKey())
    if (found.state === 'broken') process.exitCode = 1
    console.log(`${lineOf(found)} (${store.location})`)
  } finally {
    await store.close()
  }
}

function lineOf(found: LogVerification): string {
  if (found.state === 'broken') return `The audit log is broken at row ${found.row}: ${found.reason}`
  if (found.rows === 0) return 'The audit log is empty'
  return `The audit log is intact: ${found.rows} rows, head ${found.head}`
}

try {
  await verify()
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StoreError)) throw error
  console.error(`The audit log can’t be read. ${error.message}`)
  process.exitCode = 2
}
