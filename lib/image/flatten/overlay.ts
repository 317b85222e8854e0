/** Bits of what is known about a path. */
const IMPLICIT = 1
const FOLDER = 2
const OTHER = 4
/** Nothing below it is seen in lower layers. */
const COVERS = 8
/** Nor it itself. */
const REMOVED = 16

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

  /** Whether an entry of the current layer is seen through the layers above. Paths are clean; `''` is the root. */
  sees(path: string, isFolder: boolean): boolean {
    if (this.#isCovered(parentOf(path))) return false
    const state = this.#above.get(path) ?? 0
    return (state & (FOLDER | OTHER | REMOVED)) === 0 && (isFolder || (state & IMPLICIT) === 0)
  }

  /** Records an entry of the current layer, seen or not: also what is hidden itself may hide what is below. */
  add(path: string, isFolder: boolean): void {
    this.#mark(path, isFolder ? FOLDER : OTHER | COVERS)
    for (let parent = parentOf(path); parent !== undefined; parent = parentOf(parent)) {
      if (this.#current.has(parent)) break
      this.#mark(parent, IMPLICIT)
    }
  }

  /** `.wh.<name>`: the path is gone from the layers below. */
  remove(path: string): void {
    this.#mark(path, REMOVED | COVERS)
  }

  /** `.wh..wh..opq`: the folder shows nothing of the layers below. */
  makeOpaque(folder: string): void {
    this.#mark(folder, COVERS)
  }

  endLayer(): void {
    for (const [path, bits] of this.#current) this.#above.set(path, (this.#above.get(path) ?? 0) | bits)
    this.#current.clear()
    this.#lastParent = undefined
  }

  get size(): number {
    return this.#above.size + this.#current.size
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
