'use client'

import { useState } from 'react'
import { Icon } from '@/components/ui/icon'
import { onDemand } from '@/components/ui/on-demand'
import type { TagMenuProps } from './tag-menu-props'

const TagMenuContent = onDemand(
  () => import('./tag-menu-content').then((module) => module.TagMenuContent),
  ({ target }) => <MenuButton tag={target.selector} />,
)

/** What can be done with a tag. The menu itself is loaded when it is first opened. */
export function TagMenu(props: TagMenuProps) {
  const [used, setUsed] = useState(false)
  if (used) return <TagMenuContent {...props} />
  return <MenuButton tag={props.target.selector} onClick={() => setUsed(true)} />
}

function MenuButton({ tag, onClick }: { tag: string; onClick?: () => void }) {
  return (
    <button
      type="button"
      className="row-menu"
      aria-label={`Actions for ${tag}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={onClick}
    >
      <Icon name="more" />
    </button>
  )
}
