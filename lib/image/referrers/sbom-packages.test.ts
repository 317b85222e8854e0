import { expect, test } from 'vitest'
import { cyclonedxContents, spdxContents } from './sbom-packages.ts'

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
