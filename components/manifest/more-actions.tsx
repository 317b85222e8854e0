'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { onDemand } from '@/components/ui/on-demand'
import { MORE_ACTIONS, type MoreActionsProps } from './more-actions-props'

const MoreActionsMenu = onDemand(
  () => import('./more-actions-menu').then((module) => module.MoreActionsMenu),
  () => <MoreButton />,
)

/** A menu of a manifest's actions, loaded when it's first opened. */
export function MoreActions(props: MoreActionsProps) {
  const [used, setUsed] = useState(false)
  return used ? <MoreActionsMenu {...props} /> : <MoreButton onClick={() => setUsed(true)} />
}

function MoreButton({ onClick }: { onClick?: () => void }) {
  return (
    <Button size="icon" aria-label={MORE_ACTIONS} aria-haspopup="menu" aria-expanded={false} onClick={onClick}>
      <Icon name="more" />
    </Button>
  )
}
