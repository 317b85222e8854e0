import type { RepositoryName } from '../../oci/reference.ts'
import type { LayoutIndex } from './layout-index.ts'

/** Works something out once per repository and state of the index. What failed is tried again. */
export function perRepository<T>(
  work: (index: LayoutIndex, repository: RepositoryName) => Promise<T>,
): (index: LayoutIndex, repository: RepositoryName) => Promise<T> {
  const known = new WeakMap<LayoutIndex, Map<RepositoryName, Promise<T>>>()
  return (index, repository) => {
    const ofIndex = known.get(index) ?? new Map<RepositoryName, Promise<T>>()
    known.set(index, ofIndex)
    const found = ofIndex.get(repository) ?? work(index, repository)
    if (!ofIndex.has(repository)) {
      ofIndex.set(repository, found)
      found.catch(() => ofIndex.delete(repository))
    }
    return found
  }
}
