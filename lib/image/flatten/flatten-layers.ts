import { setImmediate as breathe } from 'node:timers/promises'
import { encodeTarHeader, tarPadding } from '../../oci/encode-tar-header.ts'
import { FormatError } from '../../oci/format-error.ts'
import { linkHeader, renameHeader } from '../tar/rewrite-header.ts'
import { cleanPath, type TarEntry } from '../tar/tar-entry.ts'
import { TarScanner } from '../tar/tar-scanner.ts'
import { Coalescer } from './coalescer.ts'
import { Overlay } from './overlay.ts'

/** Opens a layer's plain tar, from its beginning each time. */
export type OpenLayer = () => Promise<AsyncIterable<Buffer>>

const MAX_PATHS = 2_000_000
/** Headers between two turns of others: half a MiB. */
const STEP = 1_000
const ZEROS = new Uint8Array(1024)
const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'

/** A hard link waiting for the content it names. */
interface Waiting {
  readonly path: string
  readonly entry: TarEntry
}

/**
 * The file system that a stack of layers (base first) makes, as one tar. Layers are read once, from the top down, so
 * that every entry is decided when it is met and nothing but paths is kept. Entries pass on byte for byte, with their
 * owners, times, extended attributes and devices; only paths that are not plain (`/etc`, `a/../b`) are rewritten,
 * inside the root.
 *
 * A folder that no entry names, and that is empty as an upper layer has taken out what was in it, is there all the
 * same, as unpacking makes it; such folders come last, with no time or owner.
 *
 * Files of upper layers therefore come before the folders and files of lower ones. Hard links whose target an upper
 * layer has hidden become files: where the content was already passed, their layer is read again. A hard link that
 * names nothing stays as it is, at the end. Where one layer names a path twice both are kept, and the later one wins
 * when unpacked.
 * @throws FormatError `tar`
 */
export async function* flattenLayers(layers: readonly OpenLayer[]): AsyncGenerator<Uint8Array, void> {
  const overlay = new Overlay()
  const out = new Coalescer()
  /** Links of upper layers to what only a lower layer can hold. */
  let wanted = new Map<string, Waiting[]>()
  for (const open of layers.toReversed()) {
    const layer = new LayerPass(overlay, out, wanted)
    for await (const chunk of await open()) {
      layer.feed(chunk)
      yield* out.take()
    }
    const missed = new Map<string, Waiting[]>()
    for (const _ of layer.finish(missed)) yield* others(out)
    if (missed.size > 0) yield* recover(open, missed, out)
    wanted = layer.wanted
    for (const _ of overlay.endLayer()) yield* others(out)
  }
  let step = 0
  for (const links of wanted.values())
    for (const { entry } of links) {
      writeHead(out, entry, cleanPath(entry.path))
      if (++step % STEP === 0) yield* others(out)
    }
  for (const folder of overlay.emptied()) {
    out.add(encodeTarHeader({ path: `${folder}/`, type: 'directory' }))
    if (++step % STEP === 0) yield* others(out)
  }
  out.add(ZEROS)
  yield* out.take(true)
}

/** Emits complete pieces, and yields to other work. */
async function* others(out: Coalescer): AsyncGenerator<Uint8Array, void> {
  yield* out.take()
  await breathe()
}

class LayerPass {
  /** Content that lower layers have to provide. */
  readonly wanted: Map<string, Waiting[]>
  #overlay: Overlay
  #out: Coalescer
  #scanner = new TarScanner()
  #emitting = false
  #size = 0
  /** Paths of this layer that aren't folders: whether they were written, and where hard links lead. */
  #written = new Set<string>()
  #hidden = new Set<string>()
  #leadsTo = new Map<string, string>()
  #links: Waiting[] = []
  /** Links to write once the content of the entry has been. */
  #following: Uint8Array[] = []

  constructor(overlay: Overlay, out: Coalescer, wanted: Map<string, Waiting[]>) {
    this.#overlay = overlay
    this.#out = out
    this.wanted = wanted
  }

  feed(chunk: Buffer): void {
    for (const event of this.#scanner.feed(chunk)) {
      if (event.kind === 'data') {
        if (this.#emitting) this.#out.add(event.bytes)
      } else if (event.kind === 'entry') this.#begin(event.entry)
      else if (this.#emitting) {
        this.#out.add(ZEROS.subarray(0, tarPadding(this.#size)))
        for (const head of this.#following) this.#out.add(head)
        this.#following = []
        this.#emitting = false
      }
    }
    if (this.#overlay.size > MAX_PATHS)
      throw new FormatError('tar', this.#overlay.size, `images of at most ${MAX_PATHS} paths`)
  }

  /**
   * Settles the hard links, and yields now and then.
   * @param missed gets the content that was passed before it was known to be needed, by its path
   */
  *finish(missed: Map<string, Waiting[]>): Generator<void, void> {
    this.#scanner.finish()
    let step = 0
    for (const link of this.#links) {
      if (++step % STEP === 0) yield
      const target = this.#resolve(cleanPath(link.entry.linkPath))
      if (this.#written.has(target)) this.#out.add(linkHeader(link.entry, link.path, target))
      else append(this.#hidden.has(target) ? missed : this.wanted, target, link)
    }
  }

  #begin(entry: TarEntry): void {
    const path = cleanPath(entry.path)
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    if (name.startsWith(WHITEOUT)) this.#whiteOut(path.slice(0, Math.max(0, slash)), name)
    else this.#enter(entry, path)
  }

  #enter(entry: TarEntry, path: string): void {
    const isFolder = entry.type === 'directory'
    const seen = this.#overlay.sees(path, isFolder)
    this.#overlay.add(path, isFolder, seen)
    if (isFolder) {
      if (seen) this.#emit(entry, path)
      return
    }
    const waiting = this.wanted.get(path)
    if (entry.type === 'hardlink') {
      this.#link(entry, path, seen, waiting)
      return
    }
    if (seen) {
      this.#written.add(path)
      this.#emit(entry, path)
    } else this.#hidden.add(path)
    if (waiting) this.#satisfy(entry, path, seen, waiting)
  }

  #whiteOut(folder: string, name: string): void {
    if (name === OPAQUE) this.#overlay.makeOpaque(folder)
    // Other names of this form were for AUFS itself.
    else if (!name.startsWith('.wh..wh.')) this.#overlay.remove(join(folder, name.slice(WHITEOUT.length)))
  }

  #link(entry: TarEntry, path: string, seen: boolean, waiting: Waiting[] | undefined): void {
    const target = cleanPath(entry.linkPath)
    if (seen && this.#written.has(target)) {
      this.#written.add(path)
      this.#emit(entry, path)
    } else {
      this.#leadsTo.set(path, target)
      if (seen) this.#links.push({ path, entry })
    }
    if (!waiting) return
    // What waited for this name waits for what it leads to, in this layer.
    this.wanted.delete(path)
    this.#links.push(...waiting.map((each) => ({ ...each, entry: { ...each.entry, linkPath: entry.linkPath } })))
  }

  /** Links of upper layers get this content: as links where it is written, else the first of them as a file. */
  #satisfy(entry: TarEntry, path: string, seen: boolean, waiting: readonly Waiting[]): void {
    this.wanted.delete(path)
    const [first, ...others] = waiting
    if (!first) return
    const target = seen ? path : first.path
    if (!seen) this.#emit(entry, first.path)
    const links = seen ? waiting : others
    const heads = links.map((link) => linkHeader(link.entry, link.path, target))
    if (this.#emitting) this.#following.push(...heads)
    else for (const head of heads) this.#out.add(head)
  }

  #emit(entry: TarEntry, path: string): void {
    writeHead(this.#out, entry, path)
    this.#emitting = true
    this.#size = entry.size
  }

  #resolve(target: string): string {
    let path = target
    for (let hops = 0; hops < 32; hops++) {
      const next = this.#leadsTo.get(path)
      if (next === undefined) return path
      path = next
    }
    return path
  }
}

/** Reads a layer again for content that only its hard links still show. */
async function* recover(
  open: OpenLayer,
  missed: Map<string, Waiting[]>,
  out: Coalescer,
): AsyncGenerator<Uint8Array, void> {
  const scanner = new TarScanner()
  let current: { readonly links: readonly Waiting[]; readonly target: string; readonly size: number } | undefined
  for await (const chunk of await open()) {
    for (const event of scanner.feed(chunk)) {
      if (event.kind === 'entry') {
        const path = cleanPath(event.entry.path)
        const waiting =
          event.entry.type === 'hardlink' || event.entry.type === 'directory' ? undefined : missed.get(path)
        if (!waiting) continue
        missed.delete(path)
        const [first, ...links] = waiting
        if (!first) continue
        writeHead(out, event.entry, first.path)
        current = { links, target: first.path, size: event.entry.size }
      } else if (event.kind === 'data') {
        if (current) out.add(event.bytes)
      } else if (current) {
        out.add(ZEROS.subarray(0, tarPadding(current.size)))
        for (const link of current.links) out.add(linkHeader(link.entry, link.path, current.target))
        current = undefined
      }
    }
    yield* out.take()
  }
}

/** Unchanged if the path is already plain, so that nothing in the entry is lost. */
function writeHead(out: Coalescer, entry: TarEntry, path: string): void {
  const asFound = entry.path.startsWith('./') ? entry.path.slice(2) : entry.path
  // The root is `./`: `/` would name the root of the machine that unpacks it.
  const isPlain = asFound === path || (path !== '' && asFound === `${path}/`)
  const plainLink = entry.type !== 'hardlink' || !/(^\/|(^|\/)\.\.(\/|$))/.test(entry.linkPath)
  if (isPlain && plainLink && entry.globalPax.size === 0) {
    for (const block of entry.head) out.add(block)
    return
  }
  const name = path === '' ? './' : entry.type === 'directory' ? `${path}/` : path
  out.add(renameHeader(entry, name, entry.type === 'hardlink' ? cleanPath(entry.linkPath) : entry.linkPath))
}

function append(map: Map<string, Waiting[]>, key: string, value: Waiting): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
