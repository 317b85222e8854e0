import 'server-only'
import { setTimeout as delay } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { CatalogTag } from '../../catalog/retention/read-repository-tags.ts'
import { type Simulation, simulate } from '../../catalog/retention/simulate.ts'
import { syncRepository } from '../../catalog/sync/sync-repository.ts'
import { formatCount, plural } from '../../format/bytes.ts'
import { goingShare, isOverLimit } from '../../format/going-share.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { RegistryError } from '../../registry/errors.ts'
import { isCutShort } from '../../store/cut-short.ts'
import { theStore } from '../../store/the-store.ts'
import { makePlan } from '../plans/make-plan.ts'
import type { Plan } from '../plans/plan.ts'
import { readCounts } from '../plans/plan-items.ts'
import { workOnPlan } from '../plans/plan-job.ts'
import { findPlan, setPlan } from '../plans/plan-store.ts'
import { beginPlan } from '../plans/steer-plan.ts'
import { openForServer, openRepository } from '../registries/open.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { MAX_TAGS } from '../tags/selected-tags.ts'
import type { SavedPolicy } from './policies.ts'
import { runProblem } from './run-problem.ts'
import { type RunState, setRun } from './runs.ts'
import { digestsOf, protectsAnywhere } from './simulate-policy.ts'

/** Requests at a time. */
const REQUESTS = 8
/** Milliseconds until a plan asks once more whether its turn has come. */
const AGAIN_AFTER = 2_000

interface RunEnd {
  readonly state: Exclude<RunState, 'running'>
  readonly problem?: Problem
}

interface Candidate {
  readonly place: Place
  readonly tags: readonly CatalogTag[]
}

/**
 * One run: reads the catalog, then the registry wherever something would be deleted, and runs a plan for each
 * repository.
 */
export class PolicyRun {
  readonly #actor: Actor
  readonly #policy: SavedPolicy
  readonly #run: string
  readonly #context: JobContext
  readonly #rights: () => Promise<Actor>
  readonly #tagsPerPlan: number
  readonly #problems: Problem[] = []

  /**
   * @param rights those that the actor has now
   * @param tagsPerPlan of a repository with more, one plan runs after another
   */
  constructor(
    actor: Actor,
    policy: SavedPolicy,
    run: string,
    context: JobContext,
    rights: () => Promise<Actor>,
    tagsPerPlan = MAX_TAGS,
  ) {
    this.#actor = actor
    this.#policy = policy
    this.#run = run
    this.#context = context
    this.#rights = rights
    this.#tagsPerPlan = tagsPerPlan
  }

  /** @param left plans of a process that has ended: what was begun is finished, the rest is planned again */
  async work(left: readonly string[]): Promise<RunEnd> {
    for (const plan of left) await setPlan(plan, ['draft'], { state: 'cancelled', ended: true })
    for (const plan of left) if ((await findPlan(plan))?.state === 'running') await this.#workOn(plan, 0)
    const first = await this.#evaluate()
    const limit = this.#limitOf(first.simulation)
    if (limit) return limit
    // The catalog may be behind: a rule that counts the newest must not count deleted tags.
    const synced = new Set<string>()
    for (const [index, { place }] of first.candidates.entries()) {
      this.#context.signal.throwIfAborted()
      if (await this.#sync(place)) synced.add(nameOf(place))
      this.#context.report({ done: index + 1, total: first.candidates.length, counts: {} })
    }
    const { simulation, candidates } = await this.#evaluate()
    const limitNow = this.#limitOf(simulation)
    if (limitNow) return limitNow
    let hasPlans = false
    let rest = candidates.filter(({ place }) => synced.has(nameOf(place)))
    while (rest.length > 0) {
      const planned: (readonly [plan: string, Candidate])[] = []
      for (const candidate of rest) {
        this.#context.signal.throwIfAborted()
        const plan = await this.#plan(candidate)
        if (plan) planned.push([plan, candidate])
      }
      hasPlans ||= planned.length > 0
      rest = []
      for (const [plan, { place, tags }] of planned) {
        const beyond = tags.slice(this.#tagsPerPlan)
        if (!(await this.#start(plan, beyond.length))) continue
        if (beyond.length > 0) rest.push({ place, tags: beyond })
      }
    }
    return this.#end(hasPlans)
  }

  async #evaluate(): Promise<{ simulation: Simulation; candidates: readonly Candidate[] }> {
    const candidates: Candidate[] = []
    const simulation = await simulate(await theCatalogDatabase(), this.#policy, {
      visibility: searchVisibility(this.#actor),
      protects: await protectsAnywhere(),
      now: Date.now(),
      signal: this.#context.signal,
      onGoing: ({ registry, name }, tags) => {
        candidates.push({ place: { registry, repository: name }, tags: byImage(tags) })
      },
    })
    const { tags, going, unknown: undecided } = simulation
    await setRun(this.#run, { tags, going, undecided })
    return { simulation, candidates }
  }

  #limitOf(simulation: Simulation): RunEnd | undefined {
    if (!isOverLimit(simulation, this.#policy.mostShare)) return undefined
    const { tags, going } = simulation
    const share = goingShare(simulation)
    const problem = {
      code: 'retention.limit',
      title: `Stopped at its limit: ${Math.floor(share * 10) / 10}%`,
      detail: `${formatCount(going)} of ${plural(tags, 'tag')} would have been deleted, and the policy stops above ${this.#policy.mostShare}%. Nothing was deleted.`,
      advice: 'Check its rules, or raise the limit.',
    }
    return { state: 'stopped', problem }
  }

  /** Brings the catalog up to date about a repository. @returns whether all its tags are known */
  async #sync(place: Place): Promise<boolean> {
    try {
      openRepository(this.#actor, 'delete', place)
      const opened = openForServer(place)
      if (!opened) throw new RegistryError('not-found', `${place.registry} is not configured`)
      const { signal } = this.#context
      const learnt = { at: Date.now(), how: 'sync' } as const
      const { partial } = await syncRepository(await theStore(), opened, learnt, { limit: REQUESTS, signal })
      if (partial === undefined) return true
      throw new RegistryError('conflict', `not all tags are listed: ${partial}`)
    } catch (error) {
      this.#note(place, error)
      return false
    }
  }

  async #plan({ place, tags }: Candidate): Promise<string | undefined> {
    const some = tags.slice(0, this.#tagsPerPlan)
    const digests = await digestsOf(some)
    const expect = new Map(
      some.flatMap((tag) => {
        const digest = digests(tag)
        return digest === undefined ? [] : [[parseTag(tag.name), parseDigest(digest)] as const]
      }),
    )
    if (expect.size === 0) return undefined
    try {
      const beyond = tags.length - some.length
      const origin = { retentionRun: this.#run, policy: this.#policy.name, expect, ...(beyond > 0 && { beyond }) }
      return await makePlan(this.#actor, { ...place, select: { tags: [...expect.keys()] } }, { origin })
    } catch (error) {
      this.#note(place, error)
      return undefined
    }
  }

  /** @param beyond tags left for later plans @returns whether it came to its end, as does one that has nothing to delete */
  async #start(id: string, beyond: number): Promise<boolean> {
    this.#context.signal.throwIfAborted()
    const plan = await findPlan(id)
    try {
      return !(await beginPlan(await this.#rights(), id)) || (await this.#workOn(id, beyond))
    } catch (error) {
      if (!plan) throw error
      this.#note(plan, error)
      // What hasn't begun is planned again by the next run.
      await setPlan(id, ['draft'], { state: 'cancelled', ended: true })
      return false
    }
  }

  /** @returns whether it came to its end */
  async #workOn(id: string, beyond: number): Promise<boolean> {
    const { signal } = this.#context
    const work = () => workOnPlan(id, { work: 'delete' }, this.#rights, this.#context)
    while ((await work()) === 'later') await delay(AGAIN_AFTER, undefined, { signal })
    const plan = await findPlan(id)
    if (!plan) return false
    const left = plan.state === 'finished' ? undefined : await leftBy(plan, beyond)
    const failed = (await readCounts(id)).failed.tags
    if (plan.problem) {
      const detail = `${nameOf(plan)}: ${plan.problem.detail}${left ? ` ${left.text} left.` : ''}`
      this.#problems.push({ ...plan.problem, detail })
    } else if (left) {
      const detail = `${nameOf(plan)}: its plan was ${plan.state}, so ${left.text} left.`
      this.#problems.push({ code: 'retention.plan-stopped', title: 'A plan of the run was stopped', detail })
    } else if (failed > 0) {
      const detail = `${nameOf(plan)}: ${plural(failed, 'tag')} couldn’t be deleted. Its plan says why.`
      this.#problems.push({ code: 'retention.partly', title: 'Not everything was deleted', detail })
    }
    return left === undefined
  }

  #note(place: Place, error: unknown): void {
    this.#context.signal.throwIfAborted()
    if (isCutShort(error)) throw error
    const problem = runProblem(error, this.#actor)
    this.#problems.push({ ...problem, detail: `${nameOf(place)}: ${problem.detail}` })
  }

  #end(hasPlans: boolean): RunEnd {
    const [problem, ...others] = this.#problems
    if (!problem) return { state: 'done' }
    const more =
      others.length > 0 ? ` ${plural(others.length, 'other repository', 'other repositories')} failed too.` : ''
    return { state: hasPlans ? 'done' : 'failed', problem: { ...problem, detail: `${problem.detail}${more}` } }
  }
}

/** Tags on one image stay together, so that it's deleted as a whole. */
function byImage(tags: readonly CatalogTag[]): CatalogTag[] {
  return tags.toSorted((a, b) => (a.manifest ?? 0) - (b.manifest ?? 0))
}

/** What a plan that didn't come to its end hasn't tried, with what later plans would have deleted there. */
async function leftBy({ id }: Plan, beyond: number): Promise<{ readonly text: string }> {
  const count = (await readCounts(id)).waiting.tags + beyond
  return { text: `${plural(count, 'tag')} there ${count === 1 ? 'was' : 'were'}` }
}

function nameOf({ registry, repository }: Place): string {
  return `${registry}/${repository}`
}
