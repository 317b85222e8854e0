import { expect, test } from 'vitest'
import { parsePolicies } from './policy-file.ts'

const FILE = `policies:
  - name: ownership
    query: "repo:team-*/** -tag:*-dev"
    labels:
      org.opencontainers.image.licenses: { required: true, format: spdx, allow: [Apache-2.0, MIT] }
      team: { required: true, oneOf: [quay, harbour] }
    forbid: [maintainer]
    maxAge: 180d
    owner: "label:team"
`

test('reads the requirements for images', () => {
  expect(parsePolicies('policy.yaml', FILE)).toMatchObject([
    {
      name: 'ownership',
      queryText: 'repo:team-*/** -tag:*-dev',
      labels: [
        {
          key: 'org.opencontainers.image.licenses',
          required: true,
          format: 'spdx',
          allow: ['Apache-2.0', 'MIT'],
        },
        { key: 'team', required: true, oneOf: ['quay', 'harbour'] },
      ],
      forbid: ['maintainer'],
      maxAge: { milliseconds: 180 * 86_400_000, text: '180d' },
      owner: { label: 'team' },
    },
  ])
})

test.each([
  ['26w', 26 * 7],
  ['6mo', 6 * 30],
  ['1.5y', 547.5],
])('takes an age in every unit of a query: %s', (text, days) => {
  const [policy] = parsePolicies('policy.yaml', FILE.replace('180d', text))
  expect(policy?.maxAge).toEqual({ milliseconds: days * 86_400_000, text })
})

test.each([
  ['format: spdx', 'format: sdpx', /^policy.yaml: line 5: policies\[0\].*format: expected one of text, rfc3339/],
  ['-tag:*-dev', 'size:big', /^policy.yaml: line 3: query: character \d+: expected a size/],
  ['maxAge: 180d', 'maxAge: soon', /^policy.yaml: line 8: policies\[0\].maxAge: expected an age, for example 180d/],
  ['forbid:', 'forbit:', /^policy.yaml: line \d+: .*forbit/],
  ['[quay, harbour]', '[quay, harbour', /^policy.yaml: line \d+: not valid YAML/],
  ['  - name: ownership', '  - name: ""', /^policy.yaml: line 2: policies\[0\].name/],
])('names the line of each mistake: %s as %s', (right, wrong, message) => {
  expect(() => parsePolicies('policy.yaml', FILE.replace(right, wrong))).toThrow(message)
})

test('reports all mistakes at once', () => {
  const twice = FILE + FILE.slice(FILE.indexOf('\n') + 1).replace('180d', '6 months')
  expect(() => parsePolicies('policy.yaml', twice)).toThrow(/line 16: .*maxAge/)
  const named = FILE + FILE.slice(FILE.indexOf('\n') + 1).replace('-tag:*-dev', 'size:big')
  expect(() => parsePolicies('policy.yaml', named)).toThrow(/line 10: .*"ownership" is used twice; line 11: query/)
})
