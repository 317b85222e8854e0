import { cutKey } from '../../catalog/database/stored-text.ts'
import type { DescriptorView, ManifestView } from './manifest-view.ts'

export type LabelOriginText =
  | 'config label'
  | 'manifest annotation'
  | 'index annotation'
  | 'index entry'
  | 'config descriptor'
  | `layer ${number} descriptor`

export interface LabelRow {
  /** Identifies the row on its page: two origins can have the same key. */
  readonly id: string
  readonly key: string
  readonly value: string
  readonly origin: LabelOriginText
  /** The config's value, where an annotation of the same key overrides it. */
  readonly overrides?: string
  /** The config's value, if that isn't text. */
  readonly type?: 'number' | 'boolean'
  /** Other values that the index's other platforms have under the key, each with its platform. */
  readonly elsewhere: readonly { readonly platform: string; readonly value?: string }[]
}

/** What a page knows about the index that a manifest was reached through. */
export interface LabelContext {
  readonly index?: ManifestView
  /** The index's entry for the manifest. */
  readonly entry?: DescriptorView
  /** The other platforms that were read. */
  readonly siblings?: readonly { readonly platform: string; readonly manifest: ManifestView }[]
}

const ORIGINS = { config: 'config label', annotation: 'manifest annotation' } as const

/** Every label and annotation about a manifest, sorted by key, each with its origin. */
export function labelRows(manifest: ManifestView, { index, entry, siblings = [] }: LabelContext = {}): LabelRow[] {
  const isIndex = manifest.kind === 'index' || manifest.kind === 'unknown'
  const others = siblings.map(({ platform, manifest: { labels } }) => ({
    platform,
    values: new Map(labels.map(({ key, value }) => [key, value])),
  }))
  const own = new Set(manifest.labels.map(({ key }) => key))
  const labels = manifest.labels.map(({ key, value, origin, overrides, type }): LabelRow => {
    const from = ORIGINS[origin]
    const elsewhere = others.flatMap(({ platform, values }) => {
      const other = values.get(key)
      return other === value ? [] : [{ platform, ...(other !== undefined && { value: other }) }]
    })
    const row = { id: idOf(from, key), key, value, origin: from, elsewhere }
    if (overrides === undefined && !type) return row
    return { ...row, ...(overrides !== undefined && { overrides }), ...(type && { type }) }
  })
  const annotations = [
    ...(isIndex ? all('index annotation', manifest.annotations) : []),
    // An image's own annotation beats its index's, which is about all images.
    ...all(
      'index annotation',
      index?.annotations.filter(([key]) => !own.has(key)),
    ),
    ...all('index entry', entry?.annotations),
    ...all('config descriptor', manifest.configDescriptor?.annotations),
    ...manifest.steps.flatMap(({ layer }) =>
      layer ? all(`layer ${layer.index + 1} descriptor`, layer.annotations) : [],
    ),
  ]
  const rows = labels.concat(annotations)
  return isSorted(rows) ? rows : rows.sort(compareRows)
}

/** By view: sorting 100,000 labels takes as long as the rest of the page. */
const kept = new WeakMap<ManifestView, LabelRow[]>()

/** The labels of a manifest without an index. */
export function ownLabelRows(manifest: ManifestView): LabelRow[] {
  const rows = kept.get(manifest) ?? labelRows(manifest)
  kept.set(manifest, rows)
  return rows
}

/** Rows whose key or value contains every word. */
export function filterLabels<Row extends Pick<LabelRow, 'key' | 'value'>>(
  rows: readonly Row[],
  text: string,
): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter(({ key, value }) => {
    const searched = `${key}=${value}`.toLowerCase()
    return words.every((word) => searched.includes(word))
  })
}

function all(origin: LabelOriginText, pairs: DescriptorView['annotations'] = []): LabelRow[] {
  return pairs.map(([key, value]) => annotation(origin, key, value))
}

function annotation(origin: LabelOriginText, key: string, value: string): LabelRow {
  return { id: idOf(origin, key), key, value, origin, elsewhere: [] }
}

function idOf(origin: LabelOriginText, key: string): string {
  return `${origin} ${cutKey(key)}`
}

/** Builders often write them sorted, and sorting a hundred thousand takes as long as a page. */
function isSorted(rows: readonly LabelRow[]): boolean {
  return rows.every((row, index) => index === 0 || compareRows(rows[index - 1] as LabelRow, row) <= 0)
}

function compareRows(a: LabelRow, b: LabelRow): number {
  return compare(a.key, b.key) || compare(a.id, b.id)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
