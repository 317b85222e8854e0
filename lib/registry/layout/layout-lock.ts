import { randomUUID } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { access, constants, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecord } from '../../oci/descriptor.ts'
import { RegistryError } from '../errors.ts'
import { errnoOf } from './file-error.ts'

/** A lock this old is abandoned: a holder needs only milliseconds. */
const ABANDONED_AFTER = 60_000
/** A lock without readable content is one that is being written, or that a crash cut short. */
const UNREADABLE_AFTER = 5_000
const GIVE_UP_AFTER = 90_000

export interface HeldLock {
  /** Throws `unavailable` when another process has taken the lock, having found us asleep for too long. */
  check(): Promise<void>
}

/**
 * Runs `work` while no other process holds the lock file `path`. A lock left by a process that ended is broken at once
 * when it ran on this machine, else after a minute.
 */
export async function withLock<T>(path: string, work: (lock: HeldLock) => Promise<T>): Promise<T> {
  const nonce = await acquire(path)
  try {
    return await work({ check: () => assertHeld(path, nonce) })
  } finally {
    const holder = await read(path)
    if (holder?.nonce === nonce) await rm(path, { force: true })
  }
}

async function acquire(path: string): Promise<string> {
  const deadline = Date.now() + GIVE_UP_AFTER
  await mkdir(dirname(path), { recursive: true })
  for (let attempt = 0; ; attempt++) {
    const nonce = await create(path)
    if (nonce) return nonce
    // A lock left on a disk that became read-only can never be removed.
    await access(dirname(path), constants.W_OK)
    await breakAbandoned(path)
    if (Date.now() > deadline)
      throw new RegistryError(
        'unavailable',
        `another process has been writing for too long; if no such process is running, remove ${path}`,
        {
          host: dirname(dirname(path)),
        },
      )
    await sleep(1 + Math.random() * Math.min(50, 2 + attempt))
  }
}

async function create(path: string): Promise<string | undefined> {
  const nonce = randomUUID()
  try {
    const file = await open(path, 'wx', 0o644)
    try {
      await file.writeFile(JSON.stringify({ nonce, pid: process.pid, machine: MACHINE }))
    } catch (error) {
      // On a full disk the empty file would lock everybody out.
      await rm(path, { force: true })
      throw error
    } finally {
      await file.close()
    }
    return nonce
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined
    throw error
  }
}

/**
 * Two processes that both see an abandoned lock must not remove each other's new one: only the one that creates
 * `path.break` may remove, after looking again.
 */
async function breakAbandoned(path: string): Promise<void> {
  if (!(await isAbandoned(path))) return
  const breaker = `${path}.break`
  if (!(await create(breaker))) {
    const age = await ageOf(breaker)
    if (age !== undefined && age > UNREADABLE_AFTER) await rm(breaker, { force: true })
    return
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true })
  } finally {
    await rm(breaker, { force: true })
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const [holder, age] = [await read(path), await ageOf(path)]
  if (age === undefined) return false
  if (age > ABANDONED_AFTER) return true
  if (!holder) return age > UNREADABLE_AFTER
  return holder.machine === MACHINE && !isAlive(holder.pid)
}

async function assertHeld(path: string, nonce: string): Promise<void> {
  if ((await read(path))?.nonce !== nonce)
    throw new RegistryError(
      'unavailable',
      'another process took over the lock of the layout; nothing was changed, try again',
      {
        host: dirname(dirname(path)),
      },
    )
}

interface Holder {
  readonly nonce: string
  readonly pid: number
  readonly machine: string
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (!isRecord(value)) return undefined
    const { nonce, pid, machine } = value
    if (typeof nonce !== 'string' || typeof pid !== 'number' || typeof machine !== 'string') return undefined
    return { nonce, pid, machine }
  } catch {
    // Gone, or half written: `isAbandoned` decides by its age.
    return undefined
  }
}

async function ageOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && Date.now() - found.mtimeMs
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) !== 'ESRCH'
  }
}

/** Containers may share a folder and even a host name: process numbers only mean something within one namespace. */
const MACHINE = `${hostname()} ${pidNamespace()}`

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return process.platform
  }
}
