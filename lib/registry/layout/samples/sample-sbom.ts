/** A small SPDX 2.3 document. */
export function sampleSpdx(
  name: string,
  version: string,
  created: string,
  packages: Readonly<Record<string, string>>,
): unknown {
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${name}-${version}`,
    documentNamespace: `https://example.com/spdx/${name}-${version}`,
    creationInfo: { created, creators: ['Tool: lading-samples'] },
    packages: Object.entries(packages).map(([pkg, v]) => ({
      SPDXID: `SPDXRef-Package-${pkg}`,
      name: pkg,
      versionInfo: v,
      downloadLocation: 'NOASSERTION',
      licenseConcluded: LICENCES[pkg] ?? 'MIT',
      externalRefs: [
        { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: `pkg:npm/${pkg}@${v}` },
      ],
    })),
  }
}

/** As npm and the Go modules of these names have them; all others are MIT. */
const LICENCES: Readonly<Record<string, string>> = {
  cobra: 'Apache-2.0',
  yaml: 'Apache-2.0 AND MIT',
  semver: 'ISC',
  'lru-cache': 'ISC',
  pino: 'MIT',
  pg: 'MIT',
}
