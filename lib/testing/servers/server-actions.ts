import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { request } from 'undici'
import { z } from 'zod'

const MANIFEST = join(import.meta.dirname, '..', '..', '..', '.next', 'server', 'server-reference-manifest.json')
const SCHEMA = z.object({
  node: z.record(z.string(), z.object({ filename: z.string(), exportedName: z.string() })),
})

/** The server actions of the build: their ids by `tags.ts deleteTag`. Anyone who knows an id can call it. */
export async function serverActions(): Promise<ReadonlyMap<string, string>> {
  const { node } = SCHEMA.parse(JSON.parse(await readFile(MANIFEST, 'utf8')))
  return new Map(
    Object.entries(node).map(([id, { filename, exportedName }]) => [`${basename(filename)} ${exportedName}`, id]),
  )
}

export interface ActionCall {
  readonly url: string
  readonly id: string
  readonly args: readonly unknown[]
  /** In place of the arguments: what no client of ours would send. */
  readonly body?: string
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What a browser would send; `undefined` sends none. */
  readonly origin: string | undefined
}

/** Calls an action as a browser does, but with whatever the test wants. */
export async function callAction({ url, id, args, body, cookie, origin, headers }: ActionCall) {
  const response = await request(`${url}/`, {
    method: 'POST',
    headers: {
      'next-action': id,
      accept: 'text/x-component',
      'content-type': 'text/plain;charset=UTF-8',
      ...(origin !== undefined && { origin }),
      ...(cookie && { cookie }),
      ...headers,
    },
    body: body ?? JSON.stringify(args),
  })
  return { status: response.statusCode, headers: response.headers, body: await response.body.text() }
}
