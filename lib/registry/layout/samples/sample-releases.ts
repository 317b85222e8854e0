/** The differences between two releases of the sample shop. */
export interface Release {
  readonly version: string
  readonly created: string
  readonly base: '2026.02' | '2026.05' | '2026.08'
  readonly node: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly tags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

const FIRST = { express: '4.21.2', pino: '9.5.0', undici: '6.21.0' }
const SECOND = { express: '5.0.1', pino: '9.6.0', undici: '7.2.3', zod: '3.24.1' }
const THIRD = { express: '5.1.0', pino: '9.9.0', undici: '7.15.0', zod: '4.1.5' }

const TEAM = { 'com.example.team': 'storefront', 'com.example.tier': 'frontend' }

/** Patch releases change the program; minor ones the dependencies or the base too. */
export const RELEASES: readonly Release[] = [
  {
    version: '1.0.0',
    created: '2026-02-03T09:12:44Z',
    base: '2026.02',
    node: '22.13.1',
    dependencies: FIRST,
    tags: ['1.0'],
  },
  { version: '1.1.0', created: '2026-02-24T14:01:10Z', base: '2026.02', node: '22.13.1', dependencies: FIRST },
  {
    version: '1.1.1',
    created: '2026-03-02T08:40:31Z',
    base: '2026.02',
    node: '22.14.0',
    dependencies: FIRST,
    tags: ['1.1'],
  },
  {
    version: '1.2.0',
    created: '2026-03-19T11:25:02Z',
    base: '2026.02',
    node: '22.14.0',
    dependencies: SECOND,
    labels: TEAM,
  },
  {
    version: '1.2.1',
    created: '2026-03-23T16:58:49Z',
    base: '2026.02',
    node: '22.14.0',
    dependencies: SECOND,
    labels: TEAM,
    tags: ['1.2'],
  },
  {
    version: '1.3.0',
    created: '2026-04-20T10:07:55Z',
    base: '2026.05',
    node: '22.15.0',
    dependencies: SECOND,
    labels: TEAM,
    env: { FEATURE_SEARCH: 'on' },
    tags: ['1.3'],
  },
  {
    version: '1.4.0',
    created: '2026-05-11T13:33:20Z',
    base: '2026.05',
    node: '22.15.0',
    dependencies: SECOND,
    labels: TEAM,
    env: { FEATURE_SEARCH: 'on', CACHE_TTL: '60' },
  },
  {
    version: '1.4.1',
    created: '2026-05-18T07:21:08Z',
    base: '2026.05',
    node: '22.15.1',
    dependencies: SECOND,
    labels: TEAM,
    env: { FEATURE_SEARCH: 'on', CACHE_TTL: '60' },
  },
  {
    version: '1.4.2',
    created: '2026-06-09T12:45:37Z',
    base: '2026.05',
    node: '22.16.0',
    dependencies: SECOND,
    labels: { ...TEAM, 'com.example.tier': 'public' },
    env: { FEATURE_SEARCH: 'on', CACHE_TTL: '300' },
    tags: ['1.4', '1', 'latest'],
  },
  {
    version: '2.0.0-beta.1',
    created: '2026-07-02T15:10:00Z',
    base: '2026.08',
    node: '24.4.0',
    dependencies: THIRD,
    labels: TEAM,
    env: { CACHE_TTL: '300', LOG_FORMAT: 'json' },
  },
  {
    version: '2.0.0-rc.1',
    created: '2026-07-21T09:54:12Z',
    base: '2026.08',
    node: '24.5.0',
    dependencies: THIRD,
    labels: TEAM,
    env: { CACHE_TTL: '300', LOG_FORMAT: 'json' },
  },
  {
    version: '2.0.0-rc.2',
    created: '2026-08-04T17:29:41Z',
    base: '2026.08',
    node: '24.6.0',
    dependencies: THIRD,
    labels: { ...TEAM, 'com.example.approved-by': 'release-board' },
    env: { CACHE_TTL: '300', LOG_FORMAT: 'json' },
    tags: ['next'],
  },
]
