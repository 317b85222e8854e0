import { Box, TriangleAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { LineageView, RelatedImage } from '@/lib/data/manifest/read-lineage'
import { formatCount, plural } from '@/lib/format/bytes'
import { diffHref, manifestHref, sideOf } from '@/lib/routes/href'
import { baseEvidence } from './base-evidence'

interface LineageProps {
  reading: Promise<LineageView | undefined>
  /** The repository of the page: others are named with their registry. */
  registry: string
}

const SHOWN = 8
const TAGS_SHOWN = 3

/** The image's base, and images built on it. Renders nothing while neither is known. */
export async function Lineage({ reading, registry }: LineageProps) {
  const found = await reading
  if (!found) return null
  const { basedOn, usedBy, isLowerBound } = found
  if (basedOn.length + usedBy.length === 0) return null
  const isOutdated = basedOn.some(({ moved }) => moved)
  return (
    <div className="space-y-4">
      {basedOn.length > 0 && (
        <Panel>
          <h3 className="flex items-center gap-2 border-b px-4 py-2 text-sm font-medium">
            Based on
            {isOutdated && (
              <Badge tone="warn" className="ml-auto">
                <TriangleAlert aria-hidden />
                base is outdated
              </Badge>
            )}
          </h3>
          <ul className="divide-y">
            {basedOn.slice(0, SHOWN).map((image) => (
              <li key={keyOf(image)} className="flex gap-3 px-4 py-2.5 text-sm">
                <Mark isOutdated={image.moved !== undefined} />
                <div className="min-w-0 flex-1">
                  <Name image={image} registry={registry} />
                  <p className="mt-0.5 text-xs text-muted">{baseEvidence(image)}</p>
                  {image.moved && <Moved image={image} moved={image.moved} />}
                </div>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {usedBy.length > 0 && (
        <Panel>
          <h3 className="flex items-baseline gap-2 border-b px-4 py-2 text-sm font-medium">
            Used by
            <span className="text-xs font-normal text-muted">
              {isLowerBound && 'at least '}
              {plural(usedBy.length, 'image')}
            </span>
          </h3>
          <ul className="divide-y">
            {usedBy.slice(0, SHOWN).map((image) => (
              <li key={keyOf(image)} className="px-4 py-2 text-sm">
                <Name image={image} registry={registry} />
              </li>
            ))}
          </ul>
          {usedBy.length > SHOWN && (
            <details className="border-t px-4 py-2 text-sm">
              <summary className="text-xs font-medium text-accent">{formatCount(usedBy.length - SHOWN)} more</summary>
              <ul className="mt-1 space-y-1">
                {usedBy.slice(SHOWN).map((image) => (
                  <li key={keyOf(image)}>
                    <Name image={image} registry={registry} />
                  </li>
                ))}
              </ul>
            </details>
          )}
        </Panel>
      )}
    </div>
  )
}

function keyOf({ registry, repository, digest }: RelatedImage): string {
  return `${registry}/${repository}@${digest}`
}

function Mark({ isOutdated }: { isOutdated: boolean }) {
  return isOutdated ? (
    <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
  ) : (
    <Box aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
  )
}

function Name({ image, registry: here }: { image: RelatedImage; registry: string }) {
  const { registry, repository, digest, tags, moved } = image
  const name = registry === here ? repository : `${registry}/${repository}`
  const [first] = tags
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <Link href={manifestHref(image, first ?? digest)} className="font-medium break-all hover:text-accent">
        {name}
        {first ? `:${first}` : moved ? `:${moved.tag}` : ''}
      </Link>
      {tags.slice(1, TAGS_SHOWN).map((tag) => (
        <Link key={tag} href={manifestHref(image, tag)} className="text-xs text-muted hover:text-accent">
          {tag}
        </Link>
      ))}
      {tags.length > TAGS_SHOWN && (
        <span className="text-xs text-muted">and {formatCount(tags.length - TAGS_SHOWN)} more tags</span>
      )}
    </span>
  )
}

function Moved({ image, moved }: { image: RelatedImage; moved: NonNullable<RelatedImage['moved']> }) {
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs">
      <span>
        {moved.tag} has moved
        {moved.at && (
          <>
            , <Time iso={moved.at} />
          </>
        )}
        {moved.at && ','} to
      </span>
      <Digest digest={moved.to} href={manifestHref(image, moved.to)} copy={false} swatch />
      <Link
        href={diffHref(sideOf(image, image.digest), sideOf(image, moved.to))}
        className="font-medium text-accent underline-offset-2 hover:underline"
      >
        Compare the two
      </Link>
    </p>
  )
}
