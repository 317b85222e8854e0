import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import type { ManifestPage } from '@/lib/data/manifest/read-manifest'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import { Fact } from './fact'

const SHOWN = 5

/** A manifest's other tags, and the index that it's part of, as far as they're known. */
export function ManifestRelatives({ page, selector }: { page: ManifestPage; selector: string }) {
  const { tags, parent } = page.relatives
  return (
    <>
      {tags.length > 0 && (
        <Fact label={isDigestSelector(selector) ? 'Tagged' : 'Also tagged'}>
          <TagLinks page={page} tags={tags} />
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
            <TagLinks page={page} tags={parent.tags} platform={parent.platform} />
          </span>
        </Fact>
      )}
    </>
  )
}

function TagLinks({ page, tags, platform }: { page: ManifestPage; tags: readonly string[]; platform?: string }) {
  return (
    <span title={tags.length > 0 ? `As of the last listing: ${tags.join(', ')}` : undefined}>
      {tags.slice(0, SHOWN).map((tag, index) => (
        <span key={tag}>
          {index > 0 && ', '}
          <Link
            href={manifestHref(page, tag, { platform })}
            className="break-all underline-offset-2 hover:text-accent hover:underline"
          >
            {tag}
          </Link>
        </span>
      ))}
      {tags.length > SHOWN && <span className="text-muted"> and {tags.length - SHOWN} more</span>}
    </span>
  )
}
