'use client'

import { GitCompareArrows } from 'lucide-react'
import { createContext, use, useMemo, useState } from 'react'
import { Button, buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { type ComparedTag, compareHref } from '@/lib/routes/compare-href'

interface Selection {
  readonly registry: string
  readonly repository: string
  /** At most two: what a comparison takes. */
  readonly picked: readonly ComparedTag[]
  toggle(tag: ComparedTag): void
  clear(): void
}

const SelectionContext = createContext<Selection | undefined>(undefined)

/** Keeps the tags selected for comparison, at most two. */
export function TagSelection({
  registry,
  repository,
  children,
}: {
  registry: string
  repository: string
  children: React.ReactNode
}) {
  const [picked, setPicked] = useState<readonly ComparedTag[]>([])
  const value = useMemo<Selection>(
    () => ({
      registry,
      repository,
      picked,
      toggle: (tag) =>
        setPicked((before) =>
          before.some((other) => other.tag === tag.tag)
            ? before.filter((other) => other.tag !== tag.tag)
            : [...before, tag].slice(0, 2),
        ),
      clear: () => setPicked([]),
    }),
    [registry, repository, picked],
  )
  return <SelectionContext value={value}>{children}</SelectionContext>
}

function useSelection(): Selection {
  const selection = use(SelectionContext)
  if (!selection) throw new Error('TagSelection is missing around this component')
  return selection
}

export function TagCheckbox({ tag, created }: ComparedTag) {
  const { picked, toggle } = useSelection()
  const isPicked = picked.some((other) => other.tag === tag)
  const isFull = picked.length === 2 && !isPicked
  return (
    <input
      type="checkbox"
      aria-label={`Select ${tag}`}
      checked={isPicked}
      disabled={isFull}
      title={
        isFull
          ? `${picked.map((other) => other.tag).join(' and ')} are selected: deselect one to choose another`
          : undefined
      }
      onChange={() => toggle({ tag, created })}
    />
  )
}

export function SelectionBar() {
  const { registry, repository, picked, clear } = useSelection()
  const [a, b] = picked
  if (!a) return null
  return (
    <div className="flex items-center gap-2 text-xs text-muted">
      <span className="max-w-64 truncate" role="status">
        {b ? `${a.tag} and ${b.tag}` : `${a.tag} selected: select another tag to compare`}
      </span>
      <Button variant="ghost" size="sm" onClick={clear}>
        Clear
      </Button>
      {b && (
        <Link
          href={compareHref(registry, repository, a, b)}
          className={buttonStyles({ variant: 'primary', size: 'sm' })}
        >
          <GitCompareArrows aria-hidden />
          Compare
        </Link>
      )}
    </div>
  )
}
