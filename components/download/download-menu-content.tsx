'use client'

import { Archive, Box, Download, FolderTree } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu, MenuDownload } from '@/components/ui/menu'
import { archiveHref } from '@/lib/routes/href'
import type { DownloadTarget } from './download-target'

export function DownloadMenuContent({ target }: { target: DownloadTarget }) {
  return (
    <Menu
      defaultOpen
      label="Download"
      trigger={
        <Button>
          <Download aria-hidden />
          Download
        </Button>
      }
    >
      <DownloadItems target={target} />
    </Menu>
  )
}

/** Each archive that can be made of an image. */
export function DownloadItems({ target }: { target: DownloadTarget }) {
  const { selector, platform, isIndex, isImage, isSchema1 } = target
  const href = (format: Parameters<typeof archiveHref>[0], only?: string) => archiveHref(format, target, selector, only)
  const shown = isIndex ? platform : undefined
  return (
    <>
      {!isSchema1 && (
        <MenuDownload icon={Archive} href={href('oci')}>
          <Choice
            title={isIndex ? 'OCI archive, all platforms' : 'OCI archive'}
            note="Exactly as in the registry; for skopeo, podman, docker"
          />
        </MenuDownload>
      )}
      {!isSchema1 && shown && (
        <MenuDownload icon={Archive} href={href('oci', shown)}>
          <Choice
            title={`OCI archive, ${shown} only`}
            note="The index lists only this platform, so its digest changes"
          />
        </MenuDownload>
      )}
      {isImage && (
        <MenuDownload icon={Box} href={href('docker', shown)}>
          <Choice
            title="docker save archive"
            note={
              isSchema1 ? 'For docker load, converted from schema 1' : `For docker load${shown ? `, ${shown}` : ''}`
            }
          />
        </MenuDownload>
      )}
      {isImage && (
        <MenuDownload icon={FolderTree} href={href('rootfs', shown)}>
          <Choice title="Root file system" note={`All layers merged into one tar${shown ? `, ${shown}` : ''}`} />
        </MenuDownload>
      )}
    </>
  )
}

function Choice({ title, note }: { title: string; note: string }) {
  return (
    <span>
      <span className="block font-medium">{title}</span>
      <span className="block text-xs text-muted">{note}</span>
    </span>
  )
}
