import { HardDrive } from 'lucide-react'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { ImageStorage, RepositoryStoragePage } from '@/lib/data/storage/read-repository-storage'
import { formatBytes, formatCount, plural } from '@/lib/format/bytes'
import { movingFirst } from '@/lib/format/moving-tag'
import type { Place } from '@/lib/oci/place'
import { namespaceOf } from '@/lib/oci/reference'
import { manifestHref, repositoryHref, storageHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'
import { CleanUpUntagged, DeleteRepository } from './late-parts'
import { LayerTable } from './layer-table'
import { FREES, SHARE, TOTAL } from './share-columns'
import { StorageFigure, StorageFigures } from './storage-figure'
import { StorageHeading } from './storage-heading'
import { UNCOUNTED } from './storage-title'

interface RepositoryStorageProps {
  place: Place
  storage: RepositoryStoragePage
  state: TagTableState
  mayDelete: boolean
}

const TAGS_SHOWN = 6

/** A repository's size, what deleting each image would free, and which repositories share its layers. */
export function RepositoryStorage({ place, storage, state, mayDelete }: RepositoryStorageProps) {
  const { registry, repository } = place
  const { total, frees, blobs, imageCount, images, layers, untagged, lostTags, read, listed } = storage
  const isUntaggedKnown = lostTags > 0 || (untagged?.total ?? 0) > 0
  if (blobs === 0 && !isUntaggedKnown)
    return (
      <div className="space-y-6">
        <Empty icon={HardDrive} title="No image has been read yet">
          Sizes appear once the tags of this repository have been read.
        </Empty>
        {mayDelete && <WholeRepository place={place} />}
      </div>
    )
  const unread = listed - read
  return (
    <div className="space-y-6">
      <StorageFigures>
        <StorageFigure
          name="Total, distinct"
          value={formatBytes(total)}
          note={plural(blobs, 'config or layer', 'configs and layers')}
        />
        <StorageFigure
          name="Deleting the repository frees"
          value={`about ${formatBytes(frees)}`}
          note="once the registry collects garbage"
        />
        <StorageFigure
          name="Shared with others"
          value={formatBytes(total - frees)}
          note="used by other repositories too"
        />
        <StorageFigure
          name="Images"
          value={formatCount(imageCount)}
          note={unread > 0 ? `${plural(unread, 'tag')} not read yet` : 'all tags read'}
        />
      </StorageFigures>
      <p className="text-xs text-muted">{UNCOUNTED}</p>
      <section aria-labelledby="by-image">
        <StorageHeading id="by-image" title="By image">
          What deleting each one with all of its tags frees. Deleting several at once can free more: the layers that
          only they share.{' '}
          <Link
            href={storageHref({ registry, path: namespaceOf(repository) })}
            className="font-medium text-accent underline-offset-2 hover:underline"
          >
            Storage of {namespaceOf(repository) || registry}
          </Link>
        </StorageHeading>
        <Table
          name="image-storage"
          caption={`Storage of ${repository} by image`}
          columns={columnsOf(place)}
          rows={images}
          rowKey={({ digest }) => digest}
          isText
        />
        <Pager
          count={imageCount}
          size={storage.size}
          page={storage.page}
          hrefOf={(page) => repositoryHref(place, tagTableQuery({ ...state, view: 'storage', page }))}
        />
      </section>
      <section aria-labelledby="large-layers">
        <StorageHeading id="large-layers" title="Largest layers">
          And which other repositories use them.
        </StorageHeading>
        <LayerTable
          registry={registry}
          layers={layers.map(({ others, otherCount, ...layer }) => ({
            ...layer,
            repositories: otherCount + 1,
            names: [repository, ...others],
          }))}
        />
      </section>
      <section aria-labelledby="untagged">
        <StorageHeading id="untagged" title="Untagged images">
          {untagged
            ? `${plural(untagged.total, 'manifest')} that no tag reaches.`
            : `${registry} doesn’t list manifests without a tag. ${lostTags > 0 ? `Lading knows ${plural(lostTags, 'manifest')} that lost ${lostTags === 1 ? 'its' : 'their'} last tag and may still be there.` : 'Lading has seen none lose its last tag.'}`}
        </StorageHeading>
        {untagged && untagged.images.length > 0 && <Untagged place={place} untagged={untagged} />}
        {mayDelete && isUntaggedKnown && (
          <p className="mt-3">
            <CleanUpUntagged place={place} />
          </p>
        )}
      </section>
      {mayDelete && <WholeRepository place={place} />}
    </div>
  )
}

function WholeRepository({ place }: { place: Place }) {
  return (
    <section aria-labelledby="whole-repository">
      <StorageHeading id="whole-repository" title="Whole repository">
        The next page shows every tag and image that would be deleted, and changes nothing yet. The deletion can be
        undone as one batch.
      </StorageHeading>
      <DeleteRepository place={place} />
    </section>
  )
}

function columnsOf(place: Place): readonly Column<ImageStorage>[] {
  return [
    {
      id: 'image',
      role: 'name',
      head: 'Image',
      cell: ({ digest, tags }) => (
        <>
          <span className="chips">
            {movingFirst(tags.slice(0, TAGS_SHOWN)).map(({ tag, isMoving }) => (
              <Link key={tag} href={manifestHref(place, tag)} className={isMoving ? 'chip moving' : 'chip'}>
                {tag}
              </Link>
            ))}
            {tags.length > TAGS_SHOWN && (
              <span className="text-xs text-muted">and {formatCount(tags.length - TAGS_SHOWN)} more</span>
            )}
          </span>
          <small>
            <Digest
              digest={digest}
              href={tags.length === 0 ? manifestHref(place, digest) : undefined}
              copy={false}
              swatch
            />
          </small>
        </>
      ),
    },
    TOTAL,
    SHARE,
    {
      id: 'elsewhere',
      width: 9,
      align: 'end',
      priority: 2,
      stacked: 'shared with other repositories',
      head: 'Shared outside',
      cell: ({ elsewhere }) => <Bytes bytes={elsewhere} className="tabular" />,
    },
    FREES,
  ]
}

interface UntaggedProps {
  place: Place
  untagged: NonNullable<RepositoryStoragePage['untagged']>
}

function Untagged({ place, untagged: { images, total } }: UntaggedProps) {
  return (
    <>
      <ul className="divide-y rounded-xl border bg-surface text-sm shadow-xs">
        {images.map(({ digest, platforms, artifact, created, size }) => (
          <li key={digest} className="flex flex-wrap items-center gap-x-4 px-4 py-2">
            <Digest digest={digest} href={manifestHref(place, digest)} swatch />
            <span className="text-xs text-muted">{platforms.join(', ') || artifact}</span>
            <span className="ml-auto text-xs text-muted">{created && <Time iso={created} format="age-or-date" />}</span>
            {size !== undefined && <Bytes bytes={size} className="w-20 text-right tabular" />}
          </li>
        ))}
      </ul>
      {total > images.length && (
        <p className="mt-2 text-xs text-muted">
          The first {formatCount(images.length)} of {formatCount(total)}.
        </p>
      )}
    </>
  )
}
