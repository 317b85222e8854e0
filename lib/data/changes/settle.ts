import { z } from 'zod'
import { currentSource } from '../../audit/audit-source.ts'
import { recordIntent, recordOutcome } from '../../audit/record.ts'
import { changed } from '../../catalog/changed.ts'
import { config } from '../../config/config.ts'
import { recoverDeletion } from '../../image/delete/recover.ts'
import { digestAt } from '../../image/graph/digest-at.ts'
import { isDigest } from '../../oci/digest.ts'
import { isRepositoryName, isTag } from '../../oci/reference.ts'
import { isOutage } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { backgroundLock } from '../../store/background-lock.ts'
import type { ChangeRecord, JournalledChange } from '../../store/file-journal.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { SERVER } from '../jobs/job-owner.ts'
import { openForServer } from '../registries/open.ts'
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
    const opened = openForServer({ registry, repository })
    const entry = await changeJournal().entry(change)
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

/**
 * Compares a change whose end is not known with the registry, as soon as that responds. Where another process does the
 * background work, this waits until that one ends.
 */
export async function settleLater(id: string, record: ChangeRecord, owner: string): Promise<void> {
  const lock = backgroundLock()
  if (!lock.held) return lock.whenHeld(() => void settleLater(id, record, owner).catch(console.error))
  const { registry, repository } = record
  const selector = 'tags' in record ? record.digest : record.tag
  await settleJob.enqueue({ change: id, registry, repository, selector }, owner)
}

/**
 * Settles what a crash interrupted: run once this process does the background work. A read-only server leaves it as it is.
 * @param before when this process started: what began later may be going on here. RFC 3339
 */
export async function settleInterrupted(before?: string): Promise<void> {
  if (config().readOnly) return
  const waiting = new Set((await settleJob.unfinished()).map(({ change }) => change))
  for (const { id, began, record, outcome } of await changeJournal().entries()) {
    if (outcome || waiting.has(id) || (before !== undefined && began >= before)) continue
    if (openForServer(record)) await settleLater(id, record, SERVER)
  }
}

/** What a crash or an outage left open, and how it was found. */
async function recordRecovery({ id, record }: JournalledChange, outcome: string, note: string): Promise<void> {
  const { registry, repository, digest } = record
  const tag = 'tags' in record ? undefined : record.tag
  const subject = { action: 'recover' as const, registry, repository, tag, before: digest }
  const intent = await recordIntent(currentSource(), { ...subject, detail: { change: id } })
  await recordOutcome(intent, 'done', { before: digest, detail: { change: id, found: outcome, note } })
}

async function settle(repository: Repository, { record, standIns }: JournalledChange) {
  if (!('replacement' in record)) return recoverDeletion(repository, record, { standIns })
  const found = await digestAt(repository, record.tag)
  // One request moves a tag, so that nothing is left half-way.
  if (found === record.digest) return { outcome: 'untouched', note: `${record.tag} was not moved` }
  if (found && (record.replacement === null || record.replacement === found))
    return { outcome: 'overwritten', note: `${record.tag} was moved`, found }
  return { outcome: 'moved', note: `${record.tag} has been changed since`, found }
}
