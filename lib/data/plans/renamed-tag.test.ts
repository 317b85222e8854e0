import { expect, test } from 'vitest'
import { type RenameRule, renameRule, renamer } from './renamed-tag.ts'

test.each<[RenameRule, string, string | undefined]>([
  [{ kind: 'add', prefix: 'prod-', suffix: '' }, '1.4.2', 'prod-1.4.2'],
  [{ kind: 'add', prefix: '', suffix: '' }, '1.4.2', undefined],
  [{ kind: 'remove', prefix: 'v', suffix: '-rc1' }, 'v1.4.2-rc1', '1.4.2'],
  [{ kind: 'remove', prefix: '', suffix: '-rc1' }, '1.4.2-rc2', undefined],
  [{ kind: 'remove', prefix: 'v', suffix: '' }, 'v', undefined],
  [{ kind: 'replace', pattern: '-rc\\d+$', with: '' }, '1.4.2-rc12', '1.4.2'],
  [{ kind: 'replace', pattern: '^(\\d+)\\.(\\d+)\\..*$', with: '$1.$2' }, '1.4.2', '1.4'],
  [{ kind: 'replace', pattern: 'x', with: 'y' }, '1.4.2', undefined],
])('%j makes of %s: %s', (rule, tag, expected) => {
  expect(renamer(rule)(tag)).toBe(expected)
})

test('refuses an invalid pattern with the reason', () => {
  const parsed = renameRule.safeParse({ kind: 'replace', pattern: '(', with: '' })
  expect(parsed.success).toBe(false)
})
