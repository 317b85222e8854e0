import { Tag } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { CopyButton } from '@/components/ui/copy-button'
import { Empty } from '@/components/ui/empty'
import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import type { DescriptorView, ManifestView } from '@/lib/data/manifest/manifest-view'

interface LabelTableProps {
  manifest: ManifestView
  /** The index that the manifest is part of: its annotations are shown too. */
  index?: ManifestView
  /** What the index says of the manifest where it lists it. */
  entry?: DescriptorView
}

interface Row {
  readonly key: string
  readonly value: string
  readonly origin: string
  readonly overrides?: string
  /** What the config has it as, where that isn't text. */
  readonly type?: string
}

const ORIGINS = { config: 'config label', annotation: 'manifest annotation' } as const

/** Labels and annotations, each with its origin. Values are text, whatever they look like. */
export function LabelTable({ manifest, index, entry }: LabelTableProps) {
  const own = new Set(manifest.labels.map(({ key }) => key))
  const rows: Row[] = [
    ...manifest.labels.map((label) => ({ ...label, origin: ORIGINS[label.origin] })),
    ...(manifest.kind === 'index' || manifest.kind === 'unknown'
      ? manifest.annotations.map(([key, value]) => ({ key, value, origin: 'index annotation' }))
      : []),
    ...onDescriptor('config descriptor', manifest.configDescriptor),
    ...manifest.steps.flatMap(({ layer }) => onDescriptor(`layer ${(layer?.index ?? 0) + 1} descriptor`, layer)),
    ...onDescriptor('index entry', entry),
    // What an image says of itself, its base for example, beats what the index says of all of its images.
    ...(index?.annotations
      .filter(([key]) => !own.has(key))
      .map(([key, value]) => ({ key, value, origin: 'index annotation' })) ?? []),
  ].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  if (rows.length === 0)
    return (
      <Empty icon={Tag} title="No labels">
        Neither the image’s config nor its manifest has labels or annotations. Set them with LABEL in the Dockerfile.
      </Empty>
    )
  return (
    <Panel>
      <table className="stacked w-full text-sm md:table-fixed">
        <thead className="text-left text-xs text-muted">
          <tr className="border-b [&>th]:h-8 [&>th]:px-4 [&>th]:font-medium">
            <th scope="col" className="w-[34%]">
              Key
            </th>
            <th scope="col">Value</th>
            <th scope="col" className="w-44">
              From
            </th>
            <th scope="col" className="w-14">
              <span className="sr-only">Copy</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={`${row.origin} ${row.key}`}
              className="grid-cols-[minmax(0,1fr)_auto] gap-x-2 gap-y-1 border-b align-baseline last:border-0 max-md:px-4 max-md:py-2.5 md:[&>*]:px-4 md:[&>*]:py-1.5"
            >
              <th scope="row" className="text-left font-normal break-all">
                <SafeText text={row.key} className="mono" />
              </th>
              <td className="break-words max-md:col-span-2">
                <SafeText text={row.value} linked />
                {row.type && (
                  <span className="mt-0.5 block text-xs text-warn">A {row.type} in the config, not text</span>
                )}
                {row.overrides !== undefined && (
                  <span className="mt-0.5 block text-xs text-muted">
                    In the config: <SafeText text={row.overrides} />
                  </span>
                )}
              </td>
              <td className="max-md:col-span-2">
                <Badge tone={row.origin === 'config label' ? 'neutral' : 'accent'}>{row.origin}</Badge>
              </td>
              <td className="align-top max-md:col-start-2 max-md:row-start-1">
                {/* As high as a line, so that it stands in the middle of the first. */}
                <span className="flex h-5 items-center">
                  <CopyButton text={row.value} label={`Copy the value of ${row.key}`} size="icon-xs" />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function onDescriptor(origin: string, descriptor: DescriptorView | undefined): Row[] {
  return descriptor?.annotations.map(([key, value]) => ({ key, value, origin })) ?? []
}
