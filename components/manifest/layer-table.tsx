import { Download } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Fold } from '@/components/ui/fold'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { ManifestView, StepView } from '@/lib/data/manifest/manifest-view'
import { buildCommand } from '@/lib/format/build-command'
import { plural } from '@/lib/format/bytes'
import { isUnverifiable } from '@/lib/format/digest'
import { cutText, isLong } from '@/lib/format/folding'
import { shortMediaType } from '@/lib/format/media-type'
import { pageOf } from '@/lib/format/page-of'
import type { Place } from '@/lib/oci/place'
import { blobHref } from '@/lib/routes/href'
import { isImage } from './is-image'

/** BuildKit writes this into every step, so it's meaningless here. */
const BUILDKIT = 'buildkit.dockerfile.v0'

interface LayerTableProps {
  place: Place
  manifest: ManifestView
  /** From 1. */
  page: number
  hrefOf: (page: number) => string
}

/** More than any ordinary image has. */
const SIZE = 150

/** Layers from the base up, each beside the step that made it. Steps without a layer are listed too. */
export function LayerTable({ manifest, place, page, hrefOf }: LayerTableProps) {
  const layers = manifest.steps.flatMap((step) => step.layer ?? [])
  const total = layers.reduce((sum, { size = 0 }) => sum + size, 0)
  const steps = pageOf(manifest.steps, page, SIZE)
  const empty = manifest.steps.length - layers.length
  if (manifest.steps.length === 0) return <p className="text-sm text-muted">This document has no layers.</p>
  return (
    <div>
      <p className="mb-2 text-xs text-muted">
        {plural(layers.length, isImage(manifest) ? 'layer' : 'blob')}
        {empty > 0 && `, ${plural(empty, 'step')} without a layer`}
        {manifest.size !== undefined && (
          <>
            , <Bytes bytes={manifest.size} />
            {isImage(manifest) && ' compressed'}
            {manifest.configDescriptor && ' with the config'}
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
      <Table
        name="layers"
        caption={`Layers of ${place.repository}`}
        isText
        columns={layerColumns({ place, total, isImage: isImage(manifest) })}
        rows={steps.items}
        // Steps can repeat, so their position identifies them.
        rowKey={(_, row) => row}
      />
      <Pager count={steps.total} size={steps.size} page={steps.page} hrefOf={hrefOf} />
    </div>
  )
}

interface LayerContext {
  place: Place
  /** Bytes of all layers. */
  readonly total: number
  /** An artifact's blobs come from no build. */
  readonly isImage: boolean
}

function layerColumns({ place, total, isImage }: LayerContext): Column<StepView>[] {
  return [
    {
      id: 'number',
      role: 'lead',
      width: 2.75,
      head: <span className="sr-only">Number</span>,
      cell: ({ layer }) => <span className="text-xs text-muted tabular">{layer ? layer.index + 1 : '·'}</span>,
    },
    { id: 'step', role: 'name', head: isImage ? 'Step' : 'Content', cell: (step) => <Step step={step} /> },
    {
      id: 'digest',
      width: 12.5,
      head: 'Digest',
      cell: ({ layer }) =>
        layer ? (
          <>
            <Digest digest={layer.digest} swatch />
            {layer.urls.length > 0 && <small>Stored elsewhere: {layer.urls[0]}</small>}
          </>
        ) : (
          <span className="text-xs text-muted">no layer</span>
        ),
    },
    {
      id: 'type',
      width: 7,
      priority: 1,
      stacked: 'hidden',
      head: 'Type',
      cell: ({ layer }) =>
        layer && (
          <span className="text-xs text-muted" title={layer.mediaType}>
            {shortMediaType(layer.mediaType)}
          </span>
        ),
    },
    {
      id: 'size',
      width: 8,
      align: 'end',
      head: 'Size',
      cell: ({ layer }) => layer && <LayerSize bytes={layer.size} share={total > 0 ? (layer.size ?? 0) / total : 0} />,
    },
    {
      id: 'download',
      role: 'trail',
      width: 3,
      head: <span className="sr-only">Download</span>,
      cell: ({ layer }) =>
        layer &&
        !isUnverifiable(layer.digest) && (
          <a
            href={blobHref(place, layer.digest, layer.mediaType)}
            download
            title="Download this blob"
            aria-label={`Download ${layer.digest}`}
            className={buttonStyles({ variant: 'ghost', size: 'icon-xs' })}
          >
            <Download aria-hidden />
          </a>
        ),
    },
  ]
}

/** A layer's file name, or else the command that made it. */
function Step({ step: { layer, createdBy, comment, v1Id } }: { step: StepView }) {
  const title = layer?.annotations.find(([key]) => key === 'org.opencontainers.image.title')?.[1]
  return (
    <>
      {title ? (
        <SafeText text={title} className="font-medium" />
      ) : createdBy ? (
        <BuildCommand command={buildCommand(createdBy)} isMuted={!layer} />
      ) : (
        <span className="text-muted">{layer ? 'No history for this layer' : 'Step without a command'}</span>
      )}
      {comment && comment !== BUILDKIT && (
        <small>
          <SafeText text={comment} />
        </small>
      )}
      {v1Id && (
        <span className="flex items-center gap-1.5 text-xs text-muted">
          v1 image <Digest digest={v1Id} />
        </span>
      )}
    </>
  )
}

/** The size, and as a bar the layer's share of all. */
function LayerSize({ bytes, share }: { bytes: number | undefined; share: number }) {
  if (bytes === undefined) return <span className="text-muted">size unknown</span>
  return (
    <>
      <Bytes bytes={bytes} className="tabular" />
      <span className="mt-1 flex items-center justify-end gap-2">
        <span className="text-2xs text-muted tabular">{shareText(share)}</span>
        <span aria-hidden className="h-1 w-16 overflow-hidden rounded-full bg-sunken">
          <span className="block h-full rounded-full bg-accent/70" style={{ width: `${share * 100}%` }} />
        </span>
      </span>
    </>
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
