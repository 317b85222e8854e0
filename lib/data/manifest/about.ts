import type { LabelRow } from './label-rows.ts'

/** What an image says about itself in well-known labels: the answer to "is this the right image, and may I use it?". */
export interface AboutView {
  readonly title?: string
  readonly description?: string
  readonly version?: string
  /** An SPDX expression, as it stands in the label. */
  readonly licence?: string
  /** Platforms with another licence, or none. */
  readonly licenceElsewhere: readonly { readonly platform: string; readonly value?: string }[]
  readonly source?: LinkedText
  readonly revision?: LinkedText
  readonly vendor?: string
  readonly documentation?: string
  readonly url?: string
  readonly authors?: string
  readonly created?: string
  readonly base?: { readonly name?: string; readonly digest?: string }
}

export interface LinkedText {
  readonly text: string
  /** An https URL; absent if the text isn't one. */
  readonly href?: string
}

/** OCI image-spec, "Pre-Defined Annotation Keys", then what label-schema.org defined before it. */
const KEYS = {
  title: ['org.opencontainers.image.title', 'org.label-schema.name'],
  description: ['org.opencontainers.image.description', 'org.label-schema.description'],
  version: ['org.opencontainers.image.version', 'org.label-schema.version'],
  licence: ['org.opencontainers.image.licenses', 'org.label-schema.license'],
  source: ['org.opencontainers.image.source', 'org.label-schema.vcs-url'],
  revision: ['org.opencontainers.image.revision', 'org.label-schema.vcs-ref'],
  vendor: ['org.opencontainers.image.vendor', 'org.label-schema.vendor'],
  documentation: ['org.opencontainers.image.documentation', 'org.label-schema.usage'],
  url: ['org.opencontainers.image.url', 'org.label-schema.url'],
  authors: ['org.opencontainers.image.authors', 'maintainer'],
  created: ['org.opencontainers.image.created', 'org.label-schema.build-date'],
  baseName: ['org.opencontainers.image.base.name'],
  baseDigest: ['org.opencontainers.image.base.digest'],
} as const

const KNOWN = new Set<string>(Object.values(KEYS).flat())

/** Longer values aren't titles, versions or licences: the Labels tab has them. */
const LIMIT = 1000

/** Of two origins of one key, the one closer to the image counts. */
const RANK: readonly LabelRow['origin'][] = ['manifest annotation', 'config label', 'index entry', 'index annotation']

export function aboutView(rows: readonly LabelRow[]): AboutView {
  const known = rows.filter(({ key }) => KNOWN.has(key))
  const found = (name: keyof typeof KEYS) => KEYS[name].map((key) => bestRow(known, key)).find((row) => row)
  const text = (name: keyof typeof KEYS) => found(name)?.value.trim().slice(0, LIMIT) || undefined
  const source = text('source')
  const revision = text('revision')
  const [baseName, baseDigest] = [text('baseName'), text('baseDigest')]
  const simple = ['title', 'description', 'version', 'licence', 'vendor', 'documentation', 'url', 'authors'] as const
  return {
    ...Object.fromEntries(simple.flatMap((name) => (text(name) ? [[name, text(name)]] : []))),
    ...validTime(text('created')),
    licenceElsewhere: found('licence')?.elsewhere ?? [],
    ...(source && { source: linked(source, webAddress(source)) }),
    ...(revision && { revision: linked(revision, commitAddress(source, revision)) }),
    ...((baseName || baseDigest) && {
      base: { ...(baseName && { name: baseName }), ...(baseDigest && { digest: baseDigest }) },
    }),
  }
}

function bestRow(rows: readonly LabelRow[], key: string): LabelRow | undefined {
  return rows
    .filter((row) => row.key === key && row.value.trim() !== '' && RANK.includes(row.origin))
    .sort((a, b) => RANK.indexOf(a.origin) - RANK.indexOf(b.origin))[0]
}

function linked(text: string, href: string | undefined): LinkedText {
  return { text, ...(href && { href }) }
}

/** Go writes its zero time where it knows none. */
function validTime(created: string | undefined): Pick<AboutView, 'created'> {
  return created && Date.parse(created) > 0 ? { created } : {}
}

function webAddress(text: string): string | undefined {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : undefined
  return url && !url.username && !url.password ? url.href : undefined
}

/** GitHub, GitLab, Gitea and Bitbucket disagree about where a commit is. */
function commitAddress(source: string | undefined, revision: string): string | undefined {
  const url = source && /^[0-9a-f]{7,64}$/i.test(revision) ? URL.parse(webAddress(source) ?? '') : undefined
  if (!url) return undefined
  const path = url.pathname.replace(/(?:\.git)?\/*$/, '').replace(/\/(?:-\/)?tree\/.*$/, '')
  if (path.split('/').filter(Boolean).length < 2) return undefined
  if (url.hostname === 'bitbucket.org') return `${url.origin}${path}/commits/${revision}`
  const separator = /(?:^|\.)gitlab\./.test(url.hostname) ? '/-/commit/' : '/commit/'
  return `${url.origin}${path}${separator}${revision}`
}
