'use client'

import { Input } from '@/components/ui/input'
import { SafeText } from '@/components/ui/safe-text'
import { isTag } from '@/lib/oci/reference'
import type { TagEdits } from './use-archive-tags'

/** The tag that each image of an archive gets, to be changed before it's loaded. */
export function ArchiveTags({ tags: { rows, edit }, disabled }: { tags: TagEdits; disabled: boolean }) {
  if (rows.length === 0) return null
  return (
    <fieldset disabled={disabled}>
      <legend className="mb-1 text-sm font-medium">Tags</legend>
      <ul className="-m-1 max-h-56 space-y-1.5 overflow-y-auto p-1">
        {rows.map(({ name, tag }) => (
          <li key={name} className="grid grid-cols-[minmax(0,1fr)_minmax(0,12rem)] items-center gap-3 text-sm">
            {name === '' ? (
              <span className="text-muted">unnamed image</span>
            ) : (
              <SafeText text={name} className="mono truncate" />
            )}
            <Input
              aria-label={`Tag for ${name || 'the unnamed image'}`}
              value={tag}
              placeholder="untagged"
              aria-invalid={tag !== '' && !isTag(tag)}
              onChange={(event) => edit(name, event.target.value)}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
