import { join } from 'node:path'
import { config } from '../config/config.ts'
import { processWide } from '../config/process-wide.ts'
import { endLeasesOfEnded } from './leases/take-lease.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { StoreError } from './store-error.ts'

/** Milliseconds until a database that couldn't be opened is tried again. */
const RETRY_AFTER = 10_000

interface State {
  opening?: Promise<Store>
  problem?: StoreError
  failedAt: number
}

const state = () => processWide<State>('store', () => ({ failedAt: Number.NEGATIVE_INFINITY }))

/**
 * The database of this process, opened when it is first wanted: PostgreSQL where DATABASE_URL says so, else a file in
 * DATA_DIR. A failure is remembered for some seconds, so that pages don't wait for a database that is down.
 * @throws StoreError
 */
export function theStore(): Promise<Store> {
  const current = state()
  if (current.problem && performance.now() - current.failedAt < RETRY_AFTER) return Promise.reject(current.problem)
  current.opening ??= open(current)
  return current.opening
}

/** Why there is no database at the moment. Undefined also before it was first wanted. */
export function storeProblem(): StoreError | undefined {
  return state().problem
}

/** Records that a statement failed because of the database itself: the next reader fails at once. */
export function noteStoreFailure(error: unknown): void {
  if (!(error instanceof StoreError) || error.code === 'failed') return
  state().problem = error
}

/** A statement has worked again. */
export function noteStoreSuccess(): void {
  state().problem = undefined
}

async function open(current: State): Promise<Store> {
  const { databaseUrl, dataDir } = config()
  try {
    const store = await openStore(
      databaseUrl
        ? { kind: 'postgres', url: databaseUrl }
        : { kind: 'sqlite', file: join(/*turbopackIgnore: true*/ dataDir, 'lading.db') },
    )
    current.problem = undefined
    // After a restart everything goes on at once. Where this fails, the leases end soon.
    await endLeasesOfEnded(store.write, store.dialect).catch(() => {})
    return store
  } catch (error) {
    const problem = error instanceof StoreError ? error : new StoreError('failed', String(error), { cause: error })
    // The reason is for the operator. No reason holds the password of a URL.
    if (current.problem?.message !== problem.message) console.error(`The database can’t be used: ${problem.message}`)
    current.problem = problem
    current.failedAt = performance.now()
    current.opening = undefined
    throw problem
  }
}
