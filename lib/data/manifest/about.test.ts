import { describe, expect, it } from 'vitest'
import { aboutView } from './about.ts'
import type { LabelRow } from './label-rows.ts'

const OCI = 'org.opencontainers.image.'
const row = (key: string, value: string, origin: LabelRow['origin'] = 'config label'): LabelRow => ({
  id: `${origin} ${key}`,
  key,
  value,
  origin,
  elsewhere: [],
})
const about = (labels: Record<string, string>) =>
  aboutView(Object.entries(labels).map(([key, value]) => row(key, value)))

it('reads the OCI keys, then label-schema’s', () => {
  expect(about({ 'org.label-schema.name': 'old', [`${OCI}version`]: '1.4' })).toMatchObject({
    title: 'old',
    version: '1.4',
  })
  expect(about({ 'org.label-schema.name': 'old', [`${OCI}title`]: 'new' }).title).toBe('new')
})

it('prefers the source closest to the image, and takes nothing from a layer', () => {
  const rows = [
    row(`${OCI}title`, 'of the index', 'index annotation'),
    row(`${OCI}title`, 'of the config'),
    row(`${OCI}vendor`, 'of a layer', 'layer 1 descriptor'),
  ]
  expect(aboutView(rows)).toMatchObject({ title: 'of the config' })
  expect(aboutView(rows).vendor).toBeUndefined()
})

it('treats an empty value and Go’s zero time as not set', () => {
  const { licence, created } = about({ [`${OCI}licenses`]: ' ', [`${OCI}created`]: '0001-01-01T00:00:00Z' })
  expect([licence, created]).toEqual([undefined, undefined])
})

describe('the revision', () => {
  const link = (source: string, revision = '57c0ffee57c0ffee57c0ffee57c0ffee57c0ffee') =>
    about({ [`${OCI}source`]: source, [`${OCI}revision`]: revision }).revision?.href
  const sha = '57c0ffee57c0ffee57c0ffee57c0ffee57c0ffee'

  it.each([
    ['https://github.com/acme/app', `https://github.com/acme/app/commit/${sha}`],
    ['https://github.com/acme/app.git', `https://github.com/acme/app/commit/${sha}`],
    ['https://github.com/acme/app/tree/main/images', `https://github.com/acme/app/commit/${sha}`],
    ['https://gitlab.example.org/a/b/app', `https://gitlab.example.org/a/b/app/-/commit/${sha}`],
    ['https://bitbucket.org/acme/app', `https://bitbucket.org/acme/app/commits/${sha}`],
  ])('of %s links to its commit', (source, href) => {
    expect(link(source)).toBe(href)
  })

  it.each([
    'git@github.com:acme/app.git',
    'javascript:alert(1)',
    'https://user:secret@github.com/a/b',
    'https://github.com',
  ])('of %s is text', (source) => {
    expect(link(source)).toBeUndefined()
  })

  it('that isn’t a commit id is text', () => {
    expect(link('https://github.com/acme/app', '../../evil')).toBeUndefined()
  })
})
