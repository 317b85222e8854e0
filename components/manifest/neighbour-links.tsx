import { ChevronLeft, ChevronRight, GitCompareArrows } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { diffHref, manifestHref, sideOf } from '@/lib/routes/href'
import type { ManifestPlace } from './manifest-place'

interface NeighbourLinksProps {
  place: ManifestPlace
  neighbours: Promise<{ readonly previous?: string; readonly next?: string } | undefined>
}

/** The releases before and after this one, and what changed since the one before. */
export async function NeighbourLinks({ place, neighbours }: NeighbourLinksProps) {
  const { previous, next } = (await neighbours) ?? {}
  return (
    <>
      {(previous || next) && (
        <nav aria-label="Releases" className="flex gap-1">
          <Step place={place} tag={previous} label="Previous" Icon={ChevronLeft} />
          <Step place={place} tag={next} label="Next" Icon={ChevronRight} />
        </nav>
      )}
      {previous ? (
        <Link
          href={diffHref(sideOf(place, previous), sideOf(place, place.selector))}
          data-palette={`Compare with previous: ${previous}`}
          className={buttonStyles({ variant: 'primary', className: 'max-w-64' })}
        >
          <GitCompareArrows aria-hidden />
          <span className="truncate">Changes since {previous}</span>
        </Link>
      ) : (
        <CompareLink place={place} />
      )}
    </>
  )
}

/** This image is After: what it's compared with is usually older. */
export function CompareLink({ place }: { place: ManifestPlace }) {
  return (
    <Link href={diffHref(undefined, sideOf(place, place.selector))} className={buttonStyles()}>
      <GitCompareArrows aria-hidden />
      Compare
    </Link>
  )
}

interface StepProps {
  place: ManifestPlace
  tag: string | undefined
  label: string
  Icon: typeof ChevronLeft
}

function Step({ place, tag, label, Icon }: StepProps) {
  const className = buttonStyles({ size: 'icon' })
  if (!tag)
    return (
      <span aria-disabled className={className} title={`No ${label.toLowerCase()} release`}>
        <Icon aria-hidden />
      </span>
    )
  return (
    <Link
      href={manifestHref(place, tag)}
      aria-label={`${label} release: ${tag}`}
      title={`${label}: ${tag}`}
      className={className}
    >
      <Icon aria-hidden />
    </Link>
  )
}
