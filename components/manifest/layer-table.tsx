import { Download } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Fold } from '@/components/ui/fold'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import type { ManifestView, StepView } from '@/lib/data/manifest/manifest-view'
import { buildCommand } from '@/lib/format/build-command'
import { plural } from '@/lib/format/bytes'
import { cutText, isLong } from '@/lib/format/folding'
import { shortMediaType } from '@/lib/format/media-type'
import { pageOf } from '@/lib/format/page-of'
import { blobHref } from '@/lib/routes/href'

/** BuildKit writes this into every step, so it says nothing about this one. */
const BUILDKIT = 'buildkit.dockerfile.v0'

interface LayerTableProps {
  manifest: ManifestView
  registry: string
  repository: string
  /** From 1. */
  page: number
  hrefOf: (page: number) => string
}

/** More than any ordinary image has. */
const SIZE = 150

/** Layers from the base up, each beside the step that made it. Steps without a layer are listed too. */
export function LayerTable({ manifest, registry, repository, page, hrefOf }: LayerTableProps) {
  const layers = manifest.steps.flatMap((step) => step.layer ?? [])
  const total = layers.reduce((sum, { size = 0 }) => sum + size, 0)
  const steps = pageOf(manifest.steps, page, SIZE)
  const empty = manifest.steps.length - layers.length
  if (manifest.steps.length === 0) return <p className="text-sm text-muted">This document has no layers.</p>
  return (
    <div>
      <p className="mb-2 text-xs text-muted">
        {plural(layers.length, manifest.config ? 'layer' : 'blob')}
        {empty > 0 && `, ${plural(empty, 'step')} without a layer`}
        {manifest.size !== undefined && (
          <>
            , <Bytes bytes={manifest.size} /> compressed{manifest.configDescriptor && ' with the config'}
            {manifest.sizeWithRepeats !== undefined && (
              <>
                {' '}
                (<Bytes bytes={manifest.sizeWithRepeats} /> counting repeated layers each time)
              </>
            )}
          </>
        )}
      </p>
      {manifest.steps.some((step) => step.isGuess) && (
        <p className="mb-2 text-xs text-warn">
          The history lists a different number of layers than the manifest. Which step made which layer is a guess.
        </p>
      )}
      <ol className="overflow-hidden rounded-xl border bg-surface shadow-xs">
        {steps.items.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps repeat, and their place is what they are
          <Step key={index} step={step} total={total} registry={registry} repository={repository} />
        ))}
      </ol>
      <Pager count={steps.total} size={steps.size} page={steps.page} hrefOf={hrefOf} />
    </div>
  )
}

function Step({
  step,
  total,
  registry,
  repository,
}: {
  step: StepView
  /** Bytes of all layers. */
  total: number
  registry: string
  repository: string
}) {
  const { layer, createdBy } = step
  const share = total > 0 ? (layer?.size ?? 0) / total : 0
  const title = layer?.annotations.find(([key]) => key === 'org.opencontainers.image.title')?.[1]
  return (
    <li
      className={cn(
        'grid grid-cols-[2rem_1fr] gap-x-2 border-b px-3 py-2 text-sm last:border-0 sm:px-4 md:grid-cols-[2rem_minmax(0,1fr)_19rem] md:gap-x-4',
        !layer && 'bg-sunken/40',
      )}
    >
      <span className="pt-px text-xs text-muted tabular">{layer ? layer.index + 1 : '·'}</span>
      <div className="min-w-0">
        {title ? (
          <SafeText text={title} className="font-medium" />
        ) : createdBy ? (
          <BuildCommand command={buildCommand(createdBy)} isMuted={!layer} />
        ) : (
          <span className="text-muted">{layer ? 'No history for this layer' : 'Step without a command'}</span>
        )}
        {step.comment && step.comment !== BUILDKIT && (
          <span className="text-xs text-muted">
            <SafeText text={step.comment} />
          </span>
        )}
        {step.v1Id && (
          <p className="flex items-center gap-1.5 text-xs text-muted">
            v1 image <Digest digest={step.v1Id} />
          </p>
        )}
      </div>
      {layer ? (
        <div className="col-start-2 min-w-0 md:col-start-3">
          <div className="flex items-center gap-2">
            <Digest digest={layer.digest} swatch />
            <span className="ml-auto text-right tabular">
              {layer.size === undefined ? (
                <span className="text-muted">size unknown</span>
              ) : (
                <Bytes bytes={layer.size} />
              )}
            </span>
            <a
              href={blobHref(registry, repository, layer.digest, layer.mediaType)}
              download
              title="Download this blob"
              aria-label={`Download ${layer.digest}`}
              className={buttonStyles({ variant: 'ghost', size: 'icon-xs', className: '-mr-1.5' })}
            >
              <Download aria-hidden />
            </a>
          </div>
          <div className="mt-1 flex items-center gap-2">
            <span aria-hidden className="h-1 w-24 shrink-0 overflow-hidden rounded-full bg-sunken">
              <span className="block h-full rounded-full bg-accent/70" style={{ width: `${share * 100}%` }} />
            </span>
            <span className="w-9 shrink-0 text-2xs text-muted tabular">{shareText(share)}</span>
            <span className="ml-auto truncate text-2xs text-muted" title={layer.mediaType}>
              {shortMediaType(layer.mediaType)}
            </span>
          </div>
          {layer.urls.length > 0 && (
            <p className="mt-1 truncate text-2xs text-muted">Stored elsewhere: {layer.urls[0]}</p>
          )}
        </div>
      ) : (
        <span className="col-start-2 text-xs text-muted md:col-start-3 md:text-right">no layer</span>
      )}
    </li>
  )
}

/** A long RUN line is folded; one of kilobytes is cut: the config has all of it. */
function BuildCommand({ command, isMuted }: { command: string; isMuted: boolean }) {
  const { shown, left } = cutText(command)
  const text = (
    <code className={cn('mono block leading-5 [overflow-wrap:anywhere]', isMuted && 'text-muted')}>
      <SafeText text={left > 0 ? `${shown}…` : shown} />
    </code>
  )
  return isLong(command) ? <Fold>{text}</Fold> : text
}

function shareText(share: number): string {
  if (share === 0) return ''
  return share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`
}
