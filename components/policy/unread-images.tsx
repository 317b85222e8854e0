import { Fragment } from 'react'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import type { PolicyReport } from '@/lib/data/policy/read-policy-report'
import { plural } from '@/lib/format/bytes'
import { repositoryHref } from '@/lib/routes/href'

const SHOWN = 5

/** Why there may be more findings than are counted. Renders nothing if every image could be read. */
export function UnreadImages({ unread }: Pick<PolicyReport, 'unread'>) {
  if (unread.length === 0) return null
  const images = unread.reduce((sum, one) => sum + one.images, 0)
  return (
    <Notice
      tone="warn"
      className="mb-4"
      title={`${plural(images, 'image')} couldn’t be checked, so there may be more findings.`}
    >
      The labels of {images === 1 ? 'this image' : 'these images'}, or of some of their platforms, couldn’t be read:{' '}
      {unread.slice(0, SHOWN).map((place, index) => (
        <Fragment key={`${place.registry}/${place.repository}`}>
          {index > 0 && ', '}
          <Link
            href={repositoryHref(place)}
            className="break-all text-ink underline underline-offset-2 hover:text-accent"
          >
            {place.registry}/{place.repository}
          </Link>
        </Fragment>
      ))}
      {unread.length > SHOWN && ` and ${plural(unread.length - SHOWN, 'more repository', 'more repositories')}`}.
    </Notice>
  )
}
