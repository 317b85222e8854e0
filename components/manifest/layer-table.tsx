import { Download } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import type { ManifestView, StepView } from '@/lib/data/manifest/manifest-view'
import { buildCommand } from '@/lib/format/build-command'
import { plural } from '@/lib/format/bytes'
import { shortMediaType } from '@/lib/format/media-type'
import { blobHref } from '@/lib/routes/href'

/** BuildKit writes this into every step, so it says nothing about this one. */
const BUILDKIT = 'buildkit.dockerfile.v0'

interface LayerTableProps {
  manifest: ManifestView
  registry: string
  repository: string
}

/** Layers from the base up, each beside the step that made it. Steps without a layer are listed too. */
export function LayerTable({ manifest, registry, repository }: LayerTableProps) {
  const layers = manifest.steps.flatMap((step) => step.layer ?? [])
  const largest = Math.max(1, ...layers.map((layer) => layer.size ?? 0))
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
        {manifest.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps repeat, and their place is what they are
          <Step key={index} step={step} largest={largest} registry={registry} repository={repository} />
        ))}
      </ol>
    </div>
  )
}

function Step({
  step,
  largest,
  registry,
  repository,
}: {
  step: StepView
  largest: number
  registry: string
  repository: string
}) {
  const { layer, createdBy } = step
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
          <code className={cn('mono block max-h-24 overflow-y-auto leading-5 break-words', !layer && 'text-muted')}>
            <SafeText text={buildCommand(createdBy)} />
          </code>
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
            <span aria-hidden className="h-1 flex-1 overflow-hidden rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-accent/70"
                style={{ width: `${Math.max(1, ((layer.size ?? 0) / largest) * 100)}%` }}
              />
            </span>
            <span className="max-w-44 truncate text-2xs text-muted" title={layer.mediaType}>
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
