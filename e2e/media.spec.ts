import { expect, test } from './fixtures.ts'

const image = '/r/local/team/app:1.0.0?tab=labels'

test('labels print dark on white, without the frame around them', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(image)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(page.getByRole('banner')).toBeHidden()
  await expect(page.getByRole('complementary')).toBeHidden()
  await expect(page.getByRole('main').getByRole('button').filter({ visible: true })).toHaveCount(0)
  const key = page.getByRole('rowheader', { name: 'com.example.owner' })
  await expect(key).toBeVisible()
  const lightness = await key.evaluate((cell) => {
    const canvas = document.createElement('canvas').getContext('2d')
    if (!canvas) return Number.NaN
    canvas.fillStyle = getComputedStyle(cell).color
    canvas.fillRect(0, 0, 1, 1)
    return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3))
  })
  expect(lightness).toBeLessThan(90)
  expect((await page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(5_000)
})

test('forced colours show which tab, platform and repository is current', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto('/r/local/team/multi:2?tab=labels')
  for (const current of [
    page.getByRole('navigation', { name: 'Views of this manifest' }).getByRole('link', { name: 'Labels' }),
    page.getByRole('treeitem', { selected: true }),
    page.getByRole('navigation', { name: 'Platform' }).getByRole('link', { name: 'linux/amd64' }),
  ])
    await expect(current).toHaveCSS('outline-style', 'solid')
  const other = page.getByRole('navigation', { name: 'Views of this manifest' }).getByRole('link', { name: 'Overview' })
  await expect(other).toHaveCSS('outline-style', 'none')
})
