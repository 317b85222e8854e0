import { UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { type BuildStep, buildSteps } from '../../oci/history.ts'
import { align } from './align.ts'
import type { ImageSide } from './image-side.ts'

export interface LayerDiff {
  /** Build steps of both sides, base → leaf. In a stretch without a match, what was removed stands before what was added. */
  readonly rows: readonly LayerRow[]
  readonly totals: LayerTotals
  /** False when the images were too different to align fully: some rows then say removed and added instead of shared. */
  readonly aligned: boolean
}

export interface LayerRow {
  /**
   * `shared`: the same digest, or the same command without a layer. `replaced`: the same command made another layer.
   */
  readonly state: 'shared' | 'replaced' | 'added' | 'removed'
  readonly before?: LayerCell
  readonly after?: LayerCell
}

/** One step of one side. A step that made no layer is `empty` and has no digest. */
export interface LayerCell {
  readonly empty: boolean
  /** Position among the layers of its manifest. */
  readonly index?: number
  readonly digest?: Digest
  readonly diffId?: Digest
  /** Compressed bytes; absent when the manifest does not say (schema 1). */
  readonly size?: number
  readonly mediaType?: string
  readonly createdBy?: string
  readonly created?: string
}

/** Compressed bytes of layers; a digest that occurs several times on a side counts once, as it is stored and pulled. */
export interface LayerTotals {
  readonly beforeBytes: number
  readonly afterBytes: number
  readonly sharedBytes: number
  readonly addedBytes: number
  readonly removedBytes: number
  /** Distinct layers whose size no manifest says, and which are missing from the sums. */
  readonly unknownSizes: number
}

/** Aligns the build steps of two images: by layer digest first, then what lies between by its command. */
export function diffLayers(a: ImageSide, b: ImageSide): LayerDiff {
  const before = buildSteps(a.manifest, a.config).map(toCell)
  const after = buildSteps(b.manifest, b.config).map(toCell)
  const aligner = new StepAligner(before, after)
  aligner.alignByDigest()
  return { rows: aligner.rows, totals: addUp(before, after), aligned: aligner.complete }
}

class StepAligner {
  readonly rows: LayerRow[] = []
  complete = true
  readonly #before: readonly LayerCell[]
  readonly #after: readonly LayerCell[]

  constructor(before: readonly LayerCell[], after: readonly LayerCell[]) {
    this.#before = before
    this.#after = after
  }

  alignByDigest(): void {
    const [a, b] = [positionsOfLayers(this.#before), positionsOfLayers(this.#after)]
    const digest = (cells: readonly LayerCell[]) => (position: number) => cells[position]?.digest ?? ''
    const { pairs, complete } = align(a.map(digest(this.#before)), b.map(digest(this.#after)))
    this.complete &&= complete
    let [i, j] = [0, 0]
    for (const [x, y] of [...pairs, [a.length, b.length] as const]) {
      const [nextI, nextJ] = [a[x] ?? this.#before.length, b[y] ?? this.#after.length]
      this.#alignByCommand(this.#before.slice(i, nextI), this.#after.slice(j, nextJ))
      this.#push('shared', this.#before[nextI], this.#after[nextJ])
      ;[i, j] = [nextI + 1, nextJ + 1]
    }
  }

  #alignByCommand(before: readonly LayerCell[], after: readonly LayerCell[]): void {
    const { pairs, complete } = align(before.map(commandKey), after.map(commandKey))
    this.complete &&= complete
    let [i, j] = [0, 0]
    for (const [x, y] of [...pairs, [before.length, after.length] as const]) {
      for (const cell of before.slice(i, x)) this.#push('removed', cell, undefined)
      for (const cell of after.slice(j, y)) this.#push('added', undefined, cell)
      this.#push(before[x]?.empty ? 'shared' : 'replaced', before[x], after[y])
      ;[i, j] = [x + 1, y + 1]
    }
  }

  #push(state: LayerRow['state'], before: LayerCell | undefined, after: LayerCell | undefined): void {
    if (before || after) this.rows.push({ state, ...(before && { before }), ...(after && { after }) })
  }
}

function positionsOfLayers(cells: readonly LayerCell[]): number[] {
  return cells.flatMap((cell, position) => (cell.empty ? [] : [position]))
}

/** Docker's classic builder names copied files by a checksum that changes with them: it is not part of the command. */
function commandKey(cell: LayerCell): string {
  const command = (cell.createdBy ?? '').replace(/\b(file|dir|multi):[0-9a-f]{64}\b/g, '$1')
  return `${cell.empty ? 'empty' : 'layer'} ${command}`
}

function toCell({ layer, createdBy, created }: BuildStep): LayerCell {
  const text = { ...(createdBy && { createdBy }), ...(created && { created }) }
  if (!layer) return { empty: true, ...text }
  const { digest, size, mediaType } = layer.descriptor
  return {
    empty: false,
    index: layer.index,
    digest,
    ...(layer.diffId && { diffId: layer.diffId }),
    ...(size !== UNKNOWN_SIZE && { size }),
    mediaType,
    ...text,
  }
}

function addUp(before: readonly LayerCell[], after: readonly LayerCell[]): LayerTotals {
  const [a, b] = [sizesByDigest(before), sizesByDigest(after)]
  const sum = (sizes: Iterable<[Digest, number | undefined]>) => [...sizes].reduce((n, [, size]) => n + (size ?? 0), 0)
  return {
    beforeBytes: sum(a),
    afterBytes: sum(b),
    sharedBytes: sum([...a].filter(([digest]) => b.has(digest))),
    addedBytes: sum([...b].filter(([digest]) => !a.has(digest))),
    removedBytes: sum([...a].filter(([digest]) => !b.has(digest))),
    unknownSizes: [...new Map([...a, ...b]).values()].filter((size) => size === undefined).length,
  }
}

function sizesByDigest(cells: readonly LayerCell[]): Map<Digest, number | undefined> {
  return new Map(cells.flatMap(({ digest, size }) => (digest ? [[digest, size]] : [])))
}
