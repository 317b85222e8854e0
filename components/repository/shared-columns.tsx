import type { Column } from '@/components/ui/table'
import type { Place } from '@/lib/oci/place'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { SIGNATURE_HINT } from './signature'
import { SortLinks, sortedBy } from './sort-links'

interface HeadProps {
  place: Place
  state: TagTableState
}

/** The columns about an image that tables of tags and of images share: each fills in the cells. */
export function sharedColumns(heads: HeadProps) {
  return {
    digest: { id: 'digest', width: 10.75, priority: 1, head: 'Digest', skeleton: 8 },
    platforms: { id: 'platforms', width: 13, priority: 2, stacked: 'hidden', head: 'Platforms', skeleton: 6 },
    size: {
      id: 'size',
      width: 5.75,
      align: 'end',
      head: <SortLinks {...heads} sorts={['size']} label="Size" />,
      sorted: sortedBy(heads.state, ['size']),
      skeleton: 3.5,
    },
    unique: {
      id: 'unique',
      width: 5.75,
      align: 'end',
      priority: 4,
      stacked: 'hidden',
      head: (
        <span title="Bytes of all its platforms that no other image of the registry needs, as far as Lading has read it">
          Unique
        </span>
      ),
      skeleton: 3.5,
    },
    created: {
      id: 'created',
      width: 8.5,
      align: 'end',
      stacked: 'created',
      head: <SortLinks {...heads} sorts={['created']} label="Created" />,
      sorted: sortedBy(heads.state, ['created']),
      skeleton: 5,
    },
    signature: {
      id: 'signature',
      width: 6.5,
      priority: 3,
      stacked: 'hidden',
      head: <span title={SIGNATURE_HINT}>Signature</span>,
      skeleton: 3.5,
    },
    actions: { id: 'actions', role: 'trail', width: 3.25, head: <span className="sr-only">Actions</span> },
  } as const satisfies Record<string, Omit<Column<never>, 'cell'>>
}
