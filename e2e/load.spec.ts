import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { skopeoCopy } from '../lib/testing/servers/skopeo.ts'
import { expect, test } from './image-fixtures.ts'

let folder = ''
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-load-'))
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

test('a gzipped docker save archive is loaded under its own name', async ({ page, homes }) => {
  const tar = join(folder, 'app.tar')
  await skopeoCopy(`docker://${homes.hub.host}/team/app:1.0.0`, `docker-archive:${tar}:example.com/loaded/app:7`)
  await writeFile(`${tar}.gz`, gzipSync(await readFile(tar)))
  await page.goto('/r/disk')
  await page.getByRole('button', { name: 'Load archive' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Archive', { exact: true }).setInputFiles(`${tar}.gz`)
  await dialog.getByRole('button', { name: 'Load archive', exact: true }).click()
  await expect(dialog.getByText('1 image loaded')).toBeVisible()
  await dialog.getByRole('link', { name: 'loaded/app:7' }).click()
  await expect(page.getByRole('heading', { name: /loaded\/app/ })).toBeVisible()
  expect(await indexText(homes.layout)).toContain('loaded/app:7')
})

test('an OCI archive is loaded into the open repository, and keeps its digest', async ({ page, homes }) => {
  const tar = join(folder, 'multi.tar')
  await skopeoCopy(`docker://${homes.hub.host}/team/multi:2`, `oci-archive:${tar}:3`)
  await page.goto('/r/disk')
  await seed(page.request, homes.lading.url, tar, 'into/here')
  await page.goto('/r/disk/into/here')
  await expect(page.getByRole('rowheader').getByRole('link', { name: '3', exact: true })).toBeVisible()
  expect(await indexText(homes.layout)).toContain(homes.stock.multi.digest)
})

test('an archive can be dropped on the dialog', async ({ page, homes }) => {
  const tar = join(folder, 'dropped.tar')
  await skopeoCopy(`docker://${homes.hub.host}/team/app:0.9.0`, `docker-archive:${tar}:example.com/dropped/app:1`)
  await page.goto('/r/disk')
  await page.getByRole('button', { name: 'Load archive' }).click()
  const dialog = page.getByRole('dialog')
  const transfer = await page.evaluateHandle(
    (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], 'dropped.tar'))
      return data
    },
    (await readFile(tar)).toString('base64'),
  )
  const zone = dialog.getByText('Drop an archive here, or choose a file')
  await zone.dispatchEvent('dragover', { dataTransfer: transfer })
  await zone.dispatchEvent('drop', { dataTransfer: transfer })
  await expect(dialog.getByText('dropped.tar')).toBeVisible()
  await dialog.getByRole('button', { name: 'Load archive', exact: true }).click()
  await expect(dialog.getByText('1 image loaded')).toBeVisible()
  expect(await indexText(homes.layout)).toContain('dropped/app:1')
})

test('a truncated archive is refused with a reason, and nothing is tagged', async ({ page, homes }) => {
  const tar = join(folder, 'whole.tar')
  await skopeoCopy(`docker://${homes.hub.host}/team/app:0.9.0`, `docker-archive:${tar}:example.com/cut/app:1`)
  const cut = join(folder, 'cut.tar')
  await writeFile(cut, (await readFile(tar)).subarray(0, 3000))
  await page.goto('/r/disk')
  await page.getByRole('button', { name: 'Load archive' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Archive', { exact: true }).setInputFiles(cut)
  await dialog.getByRole('button', { name: 'Load archive', exact: true }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  expect(await indexText(homes.layout)).not.toContain('cut/app')
})

test('an archive of 40 MB streams through, past the 10 MB limit of Next', async ({ page, homes }) => {
  const source = join(folder, 'big')
  execFileSync('sh', [
    '-c',
    `umoci init --layout ${source} && umoci new --image ${source}:big && mkdir -p ${source}.root && head -c 40000000 /dev/urandom > ${source}.root/big && umoci insert --rootless --image ${source}:big ${source}.root /data && umoci gc --layout ${source}`,
  ])
  const tar = join(folder, 'big.tar')
  await skopeoCopy(`oci:${source}:big`, `oci-archive:${tar}:big`)
  await seed(page.request, homes.lading.url, tar, 'into/big')
  await page.goto('/r/disk/into/big:big')
  await expect(page.getByRole('heading', { name: /into\/big/ })).toBeVisible()
})

test('another site can’t load anything', async ({ request, homes }) => {
  const foreign: Record<string, string>[] = [{}, { origin: 'https://evil.example' }, { origin: 'null' }]
  for (const headers of foreign) {
    const answer = await request.put(`${homes.lading.url}/api/load/disk`, { headers, data: Buffer.from('x') })
    expect(answer.status()).toBe(403)
  }
})

async function seed(
  request: import('@playwright/test').APIRequestContext,
  url: string,
  tar: string,
  repository: string,
): Promise<void> {
  const answer = await request.put(`${url}/api/load/disk?repository=${repository}`, {
    headers: { origin: url, 'content-type': 'application/octet-stream' },
    data: await readFile(tar),
  })
  expect(await answer.json()).toMatchObject({ loaded: [{ repository }] })
}

function indexText(layout: string): Promise<string> {
  return readFile(join(layout, 'index.json'), 'utf8')
}

test('neither Escape nor a click beside the dialog ends an upload', async ({ page, homes }) => {
  const tar = join(folder, 'slow.tar')
  await skopeoCopy(`docker://${homes.hub.host}/team/app:0.9.0`, `docker-archive:${tar}:example.com/slow/app:1`)
  await page.goto('/r/disk')
  await page.getByRole('button', { name: 'Load archive' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Archive', { exact: true }).setInputFiles(tar)
  const answers = Promise.withResolvers<void>()
  await page.route('**/api/load/**', async (route) => {
    await answers.promise
    await route.continue()
  })
  await dialog.getByRole('button', { name: 'Load archive', exact: true }).click()
  await expect(dialog.getByRole('progressbar', { name: 'Sent' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.mouse.click(5, 5)
  answers.resolve()
  await expect(dialog.getByText('1 image loaded')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})
