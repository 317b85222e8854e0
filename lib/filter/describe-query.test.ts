import { expect, test } from 'vitest'
import { describeQuery } from './describe-query.ts'
import { parseQuery } from './parse-query.ts'

test.each([
  ['', 'All tags.'],
  ['repo:web/**', 'Tags in [web/**].'],
  ['api tag:latest,stable', 'Tags whose name contains [api] named [latest] or [stable].'],
  ['api web repo:x', 'Tags whose name contains [api] and whose name contains [web] in [x].'],
  ['layers:>1', 'Tags with at least one platform image that has [more than 1] layer.'],
  ['*-api', 'Tags whose name matches [*-api].'],
  [
    'repo:web/** age:>90d -label:licenses',
    'Tags in [web/**] with at least one platform image that was created [more than 90 days ago] and lacks the label [licenses].',
  ],
  ['moved:<7d', 'Tags that moved [less than 7 days ago].'],
  [
    'team=quay,mole or -has:signature',
    'Tags with at least one platform image that either has the label team set to [quay] or [mole] or lacks [a signature].',
  ],
  [
    '-(type:helm or size:>1GiB)',
    'Tags with at least one platform image that isn’t of type [helm] and doesn’t take [more than 1 GiB].',
  ],
  [
    'created:2026-01..2026-03',
    'Tags with at least one platform image that was created [between 2026-01-01 and 2026-03-31].',
  ],
  [
    'team!=quay layers:>50',
    'Tags with at least one platform image that has the label team set to something other than [quay] and has [more than 50] layers.',
  ],
  ['-tag:latest', 'Tags not named [latest].'],
  [
    '-api -repo:web/** -moved:<7d',
    'Tags whose name doesn’t contain [api] not in [web/**] that didn’t move [less than 7 days ago].',
  ],
])('says %j in words', (text, sentence) =>
  expect(
    describeQuery(parseQuery(text).query)
      .map((part) => (part.strong ? `[${part.text}]` : part.text))
      .join(''),
  ).toBe(sentence),
)
