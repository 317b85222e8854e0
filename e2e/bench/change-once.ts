import { rm } from 'node:fs/promises'
import { changed } from '../../lib/catalog/changed.ts'
import { startCatalog } from '../../lib/catalog/the-catalog.ts'
import { previewChange } from '../../lib/data/changes/preview-deletion.ts'
import { makePlan } from '../../lib/data/plans/make-plan.ts'
import { readPlan } from '../../lib/data/plans/read-plan.ts'
import { startPlan } from '../../lib/data/plans/steer-plan.ts'
import { startRechecks } from '../../lib/data/sync/recheck.ts'
import { anna, configure } from '../../lib/data/testing/configure.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { median, timed } from './measure.ts'
import { MANY, tagName } from './seed.ts'

/**
 * What people do to a registry, by the data layer in a process of its own, which has to run with
 * `--conditions react-server`: `change-once.ts <url> <repository of 10,000 tags> <repository whose build-* go>`.
 */
const RUNS = 9
/** Milliseconds; an open page asks every second. */
const POLL = 250
const [url = '', large = '', going = ''] = process.argv.slice(2)
const folder = await configure({ bench: url })
// As the server does: the catalog is in the database, and what was changed is read again.
startCatalog()
startRechecks()
const placeOf = (name: string) => ({ registry: 'bench', repository: parseRepositoryName(name) })
const everything = { matching: '', except: [] }

// First: afterwards the catalog reads the large repository again, in the background.
const id = await makePlan(anna, { ...placeOf(going), select: everything })
const read = () => readPlan(anna, { id, show: 'all', page: 1 })
const { planned } = (await read()).counts
const bulk = await timed(async () => {
  await startPlan(anna, { id, confirm: planned.tags })
  for (;;) {
    const { plan: running, counts } = await read()
    if (running.state === 'finished') {
      if (counts.done.tags !== planned.tags) throw new Error(`${counts.done.tags} of ${planned.tags} tags were deleted`)
      return
    }
    if (running.state !== 'running')
      throw new Error(`the plan is ${running.state}: ${(await read()).items.find(({ detail }) => detail)?.detail}`)
    await new Promise((resolve) => setTimeout(resolve, POLL))
  }
})

const many = placeOf(MANY)
await makePlan(anna, { ...many, select: { tags: [parseTag(tagName(0))] } })
const preview = await quickest(() => previewChange(anna, many, parseTag(tagName(7))))

const selected = { ...placeOf(large), select: everything }
const cold = await timed(() => makePlan(anna, selected))
const plan = await quickest(() => makePlan(anna, selected))
await changed(selected)
const outdated = await timed(() => makePlan(anna, selected))

await rm(folder, { recursive: true, force: true })
console.log(JSON.stringify({ preview, cold, plan, outdated, bulk, tags: planned.tags }))
process.exit()

async function quickest(work: () => Promise<unknown>): Promise<number> {
  await work()
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) times.push(await timed(work))
  return median(times)
}
