import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { type Column, Table } from '@/components/ui/table'
import type { ReferrerTagRow } from '@/lib/data/tags/read-referrer-tags'
import { plural } from '@/lib/format/bytes'
import type { Page } from '@/lib/format/page-of'
import type { Place } from '@/lib/oci/place'
import { manifestHref, repositoryHref } from '@/lib/routes/href'

interface ReferrerTagsProps {
  place: Place
  page: Page<ReferrerTagRow>
}

const KINDS: Readonly<Record<string, string>> = { sig: 'Signatures', att: 'Attestations', sbom: 'SBOMs' }

/** The tags that the table of tags leaves out, with the images that they are about. */
export function ReferrerTags({ place, page }: ReferrerTagsProps) {
  return (
    <>
      <p className="mb-3 max-w-prose text-sm text-muted">
        {plural(page.total, 'tag')} that only {page.total === 1 ? 'holds' : 'hold'} signatures, attestations and SBOMs.
        Tools create them on registries that can’t store referrers. Their content is shown with its image.{' '}
        <Link href={repositoryHref(place)} className="text-accent underline underline-offset-2">
          Back to the tags
        </Link>
      </p>
      <Table
        name="referrer-tags"
        caption={`Referrer tags of ${place.repository}`}
        columns={columnsOf(place)}
        rows={page.items}
        rowKey={({ tag }) => tag}
      />
      <Pager
        count={page.total}
        size={page.size}
        page={page.page}
        hrefOf={(to) => repositoryHref(place, { view: 'referrers', page: to })}
      />
    </>
  )
}

function columnsOf(place: Place): Column<ReferrerTagRow>[] {
  return [
    {
      id: 'tag',
      role: 'name',
      head: 'Tag',
      cell: ({ tag }) => (
        <Link href={manifestHref(place, tag)} className="mono break-all">
          {tag}
        </Link>
      ),
    },
    {
      id: 'kind',
      width: 9,
      priority: 1,
      head: 'Holds',
      cell: ({ suffix }) => (suffix ? KINDS[suffix] : 'All referrers'),
    },
    {
      id: 'about',
      width: 12,
      head: 'Of',
      stacked: 'of',
      cell: ({ about }) =>
        about ? (
          <Digest digest={about} swatch copy={false} href={manifestHref(place, about)} />
        ) : (
          <span className="quiet">unknown</span>
        ),
    },
  ]
}
