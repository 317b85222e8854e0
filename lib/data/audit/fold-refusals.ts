import { processWide } from '../../config/process-wide.ts'

/** Rows that one person's refusals, and those of all together, may add within a window; milliseconds. */
const WINDOW = 60_000
const MOST_OF_ONE = 30
const MOST_OF_ALL = 300
/** People counted at once; further ones count as one. */
const KEPT = 5_000
const OTHERS = ''

interface Count {
  rows: number
  leftOut: number
  /** Records the last one that was left out. */
  last?: (leftOut: number) => Promise<unknown>
}

/**
 * Refused requests are free to send, and rows of the audit log are kept for ever. So only the first ones of a person
 * within a minute are recorded one by one; the others are counted, and the count is a row of its own at the minute's
 * end.
 */
export class RefusalFold {
  readonly #counts = new Map<string, Count>()
  readonly #window: number
  #all = 0
  #timer: NodeJS.Timeout | undefined

  constructor(window = WINDOW) {
    this.#window = window
  }

  /** @param record adds a row; it says how many were left out, 0 for none */
  async take(person: string, record: (leftOut: number) => Promise<unknown>): Promise<void> {
    const key = this.#counts.has(person) || this.#counts.size < KEPT ? person : OTHERS
    const count = this.#counts.get(key) ?? { rows: 0, leftOut: 0 }
    this.#counts.set(key, count)
    this.#timer ??= setTimeout(() => void this.end(), this.#window).unref()
    if (count.rows >= MOST_OF_ONE || this.#all >= MOST_OF_ALL) {
      count.leftOut++
      count.last = record
      return
    }
    count.rows++
    this.#all++
    await write(record, 0)
  }

  /** Ends the window: records how many were left out. */
  async end(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#all = 0
    const counts = [...this.#counts.values()]
    this.#counts.clear()
    // With thousands of addresses at once, only the busiest get a row of their own.
    const loudest = counts.filter(({ last }) => last).sort((one, other) => other.leftOut - one.leftOut)
    for (const { last, leftOut } of loudest.slice(0, MOST_OF_ONE)) if (last) await write(last, leftOut)
  }
}

/** Of this process. */
export function foldRefusals(): RefusalFold {
  return processWide('refusal-fold', () => new RefusalFold())
}

async function write(record: (leftOut: number) => Promise<unknown>, leftOut: number): Promise<void> {
  try {
    await record(leftOut)
  } catch (error) {
    console.error('A refusal can’t be recorded in the audit log', error)
  }
}
