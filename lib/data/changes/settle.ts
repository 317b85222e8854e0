import { z } from 'zod'
import { isAccessError } from '../../access/access-error.ts'
import { currentSource } from '../../audit/audit-source.ts'
import { recordIntent, recordOutcome } from '../../audit/record.ts'
import { changed } from '../../catalog/changed.ts'
import { config } from '../../config/config.ts'
import { recoverDeletion } from '../../image/delete/recover.ts'
import { digestAt } from '../../image/graph/digest-at.ts'
import { isFinal } from '../../jobs/job.ts'
import { isDigest } from '../../oci/digest.ts'
import { isRepositoryName, isTag } from '../../oci/reference.ts'
import { isOutage } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import type { ChangeRecord, JournalledChange } from '../../store/change-journal.ts'
import { isCutShort } from '../../store/cut-short.ts'
import { unfenced } from '../../store/leases/fence.ts'
import { LEASE_TTL } from '../../store/leases/lease.ts'
import { endLease } from '../../store/leases/take-lease.ts'
import { theStore } from '../../store/the-store.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { SERVER } from '../jobs/job-owner.ts'
import { openForUser } from '../registries/open.ts'
import { changeJournal } from './change-journal.ts'

/** Seconds until an interrupted change is checked again, by its age. */
const AGAIN = [
  { within: 15, after: 5 },
  { within: 60, after: 15 },
  { within: 300, after: 60 },
  { within: 3600, after: 300 },
]
const AGAIN_AT_LAST = 900

/**
 * Compares an interrupted change with the registry and finishes it, or leaves what it finds. While the registry is
 * unreachable, and while Lading is read-only, the job waits.
 */
export const settleJob = jobKind(
  'settle',
  z.strictObject({
    change: z.string(),
    registry: z.string(),
    repository: z.string().refine(isRepositoryName),
    selector: z.string().refine((text) => isTag(text) || isDigest(text)),
  }),
  async ({ change, registry, repository, selector }, job, { add, postpone }) => {
    const entry = await changeJournal().entry(change)
    const opened = await openForUser(entry?.by, { registry, repository })
    if (!opened || !entry || entry.outcome) return
    if (config().readOnly) return postpone(AGAIN_AT_LAST)
    try {
      const { outcome, note, found } = await settle(opened, entry)
      await changeJournal().close(change, outcome, outcome === 'overwritten' ? found : undefined)
      await recordRecovery(entry, outcome, note)
      add({ name: `${repository}${isDigest(selector) ? '@' : ':'}${selector}`, outcome, detail: note })
    } catch (error) {
      if (!isOutage(error)) throw error
      const age = (Date.now() - Date.parse(job.created)) / 1000
      postpone(AGAIN.find(({ within }) => age < within)?.after ?? AGAIN_AT_LAST)
    } finally {
      await changed({ registry, repository })
    }
  },
)

/** Compares a change whose end is not known with the registry, as soon as that responds. */
export async function settleLater(id: string, record: ChangeRecord, owner: string): Promise<void> {
  const { registry, repository } = record
  const selector = 'tags' in record ? record.digest : record.tag
  await settleJob.enqueue({ change: id, registry, repository, selector }, owner)
}

/**
 * Settles changes interrupted in a process that has ended, or that was stopped until it counted as ended. A read-only
 * server leaves it as it is.
 * @param failed whether changes are compared with the registry again whose comparison has failed
 */
export async function settleInterrupted({ failed }: { readonly failed: boolean }): Promise<void> {
  if (config().readOnly) return
  const open = await changeJournal().open()
  if (open.length === 0) return
  const { write, dialect } = await theStore()
  const known = failed ? await settleJob.unfinished() : await settleJob.all()
  const waiting = new Set(known.map(({ change }) => change))
  for (const { id, record, under, by } of open) {
    // A change that somebody made with their own account of the registry waits until they are here.
    if (waiting.has(id) || !(await openForUser(by, record).catch(isAccountGone))) continue
    if (!under || (await unfenced(() => endLease(write, dialect, under, LEASE_TTL))))
      await settleLater(id, record, SERVER)
  }
}

function isAccountGone(error: unknown): undefined {
  if (!isAccessError(error, 'account-gone')) throw error
}

/** Milliseconds between two checks for interrupted changes. */
const LOOK_EVERY = 10_000

/** Periodically, until the signal aborts. */
export function settleInterruptedRegularly(signal: AbortSignal): void {
  const settleNow = (failed: boolean) =>
    void settleInterrupted({ failed }).catch((error) => {
      if (!isCutShort(error)) console.error('Interrupted changes could not be settled', error)
    })
  settleNow(true)
  const timer = setInterval(() => settleNow(false), LOOK_EVERY).unref()
  signal.addEventListener('abort', () => clearInterval(timer))
}

/**
 * Whether a change is under way, or interrupted and not compared with the registry. If that comparison has failed,
 * nothing more happens until somebody retries it.
 */
export async function isUnsettled({ id, outcome }: JournalledChange): Promise<boolean> {
  if (outcome) return false
  const job = await settleJob.newest(({ change }) => change === id)
  return !job || !isFinal(job)
}

/** A change left open by a crash or an outage, with the state found. */
async function recordRecovery({ id, record }: JournalledChange, outcome: string, note: string): Promise<void> {
  const { registry, repository, digest } = record
  const tag = 'tags' in record ? undefined : record.tag
  const subject = { action: 'recover' as const, registry, repository, tag, before: digest }
  const intent = await recordIntent(currentSource(), { ...subject, detail: { change: id } })
  await recordOutcome(intent, 'done', { before: digest, detail: { change: id, found: outcome, note } })
}

async function settle(repository: Repository, { record, placeholders, tookAlong }: JournalledChange) {
  if (!('replacement' in record)) return recoverDeletion(repository, record, { placeholders, tookAlong })
  const found = await digestAt(repository, record.tag)
  // One request moves a tag, so nothing can be left halfway.
  if (found === record.digest) return { outcome: 'untouched', note: `${record.tag} was not moved` }
  if (found && (record.replacement === null || record.replacement === found))
    return { outcome: 'overwritten', note: `${record.tag} was moved`, found }
  return { outcome: 'moved', note: `${record.tag} has been changed since`, found }
}
