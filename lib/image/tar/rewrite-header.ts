import { finishTarHeader, TAR_FLAGS, tarOctal } from '../../oci/encode-tar-header.ts'
import type { TarEntry } from './tar-entry.ts'
import { readPrefix } from './tar-header.ts'

/**
 * The header of an entry that exists, under another path and, for links, another target. Every other attribute stays.
 */
export function renameHeader(entry: TarEntry, path: string, linkPath = entry.linkPath): Uint8Array {
  const block = Buffer.from(entry.block)
  const pax = new Map([...entry.globalPax, ...entry.pax])
  const isSparse = pax.has('GNU.sparse.name')
  for (const key of ['path', 'linkpath', 'GNU.sparse.name']) pax.delete(key)
  if (isSparse) pax.set('GNU.sparse.name', path)
  clearPrefix(block)
  const blocks = [finishTarHeader(block, path, linkPath, pax), ...sparseBlocks(entry)]
  return Buffer.concat(blocks)
}

/** A hard link to `target`, with the times and owner of `entry`. */
export function linkHeader(entry: TarEntry, path: string, target: string): Uint8Array {
  const block = Buffer.from(entry.block)
  block.write(TAR_FLAGS.hardlink, 156, 'latin1')
  block.write(tarOctal(0, 11), 124, 'latin1')
  clearPrefix(block)
  return finishTarHeader(block, path, target, new Map())
}

function clearPrefix(block: Buffer): void {
  if (readPrefix(block) !== '') block.fill(0, 345, 500)
}

/** The blocks that follow the header of an old GNU sparse file. */
function sparseBlocks(entry: TarEntry): readonly Uint8Array[] {
  const at = entry.head.indexOf(entry.block)
  return at < 0 ? [] : entry.head.slice(at + 1)
}
