'use client'

import { Bytes } from '@/components/ui/bytes'
import { swatchClass } from '@/components/ui/digest'
import { RowLink } from '@/components/ui/row-link'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import { useRowLinks } from '@/components/ui/use-row-links'
import type { TaggedImageRow } from '@/lib/data/tags/read-images'
import { shortDigest } from '@/lib/format/digest'
import { movingFirst } from '@/lib/format/moving-tag'
import { manifestHref } from '@/lib/routes/href'
import { Platforms } from './platforms'
import { pullTexts } from './pull-texts'
import { SortLinks, sortedBy } from './sort-links'
import type { TagTableContext } from './tag-columns'
import { TagMenu } from './tag-menu'
import { Unknown } from './unknown'
import { useCopyKey } from './use-copy-key'

interface ImageListProps extends TagTableContext {
  images: readonly TaggedImageRow[]
  footer?: React.ReactNode
}

/** A row for each image of a repository, with its tags: a client component, so that its rows are sent once, as data. */
export function ImageList({ images, footer, ...context }: ImageListProps) {
  const onClick = useRowLinks()
  const onKeyDown = useCopyKey((index) => {
    const image = images[index]
    return image && pullTexts(context.from, context.repository, { ...image, tag: image.tags[0] ?? '' }).byDigest
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and clicks of the controls inside it
    <div onKeyDown={onKeyDown} onClick={onClick}>
      <Table
        name="images"
        caption={`Images of ${context.repository}`}
        columns={imageColumns(context)}
        rows={images}
        rowKey={({ digest }) => digest}
        footer={footer}
      />
    </div>
  )
}

function imageColumns({ registry, repository, state, may, from }: TagTableContext): Column<TaggedImageRow>[] {
  const heads = { registry, repository, state }
  return [
    {
      id: 'tags',
      role: 'name',
      head: <SortLinks {...heads} sorts={['version', 'name']} label="Tags" />,
      sorted: sortedBy(state, ['version', 'name']),
      cell: ({ tags, tagCount, artifact }) => (
        <>
          <span className="chips">
            {movingFirst(tags).map(({ tag, isMoving }) => (
              <RowLink
                key={tag}
                href={manifestHref(registry, repository, tag)}
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
      id: 'digest',
      width: 10.75,
      priority: 1,
      head: 'Digest',
      cell: ({ digest }) => (
        <>
          <i className={swatchClass(digest)} />{' '}
          <RowLink href={manifestHref(registry, repository, digest)} className="mono quiet">
            {shortDigest(digest)}
          </RowLink>
        </>
      ),
    },
    {
      id: 'platforms',
      width: 13,
      priority: 2,
      stacked: 'hidden',
      head: 'Platforms',
      cell: ({ platforms, attestations }) => <Platforms platforms={platforms} attestations={attestations} />,
    },
    {
      id: 'size',
      width: 5.75,
      align: 'end',
      head: <SortLinks {...heads} sorts={['size']} label="Size" />,
      sorted: sortedBy(state, ['size']),
      cell: ({ size, sizePlatform, problem }) =>
        size === undefined ? (
          <Unknown reason={problem?.title} />
        ) : (
          <Bytes bytes={size} platform={sizePlatform} className="tabular" />
        ),
    },
    {
      id: 'created',
      width: 8.5,
      align: 'end',
      stacked: 'created',
      head: <SortLinks {...heads} sorts={['created']} label="Created" />,
      sorted: sortedBy(state, ['created']),
      cell: ({ created, problem }) =>
        created ? (
          <Time iso={created} format={state.sort === 'created' ? 'minute' : 'age-or-date'} className="quiet" />
        ) : (
          <Unknown reason={problem?.title} />
        ),
    },
    {
      id: 'actions',
      role: 'trail',
      width: 3.25,
      head: <span className="sr-only">Actions</span>,
      cell: ({ digest, tags: [tag = ''], artifact }) => (
        <TagMenu
          target={{ registry, repository, selector: tag, digest, may }}
          pull={pullTexts(from, repository, { tag, digest, artifact })}
        />
      ),
    },
  ]
}
