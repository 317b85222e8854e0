'use client'

import { Fragment, useEffect, useState } from 'react'
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
    <section aria-label="Pull commands" className="overflow-hidden rounded-xl border bg-surface shadow-xs">
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
        {current.note && <p className="px-4 py-1.5 text-xs text-muted">{current.note}</p>}
      </div>
    </section>
  )
}

function Command({ label, command }: { label: string; command: string }) {
  const by = label.toLowerCase()
  return (
    <div className="flex items-start gap-3 py-1 pr-1.5 pl-4">
      <span className="w-12 shrink-0 py-1 text-xs leading-5 text-muted">{label}</span>
      <code className="mono min-w-0 flex-1 py-1 text-sm leading-5 [overflow-wrap:anywhere]">
        <Wrapped command={command} />
      </code>
      <CopyButton text={command} label={`Copy the command by ${by}`} action={`Copy pull command by ${by}`} />
    </div>
  )
}

/** Breaks a long command where its reference begins rather than inside the digest, and never inside an option. */
function Wrapped({ command }: { command: string }) {
  return command.split(/(?<=[\s/@])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity
    <Fragment key={index}>
      {part.startsWith('--') ? <span className="whitespace-nowrap">{part}</span> : part}
      <wbr />
    </Fragment>
  ))
}
