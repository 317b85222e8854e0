import { Suspense } from 'react'
import { Digest } from '@/components/ui/digest'
import { Skeleton } from '@/components/ui/skeleton'
import type { ManifestHead } from '@/lib/data/manifest/read-manifest-head'
import { PendingScreen } from './pending-screen'

interface PendingManifestProps {
  head: Promise<ManifestHead>
  reference: string
  breadcrumbs: React.ReactNode
}

/** A manifest's page while its configuration or children are on their way: what the manifest itself says is there. */
export function PendingManifest({ head, reference, breadcrumbs }: PendingManifestProps) {
  return (
    <PendingScreen title={reference} breadcrumbs={breadcrumbs}>
      <Suspense fallback={<Skeleton width={24} />}>
        <Head head={head} />
      </Suspense>
    </PendingScreen>
  )
}

async function Head({ head }: Pick<PendingManifestProps, 'head'>) {
  // A failure is said by the page itself.
  const read = await head.catch(() => undefined)
  if (!read) return null
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <Digest digest={read.digest} swatch />
      <span className="mono text-muted">{read.mediaType}</span>
    </p>
  )
}
