import { refreshListing } from '../actions/repositories.ts'

/** Refreshes a registry's list, or a repository's tags, on the next read. False when the server couldn't be reached. */
export async function listAgain(registry: string, repository?: string): Promise<boolean> {
  try {
    return (await refreshListing({ registry, ...(repository && { repository }) })).ok
  } catch {
    return false
  }
}
