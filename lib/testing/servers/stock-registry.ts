import type { DockerRegistry } from './docker-registry.ts'
import { type Pushed, type PushedImage, pushArtifact, pushImage, pushIndex } from './images.ts'
import { skopeoCopy, umociLayout } from './skopeo.ts'

/** What `stockRegistry` put where, so that tests can name digests. */
export interface Stock {
  /** `team/app:1.0.0`, `:1.0` and `:latest` are this image; `:0.9.0` is `appOld`. */
  readonly app: PushedImage
  readonly appOld: PushedImage
  /** `team/multi:2`: linux/amd64 and linux/arm64/v8. */
  readonly multi: Pushed
  readonly multiChildren: readonly PushedImage[]
  /** `legacy/docker:1`, Docker schema 2. */
  readonly docker: PushedImage
  /** About `app`: an SBOM under a fallback tag. */
  readonly sbom: Pushed
  /** `charts/web:1.2.3`, a Helm chart. */
  readonly chart: Pushed
}

/** Fills a registry with a little of everything; `tools/made-by-umoci:1` comes from umoci and skopeo. */
export async function stockRegistry(registry: Pick<DockerRegistry, 'url' | 'host'>): Promise<Stock> {
  const { url, host } = registry
  const base = { 'etc/os-release': 'NAME="Lading test"\n', 'bin/sh': '#!' }
  const labels = {
    'org.opencontainers.image.source': 'https://example.com/team/app',
    'org.opencontainers.image.version': '1.0.0',
    'org.opencontainers.image.revision': '0123456789abcdef',
    'com.example.owner': 'Platform team',
  }
  const config = {
    config: { Env: ['PATH=/usr/bin:/bin', 'MODE=production'], Cmd: ['/app/run'], User: '1000', WorkingDir: '/app' },
  }
  const appOld = await pushImage(url, 'team/app', ['0.9.0'], {
    layers: [base, { 'app/run': 'old\n', 'app/gone.txt': 'soon\n' }],
    labels: { ...labels, 'org.opencontainers.image.version': '0.9.0', 'com.example.deprecated': 'yes' },
    config,
    created: '2025-11-01T10:00:00Z',
  })
  const app = await pushImage(url, 'team/app', ['1.0.0', '1.0', 'latest'], {
    layers: [base, { 'app/run': 'new\n' }, { 'app/gone.txt': null }],
    labels,
    annotations: { 'org.opencontainers.image.title': 'The team’s app' },
    config,
  })
  const multiChildren = await Promise.all(
    [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
    ].map((platform) =>
      pushImage(url, 'team/multi', [], { platform, labels, layers: [base, { 'app/arch': platform.architecture }] }),
    ),
  )
  const platforms = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
  ] as const
  const entries = multiChildren.map((manifest, index) => ({ manifest, platform: platforms[index] }))
  const multi = await pushIndex(url, 'team/multi', ['2', 'latest'], entries)
  const docker = await pushImage(url, 'legacy/docker', ['1'], {
    mediaTypes: 'docker',
    labels: { maintainer: 'someone' },
  })
  const sbom = await pushAbout(url, 'team/app', app)
  const chart = await pushArtifact(
    url,
    'charts/web',
    ['1.2.3'],
    '',
    [{ content: 'chart', mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip' }],
    { config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', content: '{"name":"web","version":"1.2.3"}' } },
  )
  const layout = await umociLayout([
    { tag: '1', layers: [{ 'usr/share/doc/readme': 'made by umoci\n' }], labels: { tool: 'umoci' } },
  ])
  await skopeoCopy(`oci:${layout}:1`, `docker://${host}/tools/made-by-umoci:1`)
  return { app, appOld, multi, multiChildren, docker, sbom, chart }
}

/** An SBOM about `subject`, in the fallback index that clients keep on registries without the referrers API. */
async function pushAbout(url: string, repository: string, subject: Pushed): Promise<Pushed> {
  const artifactType = 'application/spdx+json'
  const packages = [
    { name: 'zlib', versionInfo: '1.3.1', licenseDeclared: 'Zlib' },
    { name: 'musl', versionInfo: '1.2.5', licenseConcluded: 'MIT' },
  ]
  const content = JSON.stringify({ spdxVersion: 'SPDX-2.3', name: 'app', packages })
  const manifest = await pushArtifact(url, repository, [], artifactType, [{ content, mediaType: artifactType }], {
    subject,
  })
  await pushIndex(url, repository, [subject.digest.replace(':', '-')], [{ manifest, artifactType }])
  return manifest
}
