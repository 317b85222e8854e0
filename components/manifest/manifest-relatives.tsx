import { ProtectedMark } from '@/components/protection/protected-mark'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Time } from '@/components/ui/time'
import type { TagsOn } from '@/lib/data/manifest/manifest-relatives'
import type { ManifestPage } from '@/lib/data/manifest/read-manifest'
import { ownValue } from '@/lib/format/own-value'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import { Fact } from './fact'

const SHOWN = 5

/** A manifest's other tags, and the index that it's part of, as far as they're known. */
export function ManifestRelatives({ page, selector }: { page: ManifestPage; selector: string }) {
  const { others, parent } = page.relatives
  return (
    <>
      {others.tags.length > 0 && (
        <Fact label={isDigestSelector(selector) ? 'Tagged' : 'Also tagged'}>
          <TagLinks page={page} {...others} />
        </Fact>
      )}
      {parent && (
        <Fact label={parent.platform ? `The ${parent.platform} of` : 'Part of'}>
          <span className="flex flex-wrap items-center gap-x-2">
            <Digest
              digest={parent.digest}
              href={manifestHref(page, parent.digest, { platform: parent.platform })}
              copy={false}
              swatch
            />
            <TagLinks page={page} {...parent.others} platform={parent.platform} />
          </span>
        </Fact>
      )}
    </>
  )
}

interface TagLinksProps extends TagsOn {
  page: ManifestPage
  platform?: string
}

function TagLinks({ page, tags, asOf, platform }: TagLinksProps) {
  return (
    <span title={tags.length > 0 ? `As of the last listing: ${tags.join(', ')}` : undefined}>
      {tags.slice(0, SHOWN).map((tag, index) => {
        const rule = ownValue(page.protectedBy, tag)
        return (
          <span key={tag}>
            {index > 0 && ', '}
            <Link
              href={manifestHref(page, tag, { platform })}
              className="break-all underline-offset-2 hover:text-accent hover:underline"
            >
              {tag}
            </Link>
            {rule && <ProtectedMark rule={rule} />}
          </span>
        )
      })}
      {tags.length > SHOWN && <span className="text-muted"> and {tags.length - SHOWN} more</span>}
      {asOf && tags.length > 0 && (
        <span className="text-xs text-muted">
          {' '}
          as of <Time iso={asOf} />
        </span>
      )}
    </span>
  )
}
