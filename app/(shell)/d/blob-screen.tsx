import { Download } from 'lucide-react'
import { Fact } from '@/components/manifest/fact'
import { RawJson } from '@/components/manifest/raw-json'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { BlobView } from '@/lib/data/manifest/read-blob'
import { shortDigest } from '@/lib/format/digest'
import type { Place } from '@/lib/oci/place'
import { blobHref, digestHref, manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'

/** A blob: its size, its text if it's a small JSON document, and a download. */
export function BlobScreen({
  place,
  digest,
  blob,
  page,
}: {
  place: Place
  digest: string
  blob: BlobView
  /** The page of its lines, from 1. */
  page: number
}) {
  return (
    <>
      <Breadcrumbs registry={place.registry} path={place.repository} selector={blob.from} />
      <div className="mb-4 flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <h1 className="text-xl font-semibold tracking-tight break-all">Blob of {place.repository}</h1>
          <dl className="mt-2 flex flex-wrap items-center gap-x-6 gap-y-1.5 text-sm">
            <Fact label="Digest">
              <Digest digest={digest} swatch />
            </Fact>
            <Fact label="Media type">
              {blob.mediaType ? (
                <SafeText text={blob.mediaType} className="mono" />
              ) : (
                <span className="text-muted" title="Only a manifest records the media types of its blobs">
                  unknown
                </span>
              )}
            </Fact>
            <Fact label="Size">
              <Bytes bytes={blob.size} className="tabular" />
            </Fact>
            {blob.from && (
              <Fact label="Part of">
                <Link
                  href={manifestHref(place, blob.from)}
                  className="underline-offset-2 hover:text-accent hover:underline"
                >
                  {isDigestSelector(blob.from) ? shortDigest(blob.from) : blob.from}
                </Link>
              </Fact>
            )}
          </dl>
        </div>
        <a
          href={blobHref(place, digest, blob.mediaType ?? (blob.json === undefined ? undefined : 'application/json'))}
          download
          className={buttonStyles()}
        >
          <Download aria-hidden />
          Download
        </a>
      </div>
      {blob.json === undefined ? (
        <p className="text-sm text-muted">
          {blob.isLarge ? 'This blob is too large to show here.' : 'This blob isn’t JSON.'} Download it to view it.
        </p>
      ) : (
        <RawJson
          raw={{ mediaType: blob.mediaType ?? 'JSON document', text: blob.json }}
          place={place}
          page={page}
          hrefOf={(number) => digestHref(place, digest, { from: blob.from, page: number })}
          download={blobHref(place, digest, 'application/json')}
        />
      )}
    </>
  )
}
