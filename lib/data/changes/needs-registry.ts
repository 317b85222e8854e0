import type { ListState } from '../../catalog/read-through/list-reader.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { isOutage, RegistryError, type RegistryErrorKind } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'

/** Milliseconds that a change waits for a registry that failed lately. */
const PATIENCE = 5_000

/**
 * Refuses a change in a registry that failed lately and still doesn't answer. One that didn't fail isn't asked.
 * @throws RegistryError
 */
export async function assertAnswers(repository: Repository): Promise<void> {
  if (!catalogOf(repository.registry).hasFailed(placeOf(repository))) return
  const signal = AbortSignal.timeout(PATIENCE)
  try {
    await repository.registry.ping({ signal })
  } catch (error) {
    if (signal.aborted) throw refusal(repository, 'timeout', error)
    if (isOutage(error)) throw refusal(repository, error.kind, error)
    // It answers: whether it allows the change is seen when it's made.
  }
}

/** Refuses to decide on a list that the registry hasn't just given. @throws RegistryError */
export function assertCurrent(repository: Repository, { failure, isListing }: ListState): void {
  if (isOutage(failure)) throw refusal(repository, failure.kind, failure)
  if (failure) throw failure
  if (isListing)
    throw new RegistryError('timeout', 'not all tags were listed in time. Nothing was changed', {
      isPlain: true,
      repository: repository.name,
    })
}

/** Runs the reads that a change is decided on. @throws RegistryError */
export async function readForChange<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isOutage(error)) throw refusal(repository, error.kind, error)
    throw error
  }
}

function refusal({ registry, name }: Repository, kind: RegistryErrorKind, cause?: unknown): RegistryError {
  const message = `changes need the registry itself, and ${registry.name} doesn’t answer. Nothing was changed`
  const details = { isPlain: true, repository: name } as const
  return new RegistryError(kind, message, details, { cause })
}
