import { connect, createServer, type Socket } from 'node:net'
import { freePort } from './free-port.ts'

export interface TcpRelay extends AsyncDisposable {
  readonly port: number
  /** From now on its open connections pass nothing on and never close, as after a cut cable; new ones work. */
  freeze(): void
}

/** Passes bytes on to a port of 127.0.0.1. */
export async function startTcpRelay(target: number): Promise<TcpRelay> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from
        .on('data', (data) => to.write(data))
        .on('close', () => to.destroy())
        .on('error', () => {})
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    freeze() {
      for (const socket of sockets) socket.removeAllListeners('data').removeAllListeners('close').pause()
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
