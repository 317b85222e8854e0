import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import type { ChartView } from '@/lib/data/manifest/read-chart'
import { plural } from '@/lib/format/bytes'

/** A chart's files beside the text of one of them. Which one is in the page's address. */
export function ChartFiles({
  chart: { files, shown, isCut },
  hrefOf,
}: {
  chart: ChartView
  hrefOf: (file: string) => string
}) {
  if (files.length === 0) return <p className="text-sm text-muted">This chart has no archive with files.</p>
  return (
    <section aria-labelledby="chart-files">
      <h3 id="chart-files" className="mb-2 flex items-baseline gap-2 text-sm font-medium">
        Files
        <span className="text-xs font-normal text-muted tabular">
          {isCut ? `the first ${files.length}` : files.length}
        </span>
      </h3>
      <div className="grid items-start gap-4 md:grid-cols-[minmax(14rem,1fr)_3fr]">
        <nav
          aria-label="Files of the chart"
          className="max-h-[32rem] overflow-y-auto rounded-xl border bg-surface py-1 shadow-xs max-md:max-h-48"
        >
          {files.map(({ path, size }) => (
            <Link
              key={path}
              href={hrefOf(path)}
              scroll={false}
              aria-current={path === shown?.path ? 'true' : undefined}
              className={cn(
                'flex items-baseline justify-between gap-3 px-3 py-1 text-xs hover:bg-sunken',
                path === shown?.path && 'bg-accent-soft text-accent',
              )}
            >
              <SafeText text={path} className="mono min-w-0 [overflow-wrap:anywhere]" />
              <Bytes bytes={size} className="whitespace-nowrap text-muted tabular" />
            </Link>
          ))}
        </nav>
        {shown && <ChartFileText file={shown} />}
      </div>
    </section>
  )
}

function ChartFileText({ file: { path, size, text } }: { file: NonNullable<ChartView['shown']> }) {
  return (
    <Panel>
      <div className="flex h-10 items-center gap-3 border-b pr-2 pl-4 text-xs text-muted">
        <h4 className="mono truncate text-ink">
          <SafeText text={path} />
        </h4>
        <span className="ml-auto whitespace-nowrap">
          {text === undefined ? <Bytes bytes={size} /> : plural(text.trimEnd().split('\n').length, 'line')}
        </span>
        {text !== undefined && <CopyButton text={text} label={`Copy ${path}`} />}
      </div>
      {text === undefined ? (
        <p className="p-4 text-sm text-muted">
          This file is binary or too large to show here. Pull the chart to read it.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre tabIndex={0} className="mono max-h-[32rem] overflow-auto px-4 py-3 text-xs leading-6">
          <SafeText text={text} longest={text.length} />
        </pre>
      )}
    </Panel>
  )
}
