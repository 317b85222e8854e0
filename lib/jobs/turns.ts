import { isFinal, type Job } from './job.ts'

export interface Limits {
  /** Jobs that run at once, in all and of one owner. */
  readonly running: number
  readonly runningOfOwner: number
  /** Jobs that may wait, in all and of one owner. */
  readonly waiting: number
  readonly waitingOfOwner: number
  /** Finished jobs that are kept, in all and of one owner. */
  readonly history: number
  readonly historyOfOwner: number
}

export const LIMITS: Limits = {
  running: 2,
  runningOfOwner: 1,
  waiting: 200,
  waitingOfOwner: 10,
  history: 1000,
  historyOfOwner: 100,
}

/** Shares the work fairly: each owner has a turn before anyone has the next. */
export class Turns {
  readonly #limits: Limits
  readonly #personOf: (owner: string) => string
  /** Everyone who has had a turn, the latest last. */
  readonly #turns = new Map<string, true>()

  /** @param personOf who is behind an owner, where one person can be several */
  constructor(limits: Limits, personOf: (owner: string) => string = (owner) => owner) {
    this.#limits = limits
    this.#personOf = personOf
  }

  /** The job that runs next, if one may. @param all in the order in which they were asked for */
  next(all: readonly Job[], isRunning: (id: string) => boolean): Job | undefined {
    const running = all.filter(({ id }) => isRunning(id))
    if (running.length >= this.#limits.running) return undefined
    const first = new Map<string, Job>()
    for (const job of all) {
      const person = this.#personOf(job.owner)
      if (job.state !== 'queued' || isRunning(job.id) || first.has(person)) continue
      const own = running.filter(({ owner }) => this.#personOf(owner) === person)
      if (own.length < this.#limits.runningOfOwner) first.set(person, job)
    }
    const waited = [...this.#turns.keys()].find((owner) => first.has(owner))
    const neverHad = [...first.keys()].find((owner) => !this.#turns.has(owner))
    const owner = neverHad ?? waited
    if (owner === undefined) return undefined
    this.#turns.delete(owner)
    this.#turns.set(owner, true)
    return first.get(owner)
  }

  /** Why the owner can't ask for another job now. @param arriving of the owner, and of all: not in the list yet */
  refusal(
    all: readonly Job[],
    owner: string,
    arriving: { readonly own: number; readonly all: number },
  ): string | undefined {
    const unfinished = all.filter((job) => !isFinal(job) && job.notBefore === undefined)
    const { running, runningOfOwner, waiting, waitingOfOwner } = this.#limits
    const own = unfinished.filter((job) => this.#personOf(job.owner) === this.#personOf(owner)).length + arriving.own
    if (own >= runningOfOwner + waitingOfOwner)
      return `you have ${own} unfinished jobs, and ${waitingOfOwner} may wait for the one that runs`
    if (unfinished.length + arriving.all >= running + waiting) return `${waiting} jobs of all users are waiting already`
    return undefined
  }

  /** Finished jobs that are kept no longer. @param all in the order in which they were asked for */
  outdated(all: readonly Job[]): Job[] {
    const finished = all.filter(isFinal)
    const ofOwners = [...Map.groupBy(finished, ({ owner }) => this.#personOf(owner)).values()].flatMap((jobs) =>
      jobs.slice(0, Math.max(0, jobs.length - this.#limits.historyOfOwner)),
    )
    const dropped = new Set(ofOwners)
    const rest = finished.filter((job) => !dropped.has(job))
    return [...ofOwners, ...rest.slice(0, Math.max(0, rest.length - this.#limits.history))]
  }
}
