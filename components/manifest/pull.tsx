import type { ManifestPage } from '@/lib/data/manifest/read-manifest'
import { pullCommands } from '@/lib/format/pull-commands'
import { PullCommands } from './pull-commands'

/** How to get what the page shows. */
export function Pull({ page, selector }: { page: ManifestPage; selector: string }) {
  const { from, repository, manifest } = page
  if (!from)
    return (
      <p className="text-sm text-muted">
        This image is in a folder on the server, so tools can’t pull it from here. Download it instead.
      </p>
    )
  const hasNamedFiles = manifest.steps.some(({ layer }) =>
    layer?.annotations.some(([key]) => key === 'org.opencontainers.image.title'),
  )
  const { digest, artifact } = manifest
  return (
    <PullCommands
      groups={pullCommands({ from, repository, selector, digest, artifact: artifact.kind, hasNamedFiles })}
    />
  )
}
