import type { Browser } from '@playwright/test'

/** Compressed bytes of script that a browse page may load before it can be used. */
export const MOST_SCRIPT = 175_000

/** Compressed bytes of the scripts that a browser with an empty cache asks for before the load event. */
export async function scriptBytes(browser: Browser, url: string): Promise<number> {
  await using context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'load' })
  // Awaited here: the context is closed when the function returns.
  return await page.evaluate(() => {
    const [opened] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    return resources
      .filter(({ name, startTime }) => /\.js(\?|$)/.test(name) && startTime < (opened?.loadEventStart || Infinity))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
  })
}
