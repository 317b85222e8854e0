import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface Child {
  readonly pid: number
  /** The last of what it printed, for messages. */
  output(): string
  /** Null while it runs. */
  readonly exitCode: number | null
  stop(signal?: NodeJS.Signals): Promise<void>
}

const SETPRIV = '/usr/bin/setpriv'
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server program that ends with this process, also when this process is killed. */
export function startChild(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Child {
  // A killed test worker runs no exit handlers: the kernel has to end the server then.
  const guarded = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', command, ...args] : [command, ...args]
  const [program = command, ...rest] = guarded
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd })
  running.add(child)
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-16_384)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (error) => {
    output += String(error)
  })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      running.delete(child)
      resolve()
    })
  })
  return {
    pid: child.pid ?? -1,
    output: () => output,
    get exitCode() {
      return child.exitCode ?? (child.signalCode ? -1 : null)
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode) return
      child.kill(signal)
      const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(insist)
    },
  }
}
