interface EventListeners {
  readonly progress: (value: unknown) => void
  /** The last one: nothing follows. */
  readonly end?: () => void
  /** What the user reads; nothing comes after it. */
  readonly problem?: (value: unknown) => void
  /** The stream had broken off: what happened meanwhile was missed. */
  readonly reopened?: () => void
}

/** Milliseconds before a stream is opened again, longer each time until the most. */
const FIRST_WAIT = 3_000
const MOST_WAIT = 30_000

/**
 * Follows a stream of `app/api` until its end or a problem. A browser reopens a stream that broke off, but gives up
 * when it's refused, as by a proxy whose server is restarting.
 * @returns closes it
 */
export function followEvents(href: string, { progress, end, problem, reopened }: EventListeners): () => void {
  let events: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let wasOpen = false
  const close = () => {
    clearTimeout(timer)
    events?.close()
  }
  const open = () => {
    const stream = new EventSource(href)
    events = stream
    stream.addEventListener('open', () => {
      if (wasOpen) reopened?.()
      wasOpen = true
      wait = FIRST_WAIT
    })
    stream.addEventListener('progress', ({ data }) => progress(JSON.parse(data)))
    stream.addEventListener('end', () => {
      close()
      end?.()
    })
    stream.addEventListener('problem', ({ data }) => {
      close()
      problem?.(JSON.parse(data))
    })
    stream.addEventListener('error', () => {
      if (stream.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 1.5, MOST_WAIT)
    })
  }
  open()
  return close
}
