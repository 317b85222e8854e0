'use client'

import { DownloadItems } from '@/components/download/download-menu-content'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Menu, MenuItem, MenuSeparator, RefusedMenuItem } from '@/components/ui/menu'
import { MORE_ACTIONS, type MoreActionsProps } from './more-actions-props'

export function MoreActionsMenu({ actions, download, onOpen }: MoreActionsProps) {
  return (
    <Menu
      defaultOpen
      label={MORE_ACTIONS}
      trigger={
        <Button size="icon">
          <Icon name="more" />
        </Button>
      }
    >
      {actions.map(({ dialog, label, icon, isDangerous, why }) =>
        why ? (
          <RefusedMenuItem key={dialog} icon={icon} why={why}>
            {label}…
          </RefusedMenuItem>
        ) : (
          <MenuItem key={dialog} icon={icon} danger={isDangerous} onSelect={() => onOpen(dialog)}>
            {label}…
          </MenuItem>
        ),
      )}
      {download && (
        <>
          <MenuSeparator />
          <DownloadItems target={download} />
        </>
      )}
    </Menu>
  )
}
