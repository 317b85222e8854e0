import { createHash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import type { Digest } from '../../../oci/digest.ts'
import { MEDIA_TYPE } from '../../../oci/media-type.ts'
import { SAMPLE_CERTIFICATE } from './sample-certificate.ts'
import { AMD64, ARM64, ARMV7, addArtifact, addImage, addIndex, SAMPLE, type SamplePlatform } from './sample-image.ts'
import { binary, gzip, type SampleDescriptor, type SampleLayer, type SampleLayout } from './sample-layout.ts'
import { sampleSpdx } from './sample-sbom.ts'

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The layer of the base image: one per version and platform. */
export function baseLayer(layout: SampleLayout, version: string, { architecture }: SamplePlatform): SampleLayer {
  return layout.layer({
    'bin/': null,
    'bin/busybox': binary(`busybox ${version} ${architecture}`, 40_000),
    'bin/sh': { link: '/bin/busybox' },
    'etc/': null,
    'etc/os-release': `NAME="Sample Linux"\nID=sample\nVERSION_ID=${version}\nPRETTY_NAME="Sample Linux ${version}"\n`,
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
    'etc/ssl/certs/ca-certificates.crt': `# certificates of ${version}\n`,
    'tmp/': null,
    'usr/lib/libc.so.6': binary(`libc ${version} ${architecture}`, 24_000),
  })
}

export function addBase(
  layout: SampleLayout,
  repository: string,
  version: string,
  tags: readonly string[],
): SampleDescriptor {
  const created = `${version.replace('.', '-')}-01T04:00:00Z`
  const images = [AMD64, ARM64, ARMV7].map((platform) => {
    const image = addImage(layout, {
      platform,
      created,
      steps: [['COPY rootfs/ / # buildkit', baseLayer(layout, version, platform)], ['CMD ["/bin/sh"]']],
      config: { Env: [PATH], Cmd: ['/bin/sh'], Labels: labels('Base', version, created, 'platform/base') },
    })
    return { ...image, platform }
  })
  for (const image of images) layout.add(repository, image)
  const index = addIndex(layout, images, { [SAMPLE]: 'true', 'org.opencontainers.image.version': version })
  return layout.add(repository, index, [version, ...tags])
}

/** Labels of an image built on a version's base. */
export type BaseLabels = (version: string) => Readonly<Record<string, string>>

/** Docker schema 2, one platform, as an older builder would push it. */
export function addCheckout(layout: SampleLayout, repository: string, baseLabels: BaseLabels): void {
  const releases = [
    ['0.8.0', '2026-01-22T10:00:00Z', ['2026.02', []]],
    ['0.9.0', '2026-04-14T10:30:00Z', ['2026.02', []]],
    ['0.9.1', '2026-05-27T08:15:00Z', ['2026.05', ['stable', 'latest']]],
  ] as const
  for (const [version, created, [base, tags]] of releases) {
    const docker = { mediaType: MEDIA_TYPE.dockerLayerGzip }
    const root = { ...baseLayer(layout, base, AMD64), ...docker }
    const program = layout.layer(
      { 'srv/bin/checkout': binary(`checkout ${version}`, 90_000), 'srv/old.conf': 'a=1\n' },
      docker,
    )
    const cleanup = layout.layer({ 'srv/.wh.old.conf': '', 'srv/checkout.conf': `version = "${version}"\n` }, docker)
    const image = addImage(layout, {
      docker: true,
      platform: AMD64,
      created,
      steps: [
        ['/bin/sh -c #(nop) ADD file:rootfs.tar in / ', root],
        ['/bin/sh -c #(nop)  ENV MODE=production'],
        ['/bin/sh -c #(nop) COPY file:checkout in /srv/bin/ ', program],
        ['/bin/sh -c rm /srv/old.conf && write-config', cleanup],
        ['/bin/sh -c #(nop)  EXPOSE 9090'],
        ['/bin/sh -c #(nop)  CMD ["/srv/bin/checkout"]'],
      ],
      config: {
        Env: [PATH, 'MODE=production'],
        ExposedPorts: { '9090/tcp': {} },
        Cmd: ['/srv/bin/checkout'],
        WorkingDir: '/srv',
        Labels: {
          ...labels('Checkout API', version, created, 'checkout'),
          ...baseLabels(base),
          maintainer: 'checkout@example.com',
        },
      },
    })
    layout.add(repository, image, [version, ...tags])
  }
}

/** A command-line tool in a zstd layer, with an SBOM, a cosign signature and a Sigstore bundle. */
export function addTool(layout: SampleLayout, repository: string): void {
  for (const [version, created, tags] of [
    ['3.1.0', '2026-06-15T06:00:00Z', []],
    ['3.2.0', '2026-08-10T06:00:00Z', ['3', 'latest']],
  ] as const) {
    const program = layout.layer(
      { 'usr/bin/ladle': binary(`ladle ${version}`, 70_000) },
      { mediaType: MEDIA_TYPE.ociLayerZstd, compress: (tar) => zstdCompressSync(tar) },
    )
    const image = addImage(layout, {
      platform: AMD64,
      created,
      steps: [['COPY /out/ladle /usr/bin/ladle # buildkit', program], ['ENTRYPOINT ["/usr/bin/ladle"]']],
      config: { Env: [PATH], Entrypoint: ['/usr/bin/ladle'], Labels: labels('ladle', version, created, 'tools') },
      annotations: { [SAMPLE]: 'true', 'org.opencontainers.image.version': version },
    })
    layout.add(repository, image, [version, ...tags])
    addReferrers(layout, repository, image, version, created)
  }
}

function addReferrers(
  layout: SampleLayout,
  repository: string,
  image: ReturnType<typeof addImage>,
  version: string,
  created: string,
): void {
  const spdx = 'application/spdx+json'
  const sbom = layout.json(spdx, sampleSpdx('ladle', version, created, { cobra: '1.9.1', yaml: '3.0.1' }))
  const annotations = { 'org.opencontainers.image.created': created }
  layout.add(repository, addArtifact(layout, { artifactType: spdx, layers: [sbom], subject: image, annotations }))
  const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
  const bundle = layout.json(bundleType, {
    mediaType: bundleType,
    verificationMaterial: {
      certificate: { rawBytes: SAMPLE_CERTIFICATE },
      tlogEntries: [{ logIndex: '128463', integratedTime: String(Date.parse(created) / 1000) }],
    },
    dsseEnvelope: {
      payloadType: MEDIA_TYPE.inToto,
      payload: base64(JSON.stringify(provenanceOf(image.digest, version, created))),
      signatures: [{ sig: base64('not a real signature') }],
    },
  })
  const predicate = { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' }
  layout.add(
    repository,
    addArtifact(layout, {
      artifactType: bundleType,
      layers: [bundle],
      subject: image,
      annotations: { ...annotations, ...predicate },
    }),
  )
  const payload = layout.json('application/vnd.dev.cosign.simplesigning.v1+json', {
    critical: {
      identity: { 'docker-reference': repository },
      image: { 'docker-manifest-digest': image.digest },
      type: 'cosign container image signature',
    },
    optional: null,
  })
  const config = layout.json(MEDIA_TYPE.ociConfig, {
    architecture: '',
    os: '',
    config: {},
    rootfs: { type: 'layers', diff_ids: [payload.digest] },
  })
  const signed = { ...payload, annotations: { 'dev.cosignproject.cosign/signature': base64('not a real signature') } }
  layout.add(repository, addArtifact(layout, { config, layers: [signed] }), [`${image.digest.replace(':', '-')}.sig`])
}

/** SLSA provenance v1, as a workflow states it. */
function provenanceOf(digest: Digest, version: string, created: string) {
  const commit = createHash('sha1').update(`ladle ${version}`).digest('hex')
  const repository = 'https://example.com/samples/ladle'
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'ladle', digest: { sha256: digest.slice('sha256:'.length) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: {
          workflow: { ref: `refs/tags/v${version}`, repository, path: '.github/workflows/release.yml' },
        },
        resolvedDependencies: [
          { uri: `git+${repository}@refs/tags/v${version}`, digest: { gitCommit: commit } },
          { uri: 'pkg:golang/github.com/spf13/cobra@v1.9.1' },
          { uri: 'pkg:golang/gopkg.in/yaml.v3@v3.0.1' },
        ],
      },
      runDetails: {
        builder: { id: 'https://example.com/actions/hosted-runner' },
        metadata: {
          invocationId: `${repository}/actions/runs/${version.replaceAll('.', '')}`,
          startedOn: new Date(Date.parse(created) - 96_000).toISOString(),
          finishedOn: created,
        },
      },
    },
  }
}

export function addChart(layout: SampleLayout, repository: string): void {
  for (const [version, appVersion, created, tags] of [
    ['0.3.0', '1.3.0', '2026-04-21T09:00:00Z', []],
    ['0.4.0', '1.4.2', '2026-06-10T09:00:00Z', ['latest']],
  ] as const) {
    const chart = {
      apiVersion: 'v2',
      name: 'storefront',
      version,
      appVersion,
      type: 'application',
      description: 'Runs the storefront. A sample made by Lading.',
      kubeVersion: '>=1.28.0-0',
      home: 'https://example.com/storefront',
      sources: ['https://example.com/samples/storefront'],
      keywords: ['shop', 'web'],
      maintainers: [{ name: 'Storefront team', email: 'storefront@example.com' }],
      dependencies: [
        {
          name: 'postgresql',
          version: '15.5.x',
          repository: 'oci://charts.example.com/library',
          condition: 'postgresql.enabled',
        },
        { name: 'redis', version: '^19.6', repository: 'https://charts.example.com', alias: 'cache' },
      ],
    }
    const { diffId: _, ...content } = layout.layer(
      {
        // JSON is YAML.
        'storefront/Chart.yaml': `${JSON.stringify(chart, null, 2)}\n`,
        'storefront/values.yaml': `replicas: 2\nimage:\n  repository: samples/web/storefront\n  tag: ${appVersion}\npostgresql:\n  enabled: true\ncache:\n  auth:\n    enabled: false\n`,
        'storefront/README.md': `# Storefront\n\nRuns the storefront ${appVersion} with its database and cache.\n\n    helm install shop oci://registry.example.com/samples/charts/storefront --version ${version}\n`,
        'storefront/templates/deployment.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}-storefront\nspec:\n  replicas: {{ .Values.replicas }}\n  template:\n    spec:\n      containers:\n        - name: storefront\n          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n',
        'storefront/templates/service.yaml':
          'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-storefront\nspec:\n  ports:\n    - port: 80\n      targetPort: 8080\n',
      },
      { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', compress: gzip },
    )
    const manifest = addArtifact(layout, {
      config: layout.json(MEDIA_TYPE.helmConfig, chart),
      layers: [content],
      annotations: {
        'org.opencontainers.image.title': 'storefront',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.description': chart.description,
        'org.opencontainers.image.created': created,
      },
    })
    layout.add(repository, manifest, [version, ...tags])
  }
}

/** A few text files, as `oras push` stores them. */
export function addPolicy(layout: SampleLayout, repository: string): void {
  const file = {
    ...layout.blob('text/plain', 'allow = licenses in ["Apache-2.0", "MIT"]\n'),
    annotations: { 'org.opencontainers.image.title': 'licenses.policy' },
  }
  layout.add(repository, addArtifact(layout, { artifactType: 'application/vnd.example.policy', layers: [file] }), [
    '2026-q2',
    'latest',
  ])
}

function labels(title: string, version: string, created: string, source: string): Record<string, string> {
  return {
    [SAMPLE]: 'true',
    'org.opencontainers.image.title': title,
    'org.opencontainers.image.description': 'A sample made by Lading.',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.revision': createHash('sha1').update(`${source} ${version}`).digest('hex'),
    'org.opencontainers.image.source': `https://example.com/samples/${source}`,
    'org.opencontainers.image.vendor': 'Example Ltd',
    'org.opencontainers.image.licenses': 'MIT',
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
