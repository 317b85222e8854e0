import { rm } from 'node:fs/promises'
import { changed } from '../../lib/catalog/changed.ts'
import { startCatalog } from '../../lib/catalog/the-catalog.ts'
import { previewChange } from '../../lib/data/changes/preview-deletion.ts'
import { makePlan } from '../../lib/data/plans/make-plan.ts'
import { readPlan } from '../../lib/data/plans/read-plan.ts'
import { startPlan, undoPlan } from '../../lib/data/plans/steer-plan.ts'
import { startRechecks } from '../../lib/data/sync/recheck.ts'
import type { TagSelection } from '../../lib/data/tags/selected-tags.ts'
import { anna, configure } from '../../lib/data/testing/configure.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { median, timed } from './measure.ts'
import { MANY, tagName } from './seed.ts'

/**
 * What people do to a registry, by the data layer in a process of its own, which has to run with
 * `--conditions react-server`: `change-once.ts <url> <repository of 10,000 tags> <repository whose build-* go> <repository
 * whose old-* go, from images that stay>`.
 */
const RUNS = 9
/** Milliseconds; an open page asks every second. */
const POLL = 250
const [url = '', large = '', going = '', staying = ''] = process.argv.slice(2)
const folder = await configure({ bench: url })
// As the server does: the catalog is in the database, and what was changed is read again.
startCatalog()
startRechecks()
const placeOf = (name: string) => ({ registry: 'bench', repository: parseRepositoryName(name) })
const everything = { matching: '', except: [] }

// First: afterwards the catalog reads the large repository again, in the background.
const bulk = await deleteInBulk(going, everything)
const undone = await undo(bulk.id)
const untagged = await deleteInBulk(staying, { matching: 'tag:old-*', except: [] })

const many = placeOf(MANY)
await makePlan(anna, { ...many, select: { tags: [parseTag(tagName(0))] } })
const preview = await quickest(() => previewChange(anna, many, parseTag(tagName(7))))

const selected = { ...placeOf(large), select: everything }
const cold = await timed(() => makePlan(anna, selected))
const plan = await quickest(() => makePlan(anna, selected))
await changed(selected)
const outdated = await timed(() => makePlan(anna, selected))

await rm(folder, { recursive: true, force: true })
console.log(
  JSON.stringify({
    preview,
    cold,
    plan,
    outdated,
    bulk: bulk.time,
    tags: bulk.tags,
    untag: untagged.time,
    untagged: untagged.tags,
    undone: undone,
  }),
)
process.exit()

/** Milliseconds for all tags of the selection. */
async function deleteInBulk(name: string, select: TagSelection): Promise<{ id: string; time: number; tags: number }> {
  const id = await makePlan(anna, { ...placeOf(name), select })
  const read = () => readPlan(anna, { id, show: 'all', page: 1 })
  const draft = await read()
  const { tags } = draft.counts.planned
  const time = await timed(async () => {
    await startPlan(anna, { id, revision: draft.plan.revision })
    for (;;) {
      const { plan: running, counts } = await read()
      if (running.state === 'finished') {
        if (counts.done.tags !== tags) throw new Error(`${counts.done.tags} of ${tags} tags were deleted`)
        return
      }
      if (running.state !== 'running')
        throw new Error(`the plan is ${running.state}: ${(await read()).items.find(({ detail }) => detail)?.detail}`)
      await new Promise((resolve) => setTimeout(resolve, POLL))
    }
  })
  return { id, time, tags }
}

/** Milliseconds until all that a plan deleted is back. */
function undo(id: string): Promise<number> {
  return timed(async () => {
    await undoPlan(anna, id)
    for (;;) {
      const { plan, counts } = await readPlan(anna, { id, show: 'all', page: 1 })
      if (plan.state === 'undone') {
        if (counts.done.tags !== 0) throw new Error(`${counts.done.tags} tags were not restored`)
        return
      }
      if (plan.state !== 'undoing') throw new Error(`the plan is ${plan.state}`)
      await new Promise((resolve) => setTimeout(resolve, POLL))
    }
  })
}

async function quickest(work: () => Promise<unknown>): Promise<number> {
  await work()
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) times.push(await timed(work))
  return median(times)
}
