import { expect, test } from 'vitest'
import { visibleText } from './visible-text.ts'

test('a right-to-left override can’t turn a value around unseen', () =>
  expect(visibleText('photo\u202Egpj.exe')).toBe('photo⟨U+202E⟩gpj.exe'))

test('control characters and zero-width spaces are written out', () =>
  expect(visibleText('a\u0000b\u001b[31m\u200b')).toBe('a⟨U+0000⟩b⟨U+001B⟩[31m⟨U+200B⟩'))

test('letters that show nothing are written out', () =>
  expect(visibleText('mia\u3164 \u2800\uffa0')).toBe('mia⟨U+3164⟩ ⟨U+2800⟩⟨U+FFA0⟩'))

test('a joiner is part of an emoji, and written out elsewhere', () => {
  for (const emoji of ['👩‍💻', '👩🏽‍🚀', '❤️‍🔥', '👨‍👩‍👧']) expect(visibleText(emoji)).toBe(emoji)
  expect(visibleText('pay\u200Dpal 💻\u200D')).toBe('pay⟨U+200D⟩pal 💻⟨U+200D⟩')
})

test('ordinary text, newlines, tabs and other scripts are unchanged', () => {
  const text = 'two\nlines\tand שלום 日本語 <script>'
  expect(visibleText(text)).toBe(text)
})
