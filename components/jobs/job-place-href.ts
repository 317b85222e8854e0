import type { JobPlace } from '@/lib/data/jobs/jobs'
import { manifestHref, registryHref, repositoryHref } from '@/lib/routes/href'

/** A side of a job: an image, a repository or a whole registry. */
export function jobPlaceHref({ registry, repository, selector }: JobPlace): string {
  if (!repository) return registryHref(registry)
  const place = { registry, repository }
  return selector ? manifestHref(place, selector) : repositoryHref(place)
}
