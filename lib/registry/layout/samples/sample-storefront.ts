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
import type { BaseLabels } from './sample-others.ts'
import { RELEASES, type Release } from './sample-releases.ts'
import { sampleSpdx } from './sample-sbom.ts'

const SOURCE = 'https://example.com/samples/storefront'

/** Twelve releases of a web shop, and the base image that they and others stand on. */
export function addStorefront(layout: SampleLayout, repository: string, bases: Bases): void {
  for (const release of RELEASES) {
    const platforms = release.version.startsWith('1.0') ? [AMD64, ARM64] : [AMD64, ARM64, ARMV7]
    const shared = addProgram(layout, release)
    const images = platforms.map((platform) => ({
      ...addRelease(layout, release, platform, bases, shared),
      platform,
    }))
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

/** The base images, by version and platform. */
interface Bases {
  readonly layer: (version: string, platform: SamplePlatform) => SampleLayer
  readonly labels: BaseLabels
}

function addRelease(
  layout: SampleLayout,
  release: Release,
  platform: SamplePlatform,
  bases: Bases,
  { modules, program }: ReturnType<typeof addProgram>,
): SampleDescriptor {
  const { version, node, created, base } = release
  const revision = revisionOf(version)
  const runtime = layout.layer({
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
    ['COPY rootfs/ / # buildkit', bases.layer(base, platform)],
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
        ...bases.labels(base),
        ...release.labels,
      },
    },
    annotations: {
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.licenses': version.startsWith('2') ? 'Apache-2.0 OR MIT' : 'Apache-2.0',
    },
  })
}

/** The parts that are the same on every platform. */
function addProgram(layout: SampleLayout, { version, dependencies }: Release) {
  const modules = layout.layer({
    'app/node_modules/': null,
    ...Object.fromEntries(
      Object.entries(dependencies).flatMap(([name, v]) => [
        [`app/node_modules/${name}/package.json`, `${JSON.stringify({ name, version: v, license: 'MIT' }, null, 2)}\n`],
        [`app/node_modules/${name}/index.js`, sourceText(`${name} ${v}`, 60)],
      ]),
    ),
  })
  const program = layout.layer({
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
      invocation: {
        configSource: {
          uri: `${SOURCE}.git#v${version}`,
          digest: { sha1: revisionOf(version) },
          entryPoint: 'Dockerfile',
        },
      },
      metadata: {
        buildInvocationID: `storefront-${version}`,
        buildStartedOn: new Date(Date.parse(created) - 184_000).toISOString(),
        buildFinishedOn: created,
        completeness: { parameters: true, environment: true, materials: true },
        reproducible: true,
      },
      materials: [
        { uri: `${SOURCE}.git#v${version}`, digest: { sha1: revisionOf(version) } },
        ...Object.entries(dependencies).map(([name, v]) => ({ uri: `pkg:npm/${name}@${v}` })),
      ],
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
