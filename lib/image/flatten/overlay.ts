/** Bits of what is known about a path. */
const IMPLICIT = 1
const FOLDER = 2
const OTHER = 4
/** Nothing below it is seen in lower layers. */
const COVERS = 8
/** Nor it itself. */
const REMOVED = 16

/** Paths between two turns of others. */
const STEP = 10_000

/**
 * Decides, from the top layer down, which entries of a stack of layers are seen (image-spec, layer.md, "Whiteouts").
 * What a layer hides, it hides in those below it and never in itself. A path below another makes that one a folder,
 * whatever lower layers have there, as overlay file systems do.
 */
export class Overlay {
  #above = new Map<string, number>()
  #current = new Map<string, number>()
  #lastParent: string | undefined
  #lastCovered = false
  /** Folders that an entry that is seen names, or is in. */
  #shown = new Set<string>()
  #lastShown: string | undefined
  /** Folders that an entry that is not seen is in, seen themselves as far as the layers above say. */
  #implied = new Set<string>()
  #lastImplied: string | undefined

  /** Whether an entry of the current layer is seen through the layers above. Paths are clean; `''` is the root. */
  sees(path: string, isFolder: boolean): boolean {
    if (this.#isCovered(parentOf(path))) return false
    const state = this.#above.get(path) ?? 0
    return (state & (FOLDER | OTHER | REMOVED)) === 0 && (isFolder || (state & IMPLICIT) === 0)
  }

  /** Records an entry of the current layer, seen or not: also what is hidden itself may hide what is below. */
  add(path: string, isFolder: boolean, seen: boolean): void {
    const folder = parentOf(path)
    if (seen) this.#show(isFolder ? path : folder)
    else this.#imply(folder)
    this.#mark(path, isFolder ? FOLDER : OTHER | COVERS)
    for (let parent = folder; parent !== undefined; parent = parentOf(parent)) {
      // Entries have recorded their parents; whiteouts haven't.
      if (((this.#current.get(parent) ?? 0) & (IMPLICIT | FOLDER | OTHER)) !== 0) break
      this.#mark(parent, IMPLICIT)
    }
  }

  /** `.wh.<name>`: the path is removed from the layers below. */
  remove(path: string): void {
    this.#mark(path, REMOVED | COVERS)
  }

  /** `.wh..wh..opq`: the folder shows nothing of the layers below. */
  makeOpaque(folder: string): void {
    this.#mark(folder, COVERS)
  }

  /**
   * Visible folders without an entry: unpacking a layer created them, because it named something in them that a layer
   * above removed. A folder comes before those in it.
   */
  *emptied(): Generator<string, void> {
    for (const folder of this.#implied) if (folder !== '' && !this.#shown.has(folder)) yield folder
  }

  /** Yields now and then, as there may be a million paths to look at. */
  *endLayer(): Generator<void, void> {
    const [small, large] =
      this.#current.size < this.#above.size ? [this.#current, this.#above] : [this.#above, this.#current]
    let step = 0
    for (const [path, bits] of small) {
      large.set(path, (large.get(path) ?? 0) | bits)
      if (++step % STEP === 0) yield
    }
    this.#above = large
    this.#current = new Map()
    this.#lastParent = undefined
    this.#lastImplied = undefined
  }

  get size(): number {
    return this.#above.size + this.#current.size
  }

  /** Entries of one folder mostly follow each other, here too. */
  #show(folder: string | undefined): void {
    if (folder === this.#lastShown) return
    this.#lastShown = folder
    for (let each = folder; each !== undefined && !this.#shown.has(each); each = parentOf(each)) this.#shown.add(each)
  }

  #imply(folder: string | undefined): void {
    if (folder === this.#lastImplied) return
    this.#lastImplied = folder
    const unknown: string[] = []
    for (let each = folder; each !== undefined && !this.#implied.has(each); each = parentOf(each)) unknown.push(each)
    for (const each of unknown.reverse()) if (this.sees(each, true)) this.#implied.add(each)
  }

  #mark(path: string, bits: number): void {
    this.#current.set(path, (this.#current.get(path) ?? 0) | bits)
  }

  /** Entries of one folder mostly follow each other. */
  #isCovered(folder: string | undefined): boolean {
    if (folder === undefined) return false
    if (folder === this.#lastParent) return this.#lastCovered
    let covered = false
    for (let each: string | undefined = folder; each !== undefined && !covered; each = parentOf(each))
      covered = ((this.#above.get(each) ?? 0) & COVERS) !== 0
    this.#lastParent = folder
    this.#lastCovered = covered
    return covered
  }
}

/** `undefined` for the root. */
function parentOf(path: string): string | undefined {
  if (path === '') return undefined
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}
