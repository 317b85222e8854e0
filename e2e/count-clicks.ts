import type { Page } from '@playwright/test'

/** Counts clicks from here on, until the next full page load. */
export async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    sessionStorage.setItem('clicks', '0')
    const count = () => sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks')) + 1))
    window.addEventListener('pointerdown', count, { capture: true })
  })
  return async () => Number(await page.evaluate(() => sessionStorage.getItem('clicks')))
}
