import { createHash } from 'node:crypto'
import {
  AMD64,
  ARM64,
  ARMV7,
  addAttestation,
  addImage,
  addIndex,
  SAMPLE,
  type SamplePlatform,
  type SampleStep,
} from './sample-image.ts'
import { binary, type SampleDescriptor, type SampleLayer, type SampleLayout } from './sample-layout.ts'
import { sampleSpdx } from './sample-sbom.ts'

const SOURCE = 'https://example.com/samples/storefront'

interface Release {
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
const RELEASES: readonly Release[] = [
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

/** Twelve releases of a web shop, and the base image that they and others stand on. */
export async function addStorefront(layout: SampleLayout, repository: string, bases: BaseLayers): Promise<void> {
  for (const release of RELEASES) {
    const platforms = release.version.startsWith('1.0') ? [AMD64, ARM64] : [AMD64, ARM64, ARMV7]
    const shared = await addProgram(layout, release)
    const images = await Promise.all(
      platforms.map(async (platform) => ({
        ...(await addRelease(layout, release, platform, bases, shared)),
        platform,
      })),
    )
    const [first] = images
    const attested =
      first && Number(release.version[0]) * 10 + Number(release.version[2]) >= 14
        ? [attest(layout, first, release)]
        : []
    for (const image of [...images, ...attested]) layout.add(repository, image)
    const index = addIndex(layout, [...images, ...attested], {
      [SAMPLE]: 'true',
      'org.opencontainers.image.title': 'Storefront',
      'org.opencontainers.image.version': release.version,
      'org.opencontainers.image.created': release.created,
      'org.opencontainers.image.source': SOURCE,
    })
    layout.add(repository, index, [release.version, ...(release.tags ?? [])])
  }
}

/** The layer of a base image by its version and platform. */
export type BaseLayers = (version: string, platform: SamplePlatform) => Promise<SampleLayer>

async function addRelease(
  layout: SampleLayout,
  release: Release,
  platform: SamplePlatform,
  bases: BaseLayers,
  { modules, program }: Awaited<ReturnType<typeof addProgram>>,
): Promise<SampleDescriptor> {
  const { version, node, created, base } = release
  const revision = revisionOf(version)
  const runtime = await layout.layer({
    'usr/local/bin/node': binary(`node ${node} ${platform.architecture}`, 60_000),
    'usr/local/share/doc/node/CHANGELOG.md': `# Node.js ${node}\n`,
  })
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    NODE_VERSION: node,
    NODE_ENV: 'production',
    PORT: '8080',
    ...release.env,
  }
  const steps: SampleStep[] = [
    ['COPY rootfs/ / # buildkit', await bases(base, platform)],
    ['CMD ["/bin/sh"]'],
    [`ENV NODE_VERSION=${node}`],
    ['RUN /bin/sh -c install-node $NODE_VERSION # buildkit', runtime],
    ['WORKDIR /app'],
    ['COPY node_modules ./node_modules # buildkit', modules],
    ['COPY . . # buildkit', program],
    ...Object.entries(release.env ?? {}).map(([name, value]): SampleStep => [`ENV ${name}=${value}`]),
    ['EXPOSE [8080/tcp]'],
    ['VOLUME [/app/uploads]'],
    ['HEALTHCHECK &{["CMD-SHELL" "wget -qO- http://127.0.0.1:8080/healthz"] "30s" "3s" "5s" "0s" \'\\x03\'}'],
    ['USER node'],
    ['ENTRYPOINT ["node"]'],
    ['CMD ["server.js"]'],
  ]
  return addImage(layout, {
    platform,
    created,
    steps,
    config: {
      User: 'node',
      ExposedPorts: { '8080/tcp': {} },
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: ['node'],
      Cmd: ['server.js'],
      Volumes: { '/app/uploads': {} },
      WorkingDir: '/app',
      StopSignal: 'SIGTERM',
      Healthcheck: {
        Test: ['CMD-SHELL', 'wget -qO- http://127.0.0.1:8080/healthz'],
        Interval: 30_000_000_000,
        Timeout: 3_000_000_000,
        StartPeriod: 5_000_000_000,
        Retries: 3,
      },
      Labels: {
        [SAMPLE]: 'true',
        'org.opencontainers.image.title': 'Storefront',
        'org.opencontainers.image.description': 'The web shop that customers see. A sample made by Lading.',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.created': created,
        'org.opencontainers.image.revision': revision,
        'org.opencontainers.image.source': SOURCE,
        'org.opencontainers.image.url': 'https://example.com/storefront',
        'org.opencontainers.image.documentation': `${SOURCE}/docs`,
        'org.opencontainers.image.vendor': 'Example Ltd',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.authors': 'Storefront team <storefront@example.com>',
        'org.opencontainers.image.base.name': `samples/platform/base:${base}`,
        ...release.labels,
      },
    },
    annotations: {
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.licenses': version.startsWith('2') ? 'Apache-2.0 OR MIT' : 'Apache-2.0',
    },
  })
}

/** What is the same on every platform. */
async function addProgram(layout: SampleLayout, { version, dependencies }: Release) {
  const modules = await layout.layer({
    'app/node_modules/': null,
    ...Object.fromEntries(
      Object.entries(dependencies).flatMap(([name, v]) => [
        [`app/node_modules/${name}/package.json`, `${JSON.stringify({ name, version: v, license: 'MIT' }, null, 2)}\n`],
        [`app/node_modules/${name}/index.js`, sourceText(`${name} ${v}`, 60)],
      ]),
    ),
  })
  const program = await layout.layer({
    'app/': null,
    'app/package.json': `${JSON.stringify({ name: 'storefront', version, type: 'module', dependencies }, null, 2)}\n`,
    'app/server.js': sourceText(`storefront ${version}`, 220),
    'app/public/index.html': `<!doctype html>\n<title>Storefront ${version}</title>\n`,
    'app/public/app.css': sourceText(`style ${version.slice(0, 3)}`, 80),
  })
  return { modules, program }
}

function attest(
  layout: SampleLayout,
  image: SampleDescriptor,
  { version, created, dependencies }: Release,
): SampleDescriptor {
  return addAttestation(layout, image, {
    'https://slsa.dev/provenance/v0.2': {
      builder: { id: 'https://example.com/builder' },
      buildType: 'https://mobyproject.org/buildkit@v1',
      invocation: { configSource: { uri: `${SOURCE}.git#v${version}`, digest: { sha1: revisionOf(version) } } },
      metadata: { buildFinishedOn: created, reproducible: true },
    },
    'https://spdx.dev/Document': sampleSpdx('storefront', version, created, dependencies),
  })
}

function revisionOf(version: string): string {
  return createHash('sha1').update(`storefront ${version}`).digest('hex')
}

/** Lines that differ little between versions, as source code does. */
function sourceText(seed: string, lines: number): string {
  const [name = '', version = ''] = seed.split(' ')
  const body = Array.from({ length: lines }, (_, n) => {
    const touched = createHash('sha1').update(`${seed} ${n}`).digest()
    return `export const ${name.replace(/\W/g, '_')}_${n} = ${(touched[0] ?? 0) % 9 === 0 ? touched.readUInt32BE(1) : n * 7919}`
  })
  return [`// ${name} ${version}`, ...body, ''].join('\n')
}
