import { MOST_SCRIPT, scriptBytes } from './bench/script-bytes.ts'
import { expect, test } from './fixtures.ts'

// Admins get every button.
test.use({ ladingEnv: { ANONYMOUS_ROLE: 'admin' } })

for (const [name, path] of [
  ['home', '/'],
  ['a registry', '/r/local'],
  ['a repository', '/r/local/team/app'],
  ['an image', '/r/local/team/app:1.0.0'],
  ['a comparison', '/diff?a=local/team/app:1.0.0&b=local/team/app:0.9.0'],
  ['the search', '/search?q=app'],
  ['the labels', '/labels'],
  ['the storage', '/storage'],
  ['the policy', '/policy'],
  ['the activity', '/activity'],
  ['the trash', '/trash'],
  ['the audit log', '/audit'],
  ['the jobs', '/jobs'],
] as const)
  test(`${name} loads at most ${MOST_SCRIPT / 1000} KB of script at first`, async ({ browser, lading }) => {
    const bytes = await scriptBytes(browser, lading.url + path)
    // The framework alone: less means that nothing was counted.
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT)
  })
