/** The parts of a file that are read: a browser's `File` is one. */
export type SlicedFile = Pick<Blob, 'size' | 'slice'>

const BLOCK = 512
/** Entries to read; each costs 512 bytes. */
const MAX_ENTRIES = 20_000
const MAX_DOCUMENT = 8 * 1024 * 1024

/**
 * The names of an uncompressed archive's images, read from its headers and its index without its content. Undefined if
 * that would take reading all of it: for a compressed archive, and for anything that isn't an archive.
 * @returns each name once, `''` for an unnamed image
 */
export async function archivedNames(file: SlicedFile): Promise<string[] | undefined> {
  const documents = new Map<string, unknown>()
  let at = 0
  for (let entries = 0; at + BLOCK <= file.size && entries < MAX_ENTRIES; entries++) {
    const head = new Uint8Array(await file.slice(at, at + BLOCK).arrayBuffer())
    if (head.every((byte) => byte === 0)) break
    const size = octal(head.subarray(124, 136))
    if (size === undefined || textOf(head.subarray(257, 262)) !== 'ustar') return undefined
    const path = textOf(head.subarray(0, 100)).replace(/^\.\//, '')
    const start = at + BLOCK
    if ((path === 'index.json' || path === 'manifest.json') && size <= MAX_DOCUMENT)
      documents.set(path, parse(await file.slice(start, start + size).text()))
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return namesIn(documents.get('index.json'), documents.get('manifest.json'))
}

/** As the server names them: by the index's annotations, else by the list of `docker save`. */
function namesIn(index: unknown, saved: unknown): string[] | undefined {
  const listed = list(field(index, 'manifests')).map((entry) => {
    const annotations = field(entry, 'annotations')
    const name =
      field(annotations, 'io.containerd.image.name') ?? field(annotations, 'org.opencontainers.image.ref.name')
    return typeof name === 'string' ? name : ''
  })
  const tagged = list(saved).flatMap((entry) => {
    const tags = list(field(entry, 'RepoTags')).filter((tag) => typeof tag === 'string')
    return tags.length > 0 ? tags : ['']
  })
  const names = [...new Set(listed.length >= tagged.length ? listed : tagged)]
  return names.length > 0 ? names : undefined
}

/** A size as most tars have it; undefined for the binary form of huge files and for anything else. */
function octal(bytes: Uint8Array): number | undefined {
  const text = textOf(bytes).trim()
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
