import { RegistryError, type RegistryErrorKind } from '../errors.ts'

const KINDS: Record<string, readonly [kind: RegistryErrorKind, advice: string]> = {
  ENOENT: ['unreachable', 'the folder does not exist: check the path, or create a layout there'],
  ENOTDIR: ['unreachable', 'part of the path is not a folder: check the path'],
  EACCES: ['denied', 'Lading may not access it: give its user the right to read (and, for changes, to write)'],
  EPERM: ['denied', 'Lading may not access it: give its user the right to read (and, for changes, to write)'],
  EROFS: ['denied', 'the file system is read-only: mount it writable to make changes'],
  ENOSPC: ['unavailable', 'the disk is full: free space and try again; nothing was changed'],
  EDQUOT: ['unavailable', 'the disk quota is used up: free space and try again; nothing was changed'],
  EMFILE: ['unavailable', 'too many files are open: try again'],
  ELOOP: ['malformed', 'it is a symbolic link, which a layout must not contain'],
  EISDIR: ['malformed', 'there is a folder where a file should be'],
}

/**
 * Says what a failed file operation on the layout in `folder` means. Errors that already say so, and aborts, stay as
 * they are.
 */
export function fileError(error: unknown, doing: string, folder: string): unknown {
  const code = errnoOf(error)
  if (code === undefined || error instanceof RegistryError) return error
  const [kind, advice] = KINDS[code] ?? ['unavailable', 'the file system reported a failure']
  return new RegistryError(
    kind,
    `${doing} in ${folder} failed: ${advice} (${code})`,
    { reason: 'layout-file', host: folder, codes: [code] },
    { cause: error },
  )
}

/** `ENOENT` and its like; `undefined` for anything but a system error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}
