import { startFirefox } from '../lib/testing/servers/firefox.ts'
import { digestOfTag, pushImage } from '../lib/testing/servers/images.ts'
import { expect } from './fixtures.ts'
import { passwordOf, test } from './people.ts'

/** As WebDriver names the key. */
const TAB = '\uE004'

test('Firefox browses, compares and deletes', async ({ lading, stocked: { registry } }) => {
  // A busy machine takes a while to start it.
  const old = await pushImage(registry.url, 'firefox/app', ['1.0.0'], { labels: { version: '1.0.0' } })
  await pushImage(registry.url, 'firefox/app', ['1.1.0', 'latest'], { labels: { version: '1.1.0' } })
  await using firefox = await startFirefox()
  await firefox.open(`${lading.url}/sign-in?returnTo=/r/local/firefox/app`)
  await firefox.click('textbox', 'User name')
  // A password field has no role by which it could be found.
  await firefox.type(`ada${TAB}${passwordOf('ada')}`)
  await firefox.click('button', 'Sign in')
  await firefox.until('location.pathname === "/r/local/firefox/app"')
  await firefox.open(`${lading.url}/r/local/firefox/app:1.1.0`)
  await firefox.until('location.pathname === "/r/local/firefox/app:1.1.0"')
  await firefox.until('document.querySelector("h1")?.innerText.replace(/\\s/g, "") === "firefox/app:1.1.0"')
  await firefox.click('link', 'Changes since 1.0.0')
  await firefox.until('location.pathname === "/diff"')
  await firefox.until(
    '[...document.querySelectorAll("tr")].some((row) => /version.*1\\.0\\.0.*1\\.1\\.0/s.test(row.innerText))',
  )
  await firefox.open(`${lading.url}/r/local/firefox/app:1.0.0`)
  await firefox.click('button', 'Delete')
  await firefox.click('button', 'Delete tag 1.0.0')
  await firefox.until('document.body.innerText.includes("Tag 1.0.0 deleted")')
  await firefox.until('location.pathname === "/r/local/firefox/app"')
  expect(await digestOfTag(registry.url, 'firefox/app', '1.0.0')).toBeUndefined()
  await firefox.click('button', 'Undo')
  await firefox.until('document.body.innerText.includes("1.0.0 restored")')
  expect(await digestOfTag(registry.url, 'firefox/app', '1.0.0')).toBe(old.digest)
})
