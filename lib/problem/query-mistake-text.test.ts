import { expect, test } from 'vitest'
import { parseQuery } from '../filter/parse-query.ts'
import { queryMistakeText } from './query-mistake-text.ts'

test.each([
  ['type:imgae', /^“imgae” can’t be used here\. Did you mean image\? Expected one of image, index, helm/],
  ['lable:x', /^Unknown qualifier lable:\. Did you mean label\? Expected one of label: registry:/],
  ['size:', /^A value is missing\. Expected a size, for example >1GiB/],
  ['a or', /^or stands alone\. Expected a term on both sides of or/],
  ['(a', /^A parenthesis isn’t closed\. Expected a \) to close it\.$/],
])('explains the mistake in %s', (text, sentence) =>
  expect(parseQuery(text).mistakes.map(queryMistakeText)).toEqual([expect.stringMatching(sentence)]),
)
