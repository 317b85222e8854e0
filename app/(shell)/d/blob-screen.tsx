import { Download } from 'lucide-react'
import { RawJson } from '@/components/manifest/raw-json'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import type { BlobView } from '@/lib/data/manifest/read-blob'
import { shortDigest } from '@/lib/format/digest'
import { blobHref, digestHref } from '@/lib/routes/href'

/** A blob: its size, its text if it's a small JSON document, and a download. */
export function BlobScreen({
  registry,
  repository,
  digest,
  blob,
  page,
}: {
  registry: string
  repository: string
  digest: string
  blob: BlobView
  /** Of its lines, from 1. */
  page: number
}) {
  return (
    <>
      <Breadcrumbs registry={registry} path={repository} selector={digest} />
      <div className="mb-4 flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <h1 className="text-xl font-semibold tracking-tight break-all">
            <span className="text-muted">Blob of {repository}</span> {shortDigest(digest)}
          </h1>
          <p className="mt-1 flex items-center gap-4 text-sm">
            <Digest digest={digest} swatch />
            <Bytes bytes={blob.size} className="tabular" />
          </p>
        </div>
        <a
          href={blobHref(registry, repository, digest, blob.json === undefined ? undefined : 'application/json')}
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
          raw={{ mediaType: 'JSON document', text: blob.json }}
          registry={registry}
          repository={repository}
          page={page}
          hrefOf={(number) => digestHref(registry, repository, digest, number)}
          download={blobHref(registry, repository, digest, 'application/json')}
        />
      )}
    </>
  )
}
