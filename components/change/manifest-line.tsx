import { Digest } from '@/components/ui/digest'
import { Skeleton } from '@/components/ui/skeleton'
import type { Place } from '@/lib/oci/place'
import { isDigestSelector } from '@/lib/routes/selector'

interface ManifestLineProps {
  place: Place
  /** A tag, or a digest, which isn’t repeated. */
  selector: string
  /** Absent while it loads. */
  digest: string | undefined
}

/** What a dialog is about. Where space is short the repository is truncated, not the tag that identifies the image. */
export function ManifestLine({ place: { registry, repository }, selector, digest }: ManifestLineProps) {
  return (
    <dl className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-sunken px-3 py-2 text-sm">
      <dt className="sr-only">Manifest</dt>
      <dd className="flex min-w-0 font-medium">
        <span className="truncate" title={`${registry}/${repository}`}>
          {registry}/{repository}
        </span>
        {!isDigestSelector(selector) && <span className="max-w-64 min-w-fit break-all">:{selector}</span>}
      </dd>
      <dd>{digest ? <Digest digest={digest} swatch copy={false} /> : <Skeleton width={7} />}</dd>
    </dl>
  )
}
