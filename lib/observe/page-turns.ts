import { processWide } from '../config/process-wide.ts'

/** Pages that are rendered at once; others wait for their turn. */
const AT_ONCE = 32
/** Milliseconds after which a page that isn't finished waits for something else than the processor. */
const LONGEST = 2_000

interface Turns {
  running: number
  readonly waiting: (() => void)[]
}

export interface PageTurn {
  /** Resolves when the page may be rendered; never, if its turn is ended before. */
  readonly begun: Promise<void>
  end(): void
}

/**
 * The turn of a page. Hundreds that are rendered at once all end last, and hold the memory of hundreds. A turn ends anyway
 * after two seconds: a slow registry or reader keeps nobody waiting for longer.
 */
export function pageTurn(): PageTurn {
  const turns = processWide('page-turns', (): Turns => ({ running: 0, waiting: [] }))
  const { promise, resolve } = Promise.withResolvers<void>()
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const begin = () => {
    timer = setTimeout(end, LONGEST).unref()
    resolve()
  }
  const end = () => {
    if (isOver) return
    isOver = true
    const place = turns.waiting.indexOf(begin)
    if (place >= 0) {
      turns.waiting.splice(place, 1)
      return
    }
    clearTimeout(timer)
    const next = turns.waiting.shift()
    if (next) next()
    else turns.running--
  }
  if (turns.running < AT_ONCE) {
    turns.running++
    begin()
  } else turns.waiting.push(begin)
  return { begun: promise, end }
}
