import { expect, test } from 'vitest'
import { cyclonedxContents, spdxContents, syftContents } from './sbom-packages.ts'
import { readSpdx3 } from './sbom-spdx3.ts'
import { readTagValue } from './spdx-tag-value.ts'

test('SPDX packages have their versions, and the concluded licence before the declared one', () => {
  const packages = [
    { name: 'musl', versionInfo: '1.2.5', licenseConcluded: 'MIT', licenseDeclared: 'Apache-2.0' },
    { name: 'zlib', licenseConcluded: 'NOASSERTION', licenseDeclared: 'Zlib' },
    { name: 'bare', licenseDeclared: 'NONE', versionInfo: '' },
    { SPDXID: 'nameless' },
    'no package',
  ]
  expect(spdxContents({ packages })?.packages).toEqual([
    { name: 'musl', version: '1.2.5', license: 'MIT' },
    { name: 'zlib', license: 'Zlib' },
    { name: 'bare' },
    { name: '' },
  ])
  expect(spdxContents({})).toBeUndefined()
})

test('the image that an SPDX document describes isn’t one of its packages, a described library is', () => {
  const packages = [
    { SPDXID: 'SPDXRef-image', name: 'debian', primaryPackagePurpose: 'CONTAINER' },
    { SPDXID: 'SPDXRef-lib', name: 'library', primaryPackagePurpose: 'LIBRARY' },
    { SPDXID: 'SPDXRef-other', name: 'base', primaryPackagePurpose: 'CONTAINER' },
  ]
  const related = (id: string) => ({
    spdxElementId: 'SPDXRef-DOCUMENT',
    relationshipType: 'DESCRIBES',
    relatedSpdxElement: id,
  })
  const names = (document: object) => spdxContents({ packages, ...document })?.packages.map(({ name }) => name)
  expect(names({ relationships: [related('SPDXRef-image'), related('SPDXRef-lib')] })).toEqual(['library', 'base'])
  expect(names({ documentDescribes: ['SPDXRef-image'] })).toEqual(['library', 'base'])
  expect(names({})).toEqual(['debian', 'library', 'base'])
  expect(spdxContents({ packages, files: [{}, {}] })?.files).toBe(2)
})

test('the image that an SPDX document describes is known by its package URL where no purpose is given', () => {
  const purl = (locator: string) => ({ externalRefs: [{ referenceType: 'purl', referenceLocator: locator }] })
  const packages = [
    { SPDXID: 'a', name: 'image', ...purl('pkg:oci/alpine@sha256:abc') },
    { SPDXID: 'b', name: 'musl', ...purl('pkg:apk/alpine/musl@1') },
  ]
  const found = spdxContents({ packages, documentDescribes: ['a', 'b'] })
  expect(found?.packages.map(({ name }) => name)).toEqual(['musl'])
})

test('Syft’s packages have their versions, licences and package URLs, of old documents too', () => {
  const artifacts = [
    {
      name: 'musl',
      version: '1.2.5',
      purl: 'pkg:apk/alpine/musl@1.2.5',
      licenses: [{ value: 'mit', spdxExpression: 'MIT' }],
    },
    { name: 'odd', version: '1', licenses: [{ value: 'Own licence', spdxExpression: '' }, { value: 'sha256:abc' }] },
    { name: 'old', version: '2', licenses: ['Zlib', 'Zlib'] },
    { name: 'bare', version: '', licenses: null },
    'no package',
  ]
  expect(syftContents({ artifacts, files: [{}] })).toEqual({
    packages: [
      { name: 'musl', version: '1.2.5', license: 'MIT', purl: 'pkg:apk/alpine/musl@1.2.5' },
      { name: 'odd', version: '1', license: 'Own licence' },
      { name: 'old', version: '2', license: 'Zlib' },
      { name: 'bare' },
    ],
    files: 1,
  })
  expect(syftContents({})).toBeUndefined()
})

test('SPDX 3 has its packages with licences and package URLs, without the image that it describes', () => {
  const package3 = (id: string, fields: object) => ({ type: 'software_Package', spdxId: id, name: id, ...fields })
  const licensed = (relationshipType: string, from: string, to: string) => ({
    type: 'Relationship',
    relationshipType,
    from,
    to: [to],
  })
  const graph = [
    { type: 'CreationInfo', '@id': '_:info', specVersion: '3.0.1', created: '2026-07-10T15:23:05Z' },
    { type: 'SpdxDocument', spdxId: 'document', rootElement: ['sbom'] },
    { type: 'software_Sbom', spdxId: 'sbom', rootElement: ['image'], software_sbomType: ['build'] },
    package3('image', { software_primaryPurpose: 'container' }),
    package3('musl', { software_packageVersion: '1.2.5', software_packageUrl: 'pkg:apk/alpine/musl@1.2.5' }),
    package3('zlib', {
      externalIdentifier: [{ externalIdentifierType: 'packageURL', identifier: 'pkg:apk/alpine/zlib@1' }],
    }),
    { type: 'software_File', spdxId: 'file', name: '/bin/sh' },
    { type: 'simplelicensing_LicenseExpression', spdxId: 'mit', simplelicensing_licenseExpression: 'MIT' },
    licensed('hasDeclaredLicense', 'musl', 'https://spdx.org/licenses/Apache-2.0'),
    licensed('hasConcludedLicense', 'musl', 'mit'),
    licensed('hasConcludedLicense', 'zlib', 'https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion'),
    licensed('hasDeclaredLicense', 'zlib', 'https://spdx.org/licenses/Zlib'),
  ]
  const context = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'
  expect(readSpdx3({ '@context': context, '@graph': graph })).toEqual({
    version: '3.0.1',
    contents: {
      packages: [
        { name: 'musl', version: '1.2.5', license: 'MIT', purl: 'pkg:apk/alpine/musl@1.2.5' },
        { name: 'zlib', license: 'Zlib', purl: 'pkg:apk/alpine/zlib@1' },
      ],
      files: 1,
    },
  })
  expect(readSpdx3({ '@context': [context], ...package3('alone', {}) })?.contents.packages).toEqual([{ name: 'alone' }])
  expect(readSpdx3({ '@context': 'https://schema.org', '@graph': graph })).toBeUndefined()
})

test('SPDX as lines of tags and values has the same packages as JSON', () => {
  const document = `SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-image
PackageName: image
SPDXID: SPDXRef-image
PrimaryPackagePurpose: CONTAINER

PackageName: musl
SPDXID: SPDXRef-musl
PackageVersion: 1.2.5\r
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: MIT
PackageCopyrightText: <text>Copyright
PackageName: not one
</text>
ExternalRef: SECURITY cpe23Type cpe:2.3:a:musl
ExternalRef: PACKAGE-MANAGER purl pkg:apk/alpine/musl@1.2.5
FileName: /lib/libc.so
SPDXID: SPDXRef-file
`
  expect(spdxContents(readTagValue(document))).toEqual({
    packages: [{ name: 'musl', version: '1.2.5', license: 'MIT', purl: 'pkg:apk/alpine/musl@1.2.5' }],
    files: 1,
  })
})

test('CycloneDX components have their group and each of their licences', () => {
  const components = [
    { group: '@babel', name: 'core', version: '7.0.0', licenses: [{ license: { id: 'MIT' } }] },
    { name: 'x', licenses: [{ expression: 'MIT OR Apache-2.0' }, { license: { name: 'Own' } }, {}] },
    { name: 'y', licenses: 'MIT' },
  ]
  expect(cyclonedxContents({ components })?.packages).toEqual([
    { name: '@babel/core', version: '7.0.0', license: 'MIT' },
    { name: 'x', license: 'MIT OR Apache-2.0, Own' },
    { name: 'y' },
  ])
})

test('CycloneDX files are counted apart, and components inside others count', () => {
  const files = Array.from({ length: 3921 }, (_, n) => ({ type: 'file', name: `/usr/share/${n}` }))
  const deb = Array.from({ length: 87 }, (_, n) => ({ type: 'library', name: `lib${n}` }))
  const os = { type: 'operating-system', name: 'debian', components: [{ name: 'a', components: [{ name: 'b' }] }] }
  const found = cyclonedxContents({ metadata: { component: { name: 'image' } }, components: [...files, ...deb, os] })
  expect(found?.files).toBe(3921)
  expect(found?.packages).toHaveLength(90)
  expect(found?.packages.map(({ name }) => name)).not.toContain('image')
})

test('package URLs come from external references in SPDX, and from components in CycloneDX', () => {
  const purl = 'pkg:npm/x@1'
  const externalRefs = [
    'odd',
    { referenceType: 'cpe23Type', referenceLocator: 'cpe' },
    { referenceType: 'purl', referenceLocator: purl },
  ]
  expect(spdxContents({ packages: [{ name: 'x', externalRefs }] })?.packages).toEqual([{ name: 'x', purl }])
  expect(cyclonedxContents({ components: [{ name: 'x', purl }] })?.packages).toEqual([{ name: 'x', purl }])
})
