'use client'

import { useState } from 'react'
import type { ChangeTarget } from '@/components/change/change-target'
import { Icon } from '@/components/ui/icon'
import { onDemand } from '@/components/ui/on-demand'

const TagMenuContent = onDemand(
  () => import('./tag-menu-content').then((module) => module.TagMenuContent),
  ({ target }) => <MenuButton tag={target.selector} />,
)

/** What can be done with a tag. The menu itself is loaded when it is first opened. */
export function TagMenu({ target }: { target: ChangeTarget }) {
  const [used, setUsed] = useState(false)
  if (used) return <TagMenuContent target={target} />
  return <MenuButton tag={target.selector} onClick={() => setUsed(true)} />
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
