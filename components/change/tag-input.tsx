'use client'

import { Autocomplete } from '@base-ui/react/autocomplete'
import { useState } from 'react'
import { Input } from '@/components/ui/input'
import { Suggestions } from '@/components/ui/suggestions'
import { useDebounced } from '@/components/ui/use-debounced'
import type { Place } from '@/lib/oci/place'
import { useQuery } from '@/lib/query/hooks'
import { tagSearchQuery } from '@/lib/query/repositories'

const SHOWN = 8
const SETTLE = 150

interface TagInputProps {
  place: Place
  value: string
  onChange: (value: string) => void
  isBad: boolean
}

/** A field for a tag that suggests the repository's existing ones. */
export function TagInput({ place, value, onChange, isBad }: TagInputProps) {
  const [open, setOpen] = useState(false)
  const term = useDebounced(value.trim(), SETTLE)
  const { data } = useQuery({ ...tagSearchQuery(place, term), enabled: open })
  const tags = (data?.tags ?? []).slice(0, SHOWN)
  return (
    <Autocomplete.Root
      items={tags}
      mode="none"
      value={value}
      onValueChange={onChange}
      open={open && tags.length > 0 && !(tags.length === 1 && tags[0] === value)}
      onOpenChange={setOpen}
    >
      <Autocomplete.Input
        render={<Input data-initial-focus aria-invalid={isBad} />}
        placeholder="for example stable"
        onChange={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      />
      <Suggestions label="Existing tags" />
    </Autocomplete.Root>
  )
}
