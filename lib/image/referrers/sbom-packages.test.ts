import { expect, test } from 'vitest'
import { cyclonedxComponents, spdxPackages } from './sbom-packages.ts'

test('SPDX packages have their versions, and the licence that was concluded before the one that was declared', () => {
  expect(
    spdxPackages([
      { name: 'musl', versionInfo: '1.2.5', licenseConcluded: 'MIT', licenseDeclared: 'Apache-2.0' },
      { name: 'zlib', licenseConcluded: 'NOASSERTION', licenseDeclared: 'Zlib' },
      { name: 'bare', licenseDeclared: 'NONE', versionInfo: '' },
      { SPDXID: 'nameless' },
      'no package',
    ]),
  ).toEqual([
    { name: 'musl', version: '1.2.5', license: 'MIT' },
    { name: 'zlib', license: 'Zlib' },
    { name: 'bare' },
    { name: '' },
  ])
  expect(spdxPackages(undefined)).toBeUndefined()
})

test('CycloneDX components have their group and each of their licences', () => {
  expect(
    cyclonedxComponents([
      { group: '@babel', name: 'core', version: '7.0.0', licenses: [{ license: { id: 'MIT' } }] },
      { name: 'x', licenses: [{ expression: 'MIT OR Apache-2.0' }, { license: { name: 'Own' } }, {}] },
      { name: 'y', licenses: 'MIT' },
    ]),
  ).toEqual([
    { name: '@babel/core', version: '7.0.0', license: 'MIT' },
    { name: 'x', license: 'MIT OR Apache-2.0, Own' },
    { name: 'y' },
  ])
})
