import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { type Child, startChild } from './child-process.ts'
import { freePort } from './free-port.ts'

const PROGRAMS = '/usr/lib/postgresql/15/bin'

export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  /** The URL of a new, empty database. */
  createDatabase(): Promise<string>
  /** Ends the server as a crash would. */
  kill(): Promise<void>
  /** Ends the server and every connection, as a maintainer would. */
  shutDown(): Promise<void>
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts Debian's PostgreSQL on a free port of 127.0.0.1, as user `postgres` where we are root, which it refuses to be. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-postgres-'))
  const asPostgres = process.getuid?.() === 0
  if (asPostgres) {
    const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
    chownSync(folder, id('-u'), id('-g'))
    // The user has to get there: the folder of a test run is for its owner only.
    chmodSync(dirname(folder), statSync(dirname(folder)).mode | 0o001)
  }
  const [program, ...prefix] = asPostgres
    ? ['/usr/bin/setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups', '--pdeathsig', 'KILL']
    : ['/usr/bin/env']
  const data = join(folder, 'data')
  makeDataFolder(data, (command, ...args) =>
    execFileSync(program as string, [...prefix, command, ...args], { stdio: 'pipe', cwd: folder }),
  )
  const port = await freePort()
  let child: Child
  const start = async () => {
    const settings = [
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'shared_buffers=256MB',
    ]
    child = startChild(program as string, [...prefix, `${PROGRAMS}/postgres`, '-D', data, ...settings], {}, folder)
    await untilConnects(port, child)
  }
  const stop = async () => {
    await child.stop('SIGINT')
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  await start()
  let serial = 0
  return {
    port,
    async createDatabase() {
      const name = `lading_${++serial}`
      await query(port, `create database ${name}`)
      return `postgres://lading@127.0.0.1:${port}/${name}`
    },
    kill: () => child.stop('SIGKILL'),
    shutDown: () => child.stop('SIGINT'),
    restart: start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** A test run makes one data folder, and copies it: a tenth of the time. */
function makeDataFolder(data: string, run: (command: string, ...args: string[]) => void): void {
  const template = process.env.POSTGRES_TEMPLATE
  if (template && existsSync(template)) {
    run('cp', '-a', template, data)
    return
  }
  run(`${PROGRAMS}/initdb`, '-D', data, '-U', 'lading', '-A', 'trust', '-E', 'UTF8', '--no-sync')
  if (!template) return
  const copy = `${data}-template`
  run('cp', '-a', data, copy)
  try {
    renameSync(copy, template)
  } catch (error) {
    // Another worker was quicker.
    if (!existsSync(template)) throw error
    rmSync(copy, { recursive: true })
  }
}

async function query(port: number, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: `postgres://lading@127.0.0.1:${port}/postgres` })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

async function untilConnects(port: number, child: Child): Promise<void> {
  const deadline = Date.now() + 120_000
  while (true) {
    try {
      return await query(port, 'select 1')
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`PostgreSQL does not answer:\n${child.output()}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
