import { chromium, type Page } from '@playwright/test'
import { startLading } from '../../lib/testing/servers/lading.ts'
import { median } from './measure.ts'
import { BROWSE_PAGES, environment } from './page-rows.ts'
import { MOST_SCRIPT, scriptBytes } from './script-bytes.ts'
import type { Row } from './table.ts'

const TYPED = 'service-07'

/** What only a browser can tell: the script it loads, and how it answers to typing. */
export async function browserRows(registryUrl: string): Promise<Row[]> {
  await using lading = await startLading(environment(registryUrl))
  await using browser = await chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox'],
  })
  const rows: Row[] = []
  for (const [name, path] of Object.entries(BROWSE_PAGES)) {
    const bytes = await scriptBytes(browser, lading.url + path)
    rows.push({
      name: `first-load JavaScript, ${name}`,
      value: bytes / 1000,
      unit: 'KB',
      target: { kind: 'at-most', value: MOST_SCRIPT / 1000 },
    })
  }
  const page = await browser.newPage()
  await page.goto(lading.url, { waitUntil: 'networkidle' })
  const { keystrokes, longest } = await typeIntoFilter(page)
  rows.push({ name: 'filter keystroke', value: median(keystrokes), unit: 'ms', target: { kind: 'at-most', value: 16 } })
  rows.push({
    name: 'longest task while filtering',
    value: longest,
    unit: 'ms',
    target: { kind: 'at-most', value: 50 },
  })
  return rows
}

async function typeIntoFilter(page: Page): Promise<{ keystrokes: number[]; longest: number }> {
  const filter = page.getByLabel(/^Filter [\d,]+ repositories/).first()
  await filter.focus()
  // The first letter fetches the names; what is measured is typing once they are there.
  await filter.press('s')
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => {
    const seen: { keystrokes: number[]; longest: number } = { keystrokes: [], longest: 0 }
    Object.assign(window, { seen })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.longest = Math.max(seen.longest, entry.duration)
    }).observe({ type: 'longtask' })
    // A message queued when the event begins arrives once its handlers and their renders are done.
    const listen = () => {
      const started = performance.now()
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => seen.keystrokes.push(performance.now() - started)
      port2.postMessage(null)
    }
    window.addEventListener('input', listen, { capture: true })
  })
  await filter.pressSequentially(TYPED.slice(1), { delay: 120 })
  for (let presses = 0; presses < TYPED.length - 1; presses++) await filter.press('Backspace', { delay: 60 })
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  return page.evaluate(() => Reflect.get(window, 'seen') as { keystrokes: number[]; longest: number })
}
