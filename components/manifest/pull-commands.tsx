'use client'

import { useEffect, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'
import type { PullCommand } from '@/lib/format/pull-commands'

const REMEMBERED = 'lading.pull-tool'

/** Pull commands by tag and by digest, one tool at a time. The browser remembers the choice. */
export function PullCommands({ groups }: { groups: readonly PullCommand[] }) {
  const [tool, setTool] = useState(groups[0]?.tool)
  useEffect(() => {
    const remembered = localStorage.getItem(REMEMBERED)
    if (groups.some((group) => group.tool === remembered)) setTool(remembered ?? undefined)
  }, [groups])
  const choose = (next: string) => {
    setTool(next)
    localStorage.setItem(REMEMBERED, next)
  }
  const current = groups.find((group) => group.tool === tool) ?? groups[0]
  if (!current) return null
  return (
    <section aria-label="Pull commands" className="mb-6 overflow-hidden rounded-xl border bg-surface shadow-xs">
      <div
        role="tablist"
        aria-label="Tool"
        className="scroll-cue flex overflow-x-auto border-b px-2 [--cue:var(--surface)]"
      >
        {groups.map((group) => (
          <button
            key={group.tool}
            type="button"
            role="tab"
            aria-selected={group === current}
            onClick={() => choose(group.tool)}
            className={cn(
              '-mb-px h-9 border-b-2 px-2.5 text-xs font-medium',
              group === current ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {group.tool}
          </button>
        ))}
      </div>
      <div className="divide-y">
        {current.byTag && <Command label="Tag" command={current.byTag} />}
        {current.byDigest && <Command label="Digest" command={current.byDigest} />}
      </div>
    </section>
  )
}

function Command({ label, command }: { label: string; command: string }) {
  return (
    <div className="flex h-9 items-center gap-3 pr-1.5 pl-4">
      <span className="w-12 shrink-0 text-xs text-muted">{label}</span>
      <code
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="mono min-w-0 flex-1 overflow-x-auto text-sm text-ellipsis whitespace-nowrap [scrollbar-width:none]"
      >
        {command}
      </code>
      <CopyButton text={command} label={`Copy the command by ${label.toLowerCase()}`} />
    </div>
  )
}
