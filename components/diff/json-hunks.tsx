import { cn } from '@/components/ui/cn'
import { Notice } from '@/components/ui/notice'
import { Panel } from '@/components/ui/panel'
import type { JsonDiff } from '@/lib/data/manifest/read-diff'
import { plural } from '@/lib/format/bytes'
import { visibleText } from '@/lib/format/visible-text'
import { shownHunks } from './shown-hunks'

/** The two documents as a unified diff with some lines of context. */
export function JsonHunks({ diff }: { diff: JsonDiff }) {
  if (diff.state === 'same') return <Notice title="The documents are identical" />
  if (diff.state === 'formatting')
    return (
      <Notice title="The documents differ only in white space">
        Their content is equal, but the bytes, and so the digests, differ.
      </Notice>
    )
  const { hunks, isWhole } = shownHunks(diff.hunks)
  return (
    <Panel>
      <p className="border-b px-4 py-2 text-xs text-muted">
        {plural(diff.removedLines, 'line')} removed, {plural(diff.addedLines, 'line')} added
        {!diff.minimal && '; the diff isn’t minimal, because the documents have little in common'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="mono overflow-x-auto text-xs leading-5">
        {hunks.map((hunk) => (
          <span key={`${hunk.beforeStart} ${hunk.afterStart}`} className="block min-w-max">
            <span className="block bg-sunken px-4 text-muted">
              @@ −{hunk.beforeStart},{hunk.beforeLines} +{hunk.afterStart},{hunk.afterLines} @@{'\n'}
            </span>
            {hunk.lines.map((line, index) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
                key={index}
                className={cn(
                  'flex',
                  line.kind === 'added' && 'bg-good-soft text-good',
                  line.kind === 'removed' && 'bg-danger-soft text-danger',
                )}
              >
                <span aria-hidden className="w-10 shrink-0 pr-2 text-right text-faint select-none">
                  {line.before}
                </span>
                <span aria-hidden className="w-10 shrink-0 pr-2 text-right text-faint select-none">
                  {line.after}
                </span>
                <span className="pr-4 whitespace-pre">
                  {line.kind === 'added' ? '+' : line.kind === 'removed' ? '-' : ' '} {visibleText(line.text)}
                  {'\n'}
                </span>
              </span>
            ))}
          </span>
        ))}
      </pre>
      {!isWhole && (
        <p className="border-t px-4 py-2 text-xs text-muted">
          Only the first lines are shown. See the raw documents for the rest.
        </p>
      )}
    </Panel>
  )
}
