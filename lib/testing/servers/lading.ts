import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { untilAnswers } from './answers.ts'
import { type Child, startChild } from './child-process.ts'
import { freePort } from './free-port.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const PACKAGE = z.object({ scripts: z.object({ start: z.string() }) })

export interface Lading extends AsyncDisposable {
  /** `http://127.0.0.1:41234`, no slash at the end. */
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly pid: number
  /** What it printed. */
  output(): string
  /** The password of `admin` that the first start on a data directory leaves in a file, where no users are configured. */
  adminPassword(): string
  /** Leaves the data directory when it was given. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/**
 * Starts the built application as `npm start` does, on a free port and with a data directory of its own.
 * @param env what this start is configured by, as `{ REGISTRY_URL, LADING_CONFIG, READ_ONLY }`
 * @param readyPath the page whose answer means that it is ready
 */
export async function startLading(env: Readonly<Record<string, string>> = {}, readyPath = '/'): Promise<Lading> {
  const port = env.PORT ? Number(env.PORT) : await freePort()
  const temporary = env.DATA_DIR ? undefined : await mkdtemp(join(tmpdir(), 'lading-data-'))
  const dataDir = env.DATA_DIR ?? temporary ?? ''
  const { scripts } = PACKAGE.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')))
  const own = {
    NODE_ENV: 'production',
    PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`,
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    // Tests count and break requests: only those about it are synced meanwhile.
    SYNC_MINUTES: '0',
    ...env,
    PORT: String(port),
  }
  // The script ends in `exec`, so that the shell's pid is the server's.
  const child: Child = startChild('/bin/sh', ['-c', scripts.start], own, ROOT)
  const url = `http://${own.HOST}:${port}`
  const stop = async (signal?: NodeJS.Signals) => {
    await child.stop(signal)
    if (temporary) await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    await untilAnswers(`${url}${env.BASE_PATH ?? ''}${readyPath}`, child)
  } catch (error) {
    await stop()
    throw error
  }
  const adminPassword = () => readFileSync(join(dataDir, 'admin-password'), 'utf8').trim()
  const { pid, output } = child
  return { url, port, dataDir, pid, output, adminPassword, stop, [Symbol.asyncDispose]: () => stop() }
}
