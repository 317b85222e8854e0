import type { Tag } from '../../oci/reference.ts'
import { DEFAULT_CONCURRENCY } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { ListEnd } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { summarizeTag, type TagSummary } from '../inspect/summary.ts'

export interface ImagesOptions extends CallOptions {
  /** Requests under way at once, the listing of tags included; default 16. */
  readonly concurrency?: number
}

/**
 * The summaries of a repository's tags, in the order of its listing. A few are read ahead, never all; leaving the loop
 * cancels what is under way. Tags that are deleted meanwhile are passed over. Returns how the listing of tags ended.
 * @throws RegistryError, FormatError for the first tag whose manifest cannot be read
 */
export async function* images(
  repository: Repository,
  { concurrency = DEFAULT_CONCURRENCY, signal }: ImagesOptions = {},
): AsyncGenerator<TagSummary, ListEnd, void> {
  const leaving = new AbortController()
  const options = { signal: signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal }
  const listing = repository.tags(options)
  const ahead: Promise<TagSummary | undefined>[] = []
  let end: ListEnd | undefined
  try {
    for (;;) {
      while (!end && ahead.length < Math.max(1, concurrency)) {
        const next = await listing.next()
        if (next.done) end = next.value
        else ahead.push(started(repository, next.value, options))
      }
      const first = ahead.shift()
      const summary = await first
      if (summary) yield summary
      if (end && ahead.length === 0) return end
    }
  } finally {
    leaving.abort()
    await Promise.allSettled(ahead)
  }
}

function started(repository: Repository, tag: Tag, options: CallOptions): Promise<TagSummary | undefined> {
  const summary = summarizeTag(repository, tag, options).catch((error: unknown) => {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  })
  // Callers that await it see the failure; until then it must not count as an unhandled rejection.
  summary.catch(() => {})
  return summary
}
