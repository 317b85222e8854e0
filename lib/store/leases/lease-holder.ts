import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Identifies this process: for people its machine and number, then what distinguishes it from earlier ones with that
 * number.
 */
export function holderName(): string {
  const began = beganAt(process.pid)
  const name = `${hostname()}/${process.pid}`
  return MACHINE && began ? `${name} ${MACHINE}-${began}` : name
}

/**
 * Whether a holder was a process of this machine that has ended, so that it will never renew its lease. False where
 * that can't be known: on another machine, in another container, or where there is no `/proc`.
 */
export function hasEnded(holder: string): boolean {
  const [, pid = '', machine, began] = /\/(\d+) ([0-9a-f]+)-(\d+)$/.exec(holder) ?? []
  if (machine === undefined || machine !== MACHINE) return false
  const now = beganAt(Number(pid))
  return now === undefined ? !isThere(Number(pid)) : now !== began
}

/** One boot of a machine and a namespace of process numbers on it: what is equal everywhere that a number means the same process. */
const MACHINE = machineMark()

function machineMark(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    return createHash('sha256')
      .update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 16)
  } catch {
    return undefined
  }
}

/** When a process began, in clock ticks since the machine did; proc(5), field 22. Undefined where there is no such process. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Also true of a process that `/proc` hides. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
