import { expect, test } from 'vitest'
import { parsePolicies } from '../../config/policy-file.ts'
import { type ExplainedImage, explainPolicies, fixOf } from './explain-policies.ts'

const NOW = Date.UTC(2026, 10, 29)
const policies = parsePolicies(
  'policy.yaml',
  `policies:
  - name: ownership
    query: "repo:team/** -tag:*-dev"
    labels:
      licenses: { required: true, format: spdx, allow: [Apache-2.0, MIT] }
      team: { required: true, oneOf: [quay, harbour] }
      version: { format: semver }
  - name: no-maintainer
    forbid: [maintainer]
  - name: freshness
    query: "tag:latest"
    maxAge: 180d
  - name: signed
    query: "has:signature"
    labels: { team: { required: true } }
`,
)

function image(platform: string, labels: Record<string, string>, tag = '1.0'): ExplainedImage {
  return {
    platform,
    labels: new Map(Object.entries(labels)),
    created: NOW - 200 * 86_400_000,
    facts: { registry: 'hub', repository: 'team/api', tag, labels: new Map(), has: {}, digests: [] },
  }
}

test('says whether each policy applies, and which platforms break each rule and how', () => {
  const amd = image('linux/amd64', { licenses: 'MIT', team: 'Harbour', maintainer: 'anna' })
  const arm = image('linux/arm64', { team: 'Harbour', version: '1.0.0' })
  const [ownership, maintainer, freshness, signed] = explainPolicies(policies, [amd, arm], NOW)
  expect(ownership).toMatchObject({
    applies: 'yes',
    broken: 2,
    rules: [
      {
        key: 'licenses',
        isRequired: true,
        rulings: [
          { kind: 'missing', platforms: ['linux/arm64'] },
          { kind: 'met', value: 'MIT', platforms: ['linux/amd64'] },
        ],
      },
      { key: 'team', rulings: [{ kind: 'invalid', near: 'harbour', platforms: ['linux/amd64', 'linux/arm64'] }] },
      { key: 'version', rulings: [{ kind: 'met' }, { kind: 'met', value: '1.0.0' }] },
    ],
  })
  expect(maintainer).toMatchObject({
    applies: 'yes',
    broken: 1,
    rules: [{ rulings: [{ kind: 'forbidden' }, { kind: 'met' }] }],
  })
  expect(freshness).toMatchObject({ applies: 'no', broken: 0 })
  // Nothing is known of signatures here.
  expect(signed).toMatchObject({ applies: 'unknown', broken: 0 })
})

test('an image that is too old breaks the age rule, and shows when it was created', () => {
  const [, , freshness] = explainPolicies(policies, [image('linux/amd64', {}, 'latest')], NOW)
  expect(freshness).toMatchObject({
    applies: 'yes',
    broken: 1,
    rules: [{ expected: 'created within 180d', rulings: [{ kind: 'too-old', value: '2026-05-13T00:00:00.000Z' }] }],
  })
})

test('the fix sets missing or wrong labels as the policy allows, and names forbidden ones', () => {
  const images = [image('linux/amd64', { team: 'Harbour', maintainer: 'anna' })]
  expect(fixOf(policies, explainPolicies(policies, images, NOW))).toBe(
    ['LABEL licenses="Apache-2.0" \\', '      team="harbour"', '# Remove the label maintainer'].join('\n'),
  )
  const good = [image('linux/amd64', { team: 'quay', licenses: 'MIT' })]
  expect(fixOf(policies, explainPolicies(policies, good, NOW))).toBeUndefined()
})

test('nothing is missing from a platform whose config could not be read', () => {
  const read = image('linux/amd64', { licenses: 'MIT', team: 'quay' })
  const unread = { ...image('linux/arm64', {}), isUnread: true }
  const [one] = explainPolicies(policies, [read, unread], NOW)
  expect(one).toMatchObject({ applies: 'yes', broken: 0 })
  expect(one?.rules[0]?.rulings).toMatchObject([{ kind: 'met', platforms: ['linux/amd64'] }])
  expect(explainPolicies(policies, [unread], NOW)[0]).toMatchObject({ applies: 'yes', broken: 0, rules: [] })
})
