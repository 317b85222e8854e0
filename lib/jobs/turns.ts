export interface Limits {
  /** Jobs that one process runs at once, and that run of one person in all of them. */
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

/** A job that has not ended, as far as turns go. */
export interface Waiting {
  readonly person: string
  /** A process that is alive runs it. */
  readonly isRunning: boolean
  /** It may run now: it's due, and its lease is free. */
  readonly isReady: boolean
  /** It waits for its time. */
  readonly isPostponed: boolean
}

/**
 * The job that runs next, if one may: each person has a turn before anyone has the next.
 * @param all in the order in which they were asked for
 * @param lastTurn of each person who has had one
 */
export function nextJob<T extends Waiting>(
  all: readonly T[],
  lastTurn: ReadonlyMap<string, number>,
  { runningOfOwner }: Pick<Limits, 'runningOfOwner'>,
): T | undefined {
  const first = new Map<string, T>()
  for (const job of all) {
    if (!job.isReady || first.has(job.person)) continue
    const own = all.filter(({ person, isRunning }) => isRunning && person === job.person)
    if (own.length < runningOfOwner) first.set(job.person, job)
  }
  const byTurn = [...first.values()].sort((a, b) => (lastTurn.get(a.person) ?? -1) - (lastTurn.get(b.person) ?? -1))
  return byTurn[0]
}

/** Why a person can't ask for another job now. */
export function refusal(
  all: readonly Waiting[],
  person: string,
  { running, runningOfOwner, waiting, waitingOfOwner }: Limits,
): string | undefined {
  const unfinished = all.filter(({ isPostponed }) => !isPostponed)
  const own = unfinished.filter((job) => job.person === person).length
  if (own >= runningOfOwner + waitingOfOwner)
    return `you have ${own} unfinished jobs, and at most ${waitingOfOwner} can wait for the one that’s running`
  if (unfinished.length >= running + waiting) return `${waiting} jobs of all users are already waiting`
  return undefined
}
