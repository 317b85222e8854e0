import { Link } from '@/components/ui/link'
import { Time } from '@/components/ui/time'
import type { TagPage } from '@/lib/data/tags/read-tags'
import { plural } from '@/lib/format/bytes'
import { isPreRelease } from '@/lib/format/tag-kinds'
import type { Place } from '@/lib/oci/place'
import { diffHref, manifestHref, sideOf } from '@/lib/routes/href'

interface NewestTagNoteProps {
  place: Place
  newest: NonNullable<TagPage['newest']>
  /** The release before it. */
  previous?: string
}

/** Which tag is the newest, and by which evidence: push and build times differ. */
export function NewestTagNote({ place, newest, previous }: NewestTagNoteProps) {
  const { tag, time, unknown } = newest
  return (
    <p className="min-w-0 text-xs text-muted" title={explanation(newest)}>
      Newest:{' '}
      <Link
        href={manifestHref(place, tag)}
        className="font-medium break-all text-ink underline-offset-2 hover:text-accent hover:underline"
      >
        {tag}
      </Link>
      {isPreRelease(tag) && ', a pre-release'}
      {newest.evidence === 'pushed' ? ', uploaded ' : ', built '}
      <Time iso={time} />
      {newest.evidence === 'pushed' && `, according to ${newest.source}`}
      {unknown > 0 && ` (${plural(unknown, 'tag')} of unknown age)`}
      {previous && (
        <>
          {' · '}
          <Link
            href={diffHref(sideOf(place, previous), sideOf(place, tag))}
            className="font-medium text-accent underline-offset-2 hover:underline"
          >
            Changes since {previous}
          </Link>
        </>
      )}
    </p>
  )
}

function explanation(newest: NewestTagNoteProps['newest']): string {
  switch (newest.evidence) {
    case 'pushed':
      return 'Sorted by when images arrived in the registry. Moving a tag to an image that’s already there doesn’t count.'
    case 'image-created':
      return 'Sorted by the build time in each image. The registry doesn’t report when images were pushed.'
  }
}
