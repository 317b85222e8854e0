import { readdir, readFile, readlink } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { type Lading, startLading } from '../../lib/testing/servers/lading.ts'
import { pushBigImage } from './big-image.ts'
import { inLanes } from './limit.ts'
import { timed } from './measure.ts'
import { BROWSE_PAGES, environment, TAG_PAGE } from './page-rows.ts'
import { MANY } from './seed.ts'
import type { Row } from './table.ts'

const AT_ONCE = 500
const VIEWS = 2_000
const STREAMS = 200
const SLOW_CLIENTS = 300
const STALLED = 64
const BIG = 'bench/stalled'
const MIB = 1 << 20
/** Milliseconds for all of it, and for what was under way to be given up afterwards. */
const BOUND = 300_000
const REST = 15_000

/** Many readers at once, beside those who follow, dawdle or stall: how long pages take, and what stays behind. */
export async function loadRows(registryUrl: string): Promise<Row[]> {
  const big = await pushBigImage(registryUrl, BIG, { layers: 1, mebibytes: 64 })
  await using lading = await startLading(environment(registryUrl))
  const signal = AbortSignal.timeout(BOUND)
  const readers = new Readers(lading, signal)
  await readers.views(50)
  readers.failed = 0
  const before = await stateOf(lading)

  const others = new Others(lading)
  others.open(STREAMS, `/api/changes/bench/${MANY}`)
  others.open(STALLED, `/api/blob/bench/${BIG}@${big.layers[0]}`, { reads: false })
  others.open(SLOW_CLIENTS / 2, TAG_PAGE, { reads: false })
  others.drip(SLOW_CLIENTS / 2)
  await sleep(1_000)
  const atOnce = await readers.atOnce(AT_ONCE)
  const views = await readers.views(VIEWS)
  const during = await stateOf(lading)
  others.leave()
  await readers.close()
  await sleep(REST)
  const after = await stateOf(lading)

  const row = (name: string, value: number, unit: Row['unit'], most: number): Row => {
    return { name: `load: ${name}`, value, unit, target: { kind: 'at-most', value: most } }
  }
  return [
    row(`${AT_ONCE} pages at once, p50`, quantile(atOnce, 0.5), 'ms', 6_000),
    row(`${AT_ONCE} pages at once, p99`, quantile(atOnce, 0.99), 'ms', 10_000),
    row(`${VIEWS} views, 16 at a time, p50`, quantile(views, 0.5), 'ms', 300),
    row(`${VIEWS} views, 16 at a time, p99`, quantile(views, 0.99), 'ms', 1_000),
    row('answers of 5xx, and none at all', readers.failed, '', 0),
    row('memory before', before.mebibytes, 'MiB', 1_024),
    row('memory grown meanwhile', during.mebibytes - before.mebibytes, 'MiB', 512),
    row('memory grown, afterwards', after.mebibytes - before.mebibytes, 'MiB', 256),
    row('open sockets before', before.sockets, '', 64),
    row('open sockets meanwhile', during.sockets, '', 2_000),
    row('open sockets more than before, afterwards', after.sockets - before.sockets, '', 8),
  ]
}

/** People who open pages and read them to the end. */
class Readers {
  /** Answers of 5xx, and connections that broke. */
  failed = 0
  readonly #url: string
  readonly #signal: AbortSignal
  readonly #agent = new Agent({ connections: AT_ONCE, keepAliveTimeout: 60_000 })

  constructor({ url }: Lading, signal: AbortSignal) {
    this.#url = url
    this.#signal = signal
  }

  atOnce(count: number): Promise<number[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.#view(index)))
  }

  async views(count: number): Promise<number[]> {
    const times: number[] = []
    await inLanes(
      Array.from({ length: count }, (_, index) => index),
      async (index) => void times.push(await this.#view(index)),
    )
    return times
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }

  #view(index: number): Promise<number> {
    const paths = Object.values(BROWSE_PAGES)
    const path = paths[index % paths.length] ?? '/'
    return timed(async () => {
      try {
        const { statusCode, body } = await request(this.#url + path, {
          dispatcher: this.#agent,
          headers: { accept: 'text/html' },
          signal: this.#signal,
        })
        await body.dump({ limit: 16 * MIB })
        if (statusCode >= 500) this.failed++
      } catch {
        this.failed++
      }
    })
  }
}

/** Clients that hold a connection: they follow, read nothing, or send a byte now and then. */
class Others {
  readonly #port: number
  readonly #sockets: Socket[] = []
  readonly #timers: NodeJS.Timeout[] = []

  constructor({ port }: Lading) {
    this.#port = port
  }

  open(count: number, path: string, { reads = true } = {}): void {
    for (const socket of this.#connect(count)) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nAccept: */*\r\n\r\n`)
      if (reads) socket.resume()
      else socket.pause()
    }
  }

  /** A request that is never whole. */
  drip(count: number): void {
    for (const socket of this.#connect(count)) {
      socket.resume()
      socket.write('GET / HTTP/1.1\r\nX-Slow: ')
      this.#timers.push(setInterval(() => socket.write('x'), 1_000))
    }
  }

  leave(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const socket of this.#sockets) socket.destroy()
  }

  #connect(count: number): Socket[] {
    const opened = Array.from({ length: count }, () => connect(this.#port, '127.0.0.1').on('error', () => {}))
    this.#sockets.push(...opened)
    return opened
  }
}

interface State {
  readonly mebibytes: number
  readonly sockets: number
}

async function stateOf({ pid }: Lading): Promise<State> {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  const files = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')))
  return {
    mebibytes: Number(kibibytes ?? Number.NaN) / 1024,
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
