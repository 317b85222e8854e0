'use client'

import { RowLink } from '@/components/ui/row-link'
import { type Column, TableFrame, TableGroup, TableRow } from '@/components/ui/table'
import { useRowLinks } from '@/components/ui/use-row-links'
import type { TaggedImageRow, UntaggedImages } from '@/lib/data/tags/read-images'
import { formatCount, plural } from '@/lib/format/bytes'
import { movingFirst } from '@/lib/format/moving-tag'
import { manifestHref } from '@/lib/routes/href'
import { Platforms } from './platforms'
import { ImageCreated, ImageDigest, ImageSize, UniqueBytes } from './row-values'
import { sharedColumns } from './shared-columns'
import { Signature } from './signature'
import { SortLinks, sortedBy } from './sort-links'
import type { TagTableContext } from './tag-columns'
import { TagMenu } from './tag-menu'
import { useCopyKey } from './use-copy-key'

interface ImageListProps extends TagTableContext {
  images: readonly TaggedImageRow[]
  untagged: UntaggedImages | undefined
  footer?: React.ReactNode
}

/** A row for each image of a repository, with its tags: a client component, so that its rows are sent once, as data. */
export function ImageList({ images, untagged, footer, ...context }: ImageListProps) {
  const { place, from } = context
  const columns = imageColumns(context)
  const without = untagged?.images.map((image) => ({ ...image, tags: [], tagCount: 0 })) ?? []
  const rows = [...images, ...without]
  const onClick = useRowLinks()
  const onKeyDown = useCopyKey({ from, repository: place.repository }, (index) => {
    const image = rows[index]
    return image && { ...image, tag: image.tags[0] ?? image.digest }
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and clicks of the controls inside it
    <div onKeyDown={onKeyDown} onClick={onClick}>
      <TableFrame name="images" caption={`Images of ${place.repository}`} columns={columns} footer={footer}>
        {images.map((row) => (
          <TableRow key={row.digest} columns={columns} row={row} />
        ))}
        {untagged && (
          <TableGroup columns={columns.length}>
            {plural(untagged.total, 'image')} without a tag
            {untagged.total > without.length && `, of which ${formatCount(without.length)} are shown`}
          </TableGroup>
        )}
        {without.map((row) => (
          <TableRow key={row.digest} columns={columns} row={row} />
        ))}
      </TableFrame>
    </div>
  )
}

function imageColumns({ place, state, may, from }: TagTableContext): Column<TaggedImageRow>[] {
  const heads = { place, state }
  const columns = sharedColumns(heads)
  return [
    {
      id: 'tags',
      role: 'name',
      head: <SortLinks {...heads} sorts={['version', 'name']} label="Tags" />,
      sorted: sortedBy(state, ['version', 'name']),
      cell: ({ digest, tags, tagCount, artifact }) => (
        <>
          {tagCount === 0 && (
            <RowLink href={manifestHref(place, digest)} className="quiet">
              No tag
            </RowLink>
          )}
          <span className="chips">
            {movingFirst(tags).map(({ tag, isMoving }) => (
              <RowLink
                key={tag}
                href={manifestHref(place, tag)}
                className={isMoving ? 'chip moving' : 'chip'}
                title={isMoving ? 'Usually moved from image to image' : undefined}
              >
                {tag}
              </RowLink>
            ))}
            {tagCount > tags.length && <span className="quiet">+{tagCount - tags.length} more</span>}
          </span>
          {artifact && <small>{artifact}</small>}
        </>
      ),
    },
    {
      ...columns.digest,
      cell: ({ digest }) => <ImageDigest place={place} digest={digest} />,
    },
    {
      ...columns.platforms,
      cell: ({ platforms, attestations }) => <Platforms platforms={platforms} attestations={attestations} />,
    },
    {
      ...columns.size,
      cell: (image) => <ImageSize image={image} />,
    },
    {
      ...columns.unique,
      cell: ({ unique }) => <UniqueBytes bytes={unique} />,
    },
    {
      ...columns.created,
      cell: (image) => <ImageCreated image={image} state={state} />,
    },
    {
      ...columns.signature,
      cell: Signature,
    },
    {
      ...columns.actions,
      cell: ({ digest, tags: [tag], artifact }) => (
        <TagMenu target={{ ...place, selector: tag ?? digest, digest, may }} from={from} artifact={artifact} />
      ),
    },
  ]
}
