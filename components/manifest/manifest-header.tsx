import { Suspense } from 'react'
import type { DownloadTarget } from '@/components/download/download-target'
import { ProtectedMark } from '@/components/protection/protected-mark'
import { Badge } from '@/components/ui/badge'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Time } from '@/components/ui/time'
import type { ManifestPage } from '@/lib/data/manifest/read-manifest'
import { ownValue } from '@/lib/format/own-value'
import { barePlace } from '@/lib/oci/place'
import { manifestHref } from '@/lib/routes/href'
import { Fact } from './fact'
import { isImage } from './is-image'
import { ManifestActions } from './manifest-actions'
import { ManifestRelatives } from './manifest-relatives'
import { ManifestTitle } from './manifest-title'
import { CompareLink, NeighbourLinks } from './neighbour-links'

interface ManifestHeaderProps {
  page: ManifestPage
  selector: string
  /** The policies' verdict, if there are any policies. */
  policy?: React.ReactNode
  neighbours: Promise<{ readonly previous?: string; readonly next?: string } | undefined>
}

/** What the page shows: name, digest, kind, size and age, with the actions. */
export function ManifestHeader({ page, selector, neighbours, policy }: ManifestHeaderProps) {
  const { manifest } = page
  const place = { ...barePlace(page), selector }
  const rule = ownValue(page.protectedBy, selector)
  const shown = page.selected?.child.ok ? page.selected.child.value : manifest
  return (
    <header className="@container mb-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <h1 className="min-w-0 flex-1 basis-64 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
          <ManifestTitle place={page} selector={selector} />
          {rule && <ProtectedMark rule={rule} />}
        </h1>
        <div className="flex flex-wrap gap-2">
          <Suspense fallback={<CompareLink place={place} />}>
            <NeighbourLinks place={place} neighbours={neighbours} />
          </Suspense>
          <ManifestActions
            target={{ ...place, digest: manifest.digest, may: page.may }}
            download={downloadOf(page, shown, selector)}
          />
        </div>
      </div>
      <dl className="mt-2.5 flex flex-wrap items-center gap-x-6 gap-y-1.5 text-sm">
        <Fact label="Kind">
          <Badge tone="accent" title={manifest.mediaType}>
            {manifest.artifact.title}
          </Badge>
        </Fact>
        <Fact label="Digest">
          <Digest digest={manifest.digest} swatch />
        </Fact>
        {shown.size !== undefined && (
          <Fact
            label={`${isImage(shown) ? 'Compressed size' : 'Size'}${
              shown === manifest ? '' : `, ${shown.config?.platform ?? 'this child'}`
            }`}
          >
            <Bytes bytes={shown.size} className="tabular" />
          </Fact>
        )}
        {shown.created && (
          <Fact label="Image created">
            <Time iso={shown.created} />
          </Fact>
        )}
        {manifest.subject && (
          <Fact label="About">
            <Digest digest={manifest.subject.digest} href={manifestHref(page, manifest.subject.digest)} copy={false} />
          </Fact>
        )}
        {policy && <Fact label="Policy">{policy}</Fact>}
        <ManifestRelatives page={page} selector={selector} />
      </dl>
    </header>
  )
}

/** Undefined where the visitor may not download, or nothing is known to be in it. */
function downloadOf(page: ManifestPage, shown: ManifestPage['manifest'], selector: string): DownloadTarget | undefined {
  const { manifest, may } = page
  if (!may.export || manifest.kind === 'unknown') return undefined
  return {
    ...barePlace(page),
    selector,
    platform: shown === manifest ? undefined : shown.config?.platform,
    isIndex: manifest.kind === 'index',
    isImage: shown.config !== undefined,
    isSchema1: manifest.kind === 'schema1',
  }
}
