import { useState } from 'react'
import { ownValue } from '@/lib/format/own-value'
import { isTag } from '@/lib/oci/reference'
import { useQuery } from '@/lib/query/hooks'
import { archivedNames } from './archived-names'

export interface TagEdits {
  /** What the archive calls each image, and the tag that it gets. Empty while that isn't known. */
  readonly rows: readonly { readonly name: string; readonly tag: string }[]
  readonly edit: (name: string, tag: string) => void
  /** Those that differ from the archive's, as the server takes them. */
  readonly changed: readonly (readonly [name: string, tag: string])[]
  readonly isValid: boolean
}

/** Reads an archive's names before it's sent, and keeps what the user changes. */
export function useArchiveTags(file: File | undefined): TagEdits {
  const { data: names = [] } = useQuery({
    queryKey: ['archived-names', file?.name, file?.size, file?.lastModified],
    queryFn: async () => (file && (await archivedNames(file))) ?? [],
    enabled: file !== undefined,
    gcTime: 0,
  })
  const [edits, setEdits] = useState<{ readonly of?: File; readonly tags: Readonly<Record<string, string>> }>({
    tags: {},
  })
  const tags = edits.of === file ? edits.tags : {}
  const rows = names.map((name) => ({ name, tag: ownValue(tags, name) ?? tagOf(name) }))
  const changed = rows.filter(({ name, tag }) => tag !== tagOf(name))
  return {
    rows,
    edit: (name, tag) => setEdits({ ...(file && { of: file }), tags: { ...tags, [name]: tag } }),
    changed: changed.map(({ name, tag }) => [name, tag]),
    isValid: changed.every(({ tag }) => isTag(tag)),
  }
}

/** The tag that a name ends with; none where no registry could use it (`1.0+b1`). */
function tagOf(name: string): string {
  const tag = name.includes('/') || name.includes(':') ? (/:([^/:@]+)$/.exec(name)?.[1] ?? '') : name
  return isTag(tag) ? tag : ''
}
