import 'server-only'
import { AccessError, isAccessError } from '../access-error.ts'
import { hasLostRights } from '../lost-rights.ts'
import type { Sender } from './request-sender.ts'

/** Milliseconds between checks. */
const CHECK_EVERY = 20_000

export interface RightsWatch {
  /** Aborts once the sender may do less than when the request came, has signed out, or has lost the token. */
  readonly signal: AbortSignal
  readonly end: () => void
}

/** For a response that is still being sent after the rights for it were checked: a stream, a download. */
export function watchRights({ actor, again }: Sender, every = CHECK_EVERY): RightsWatch {
  const ended = new AbortController()
  const check = async () => {
    try {
      if (!hasLostRights(actor, await again())) return
    } catch (error) {
      // A database that can't be reached takes no rights away: the next check may find it.
      if (!isAccessError(error)) return
    }
    ended.abort(new AccessError('denied'))
    clearInterval(timer)
  }
  const timer = setInterval(check, every).unref()
  return { signal: ended.signal, end: () => clearInterval(timer) }
}

/**
 * The same for work before the response, as for an upload. It isn't waited for: a body that is being received can take
 * its time to end.
 * @throws AccessError `denied` once the rights have ended
 */
export async function whileAllowed<T>(sender: Sender, work: (allowed: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, end } = watchRights(sender)
  const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  try {
    return await Promise.race([work(signal), ended])
  } finally {
    end()
  }
}
