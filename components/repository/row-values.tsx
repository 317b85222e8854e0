import { Bytes } from '@/components/ui/bytes'
import { swatchClass } from '@/components/ui/digest'
import { RowLink } from '@/components/ui/row-link'
import { Time } from '@/components/ui/time'
import type { ImageRow } from '@/lib/data/tags/tag-row'
import { shortDigest } from '@/lib/format/digest'
import type { Place } from '@/lib/oci/place'
import { manifestHref } from '@/lib/routes/href'
import type { TagTableState } from '@/lib/routes/tag-table-query'

/** The digest by which a row is opened. */
export function ImageDigest({ place, digest }: { place: Place; digest: string }) {
  return (
    <>
      <i className={swatchClass(digest)} />{' '}
      <RowLink href={manifestHref(place, digest)} className="mono quiet">
        {shortDigest(digest)}
      </RowLink>
    </>
  )
}

export function ImageSize({ image: { size, sizePlatform, problem } }: { image: ImageRow }) {
  if (size === undefined) return <Unknown reason={problem?.title} />
  return <Bytes bytes={size} platform={sizePlatform} className="tabular" />
}

/** What only this image holds: known once every tag of its repository has been read. */
export function UniqueBytes({ bytes }: { bytes: number | undefined }) {
  if (bytes === undefined) return <Unknown reason="Known once every tag has been read" />
  return <Bytes bytes={bytes} className="tabular" />
}

/** An age, or the minute when sorted by it: there an age is too coarse. */
export function ImageCreated({ image: { created, problem }, state }: { image: ImageRow; state: TagTableState }) {
  if (!created) return <Unknown reason={problem?.title} />
  return <Time iso={created} format={state.sort === 'created' ? 'minute' : 'age-or-date'} className="quiet" />
}

/** Shown for a value that neither the image nor the registry provides. */
function Unknown({ reason }: { reason: string | undefined }) {
  return (
    <span className="unknown" title={reason ?? 'Not recorded in the image'}>
      unknown
    </span>
  )
}
