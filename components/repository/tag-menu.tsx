'use client'

import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import type { ChangeTarget } from '@/components/change/change-target'
import { Button } from '@/components/ui/button'
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
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={`Actions for ${tag}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={onClick}
    >
      <Ellipsis aria-hidden />
    </Button>
  )
}
