import { randomBytes } from 'node:crypto'
import { expect } from '@playwright/test'
import { packTar } from 'modern-tar'
import { pushImage } from '../lib/testing/servers/images.ts'
import { callAction, serverActions } from '../lib/testing/servers/server-actions.ts'
import { newToken, sessionOf, test } from './scoped.ts'

const IMAGE = 'team/large'

test('streams, downloads and uploads end once a sign-out or a revoked token has taken the right away, and no others', async ({
  page,
  lading,
  stocked: { registry },
}) => {
  // More than connections hold that nobody reads from.
  await pushImage(registry.url, IMAGE, ['1'], { layers: [{ large: randomBytes(48 * 2 ** 20) }] })
  const open = async (headers: Record<string, string>) => {
    const [download, ...streams] = await Promise.all(
      [`archive/oci/local/${IMAGE}:1`, `changes/local/${IMAGE}`].map(async (path) => {
        const response = await fetch(`${lading.url}/api/${path}`, { headers })
        expect(response.status).toBe(200)
        return response
      }),
    )
    return { download, streams }
  }
  const authorization = `Bearer ${await newTokenOf(page)}`
  const tokens = await open({ authorization })
  const cookie = await sessionOf(page, 'otto')
  const ottos = await open({ cookie })
  const archive = await packTar([{ header: { name: 'file', size: 4 }, body: 'file' }])
  const leave = new AbortController()
  const beginUpload = (by: string) =>
    fetch(`${lading.url}/api/load/local?repository=${IMAGE}`, {
      method: 'PUT',
      headers: { cookie: by, origin: lading.url },
      // The header of a file, and nothing after it.
      body: new ReadableStream({ start: (body) => body.enqueue(archive.slice(0, 512)) }),
      duplex: 'half',
      signal: leave.signal,
    } as RequestInit)
  const upload = beginUpload(cookie)
  const stays = await open({ cookie: await sessionOf(page, 'vera') })

  const ids = await serverActions()
  const call = (action: string, args: unknown[], by: string) =>
    callAction({ url: lading.url, id: ids.get(action) ?? '', args, origin: lading.url, headers: { cookie: by } })
  await call('session.ts endSession', [], cookie)
  await sessionOf(page, 'audrey')
  await page.goto('/settings/tokens')
  await page.getByRole('button', { name: 'Revoke a test' }).click()
  await page.getByRole('button', { name: 'Revoke a test' }).click()
  await expect(page.getByText('No tokens yet')).toBeVisible()

  for (const { download, streams } of [tokens, ottos]) {
    for (const stream of streams) expect(await stream.text()).not.toContain('event: end')
    await expect(download?.arrayBuffer()).rejects.toThrow('terminated')
  }
  expect(await (await upload).json()).toMatchObject({ code: 'registry.not-found' })
  // The ended upload no longer counts towards a person's limit, even though its sender never finishes it.
  const again = await sessionOf(page, 'otto')
  const statuses: number[] = []
  for (let n = 0; n < 5; n++)
    beginUpload(again).then(
      ({ status }) => statuses.push(status),
      () => undefined,
    )
  await expect.poll(() => statuses.length).toBeGreaterThan(0)
  // Longer than an answer to any of them takes.
  await page.goto('/')
  expect(statuses).toEqual([429])
  leave.abort()
  expect((await stays.download?.arrayBuffer())?.byteLength).toBeGreaterThan(48 * 2 ** 20)
  await Promise.all(stays.streams.map((stream) => stream.body?.cancel()))
})

async function newTokenOf(page: Parameters<typeof newToken>[0]): Promise<string> {
  await sessionOf(page, 'audrey')
  return newToken(page)
}
