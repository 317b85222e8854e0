import { processWide } from '../config/process-wide.ts'

/** Pages that are rendered at once; others wait for their turn. */
const AT_ONCE = 32
/** Milliseconds after which a page that isn't finished waits for something else than the processor. */
const LONGEST = 2_000

interface Turns {
  running: number
  readonly waiting: (() => void)[]
}

/**
 * Waits until a page may be rendered. Hundreds that are rendered at once all end last, and hold the memory of hundreds.
 * @returns ends the turn, which ends anyway after two seconds: a slow registry or reader keeps nobody waiting for longer
 */
export async function pageTurn(): Promise<() => void> {
  const turns = processWide('page-turns', (): Turns => ({ running: 0, waiting: [] }))
  if (turns.running < AT_ONCE) turns.running++
  else await new Promise<void>((resolve) => turns.waiting.push(resolve))
  let isOver = false
  const end = () => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    const next = turns.waiting.shift()
    if (next) next()
    else turns.running--
  }
  const timer = setTimeout(end, LONGEST).unref()
  return end
}
