import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const ENOUGH = 2 * 2 ** 30
const PACKAGES = join(import.meta.dirname, '..', '..', 'node_modules')

/**
 * Global set-up of both runners: everything temporary goes into one folder that is removed at the end, in memory where
 * there is room. Registries sync each upload to the disk, which is three quarters of what their tests wait for.
 */
export default function makeTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), 'lading-tests-'))
  process.env.TMPDIR = folder
  process.env.POSTGRES_TEMPLATE = join(folder, 'postgres-template')
  // Every server and child process of a test loads the same modules: compiled once, they take half the time. Processes
  // that end last write theirs after the folder is gone.
  process.env.NODE_COMPILE_CACHE = join(PACKAGES, '.cache', 'compiled')
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === MEMORY)
    // Tests run small programs that they write: credential helpers.
    return bavail * bsize >= ENOUGH && mount !== undefined && !mount.includes('noexec')
  } catch {
    return false
  }
}
