import { Suspense } from 'react'
import { ManifestTitle } from '@/components/manifest/manifest-title'
import { Digest } from '@/components/ui/digest'
import { Skeleton } from '@/components/ui/skeleton'
import type { ManifestHead } from '@/lib/data/manifest/read-manifest-head'
import type { Place } from '@/lib/oci/place'
import type { Attempt } from '@/lib/problem/attempt'
import { PendingScreen } from '../pending-screen'

interface PendingManifestProps {
  head: Promise<Attempt<ManifestHead>>
  place: Place
  reference: string
  breadcrumbs: React.ReactNode
}

/** A manifest's page while its configuration or children load: the manifest's own facts are there. */
export function PendingManifest({ head, place, reference, breadcrumbs }: PendingManifestProps) {
  return (
    <PendingScreen title={<ManifestTitle place={place} selector={reference} />} breadcrumbs={breadcrumbs}>
      <Suspense fallback={<Skeleton width={24} />}>
        <Head head={head} />
      </Suspense>
    </PendingScreen>
  )
}

async function Head({ head }: Pick<PendingManifestProps, 'head'>) {
  // The page itself reports a failure.
  const read = await head
  if (!read.ok) return null
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <Digest digest={read.value.digest} swatch />
      <span className="mono text-muted">{read.value.mediaType}</span>
    </p>
  )
}
