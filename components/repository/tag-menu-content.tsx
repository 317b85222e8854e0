'use client'

import { Copy, CopyPlus, Download, Eye, GitCompareArrows, Tag, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { DeleteDialog } from '@/components/change/delete-dialog'
import { destinationOf } from '@/components/change/manifest-target'
import { RetagDialog } from '@/components/change/retag-dialog'
import { CopyDialog } from '@/components/copy/copy-dialog'
import { copyText } from '@/components/ui/copy-text'
import { Icon } from '@/components/ui/icon'
import { ChangeItem, Menu, MenuItem, MenuLink, MenuSeparator } from '@/components/ui/menu'
import { diffHref, manifestHref, sideOf } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import { pullTexts } from './pull-texts'
import type { TagMenuProps } from './tag-menu-props'

export function TagMenuContent({ target, from, artifact }: TagMenuProps) {
  const { repository, selector: tag, digest, may } = target
  const pull = pullTexts(from, repository, { tag, digest, artifact })
  const [dialog, setDialog] = useState<'copy' | 'retag' | 'delete'>()
  const close = () => setDialog(undefined)
  return (
    <>
      <Menu
        defaultOpen
        label={`Actions for ${tag}`}
        trigger={
          <button type="button" className="row-menu">
            <Icon name="more" />
          </button>
        }
      >
        <MenuLink icon={Eye} href={manifestHref(target, tag)}>
          Open
        </MenuLink>
        <MenuLink icon={GitCompareArrows} href={diffHref(undefined, sideOf(target, tag))}>
          Compare with…
        </MenuLink>
        <MenuSeparator />
        {!isDigestSelector(tag) && (
          <MenuItem icon={Copy} onSelect={() => void copyText(tag)}>
            Copy tag
          </MenuItem>
        )}
        <MenuItem icon={Copy} onSelect={() => void copyText(digest)}>
          Copy digest
        </MenuItem>
        {pull.byTag && (
          <MenuItem icon={Download} onSelect={() => void copyText(pull.byTag ?? '')}>
            Copy pull command by tag
          </MenuItem>
        )}
        {pull.byDigest && (
          <MenuItem icon={Download} onSelect={() => void copyText(pull.byDigest ?? '')}>
            Copy pull command by digest
          </MenuItem>
        )}
        {(may.copy || may.retag || may.delete) && <MenuSeparator />}
        {may.copy && (
          <ChangeItem icon={CopyPlus} onSelect={() => setDialog('copy')}>
            Copy to…
          </ChangeItem>
        )}
        {may.retag && (
          <ChangeItem icon={Tag} onSelect={() => setDialog('retag')}>
            Retag…
          </ChangeItem>
        )}
        {may.delete && (
          <ChangeItem icon={Trash2} danger onSelect={() => setDialog('delete')}>
            Delete…
          </ChangeItem>
        )}
      </Menu>
      {dialog === 'copy' && <CopyDialog source={target} proposal={destinationOf(target)} onClose={close} />}
      {dialog === 'retag' && <RetagDialog target={target} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog target={target} onClose={close} />}
    </>
  )
}
