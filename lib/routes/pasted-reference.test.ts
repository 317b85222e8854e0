import { describe, expect, it, test } from 'vitest'
import { parsePasted, searchTextOf } from './pasted-reference.ts'

const digest = `sha256:${'5'.repeat(64)}`

describe('parsePasted', () => {
  it.each([
    ['hub.example.com/team-a/app:1.4', { host: 'hub.example.com', repository: 'team-a/app', selector: '1.4' }],
    ['localhost:5000/app', { host: 'localhost:5000', repository: 'app', selector: 'latest' }],
    [`hub.example.com/app@${digest}`, { host: 'hub.example.com', repository: 'app', selector: digest }],
    ['docker pull hub.example.com/app:1', { host: 'hub.example.com', repository: 'app', selector: '1' }],
    ['docker pull app:1', { repository: 'app', selector: '1' }],
    [
      'podman pull --tls-verify=false localhost:5000/app:1',
      { host: 'localhost:5000', repository: 'app', selector: '1' },
    ],
    [
      `skopeo inspect docker://hub.example.com/app@${digest}`,
      { host: 'hub.example.com', repository: 'app', selector: digest },
    ],
    ['crane pull hub.example.com/app:1 image.tar', { host: 'hub.example.com', repository: 'app', selector: '1' }],
    [
      'helm pull oci://hub.example.com/charts/app --version 1.2+3',
      { host: 'hub.example.com', repository: 'charts/app', selector: '1.2_3' },
    ],
    [
      'https://hub.example.com/v2/team-a/app/manifests/1.4',
      { host: 'hub.example.com', repository: 'team-a/app', selector: '1.4' },
    ],
    [
      `http://localhost:5000/v2/app/manifests/${digest}`,
      { host: 'localhost:5000', repository: 'app', selector: digest },
    ],
  ])('reads the reference of %s', (text, expected) => {
    expect(parsePasted(text)).toEqual({ kind: 'reference', ...expected })
  })

  it('reads a digest alone', () => {
    expect(parsePasted(` ${digest} `)).toEqual({ kind: 'digest', digest })
  })

  it('reads the path of a page, below a base path too', () => {
    const path = '/r/hub/team-a/app:1.4?tab=labels'
    expect(parsePasted(`https://lading.example.com/registry${path}`)).toEqual({ kind: 'path', path })
    expect(parsePasted('https://example.com/other')).toBeUndefined()
  })

  it.each(['app', 'team-a/app', 'team-a/app:1.4', 'team app', 'docker', 'docker pull', '^team-(a|b)', ''])(
    'leaves %s to the search',
    (text) => {
      expect(parsePasted(text)).toBeUndefined()
    },
  )
})

test.each([
  [digest, digest],
  ['37CCBA1F6FBF', '37CCBA1F6FBF or digest:37CCBA1F6FBF'],
  ['37ccba1', '37ccba1'],
  ['team-a/app:1.4', 'team-a/app:1.4'],
])('%s is searched for as %s', (typed, query) => {
  expect(searchTextOf(typed)).toBe(query)
})
