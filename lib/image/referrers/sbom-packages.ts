import { isRecord } from '../../oci/descriptor.ts'

/** A package or library in an SBOM; texts are unchanged. */
export interface SbomPackage {
  readonly name: string
  readonly version?: string
  /** An SPDX expression or a name; absent where the document gives none. */
  readonly license?: string
  /** Package URL: `pkg:npm/express@4.19.2`. */
  readonly purl?: string
}

/** The content of an SBOM. Files are only counted: scanners list thousands of them besides the packages. */
export interface SbomContents {
  readonly packages: readonly SbomPackage[]
  readonly files: number
}

/** SPDX 2.3, "Package Information", without the image that is described. Undefined where the document lists none. */
export function spdxContents(document: Record<string, unknown>): SbomContents | undefined {
  if (!Array.isArray(document.packages)) return undefined
  const described = describedIds(document)
  const packages = document.packages
    .filter(isRecord)
    .filter(
      (entry) => !(described.has(entry.SPDXID) && isSubject(entry.primaryPackagePurpose, purlIn(entry.externalRefs))),
    )
    .map(({ name, versionInfo, licenseConcluded, licenseDeclared, externalRefs }) =>
      packageOf(name, versionInfo, stated(licenseConcluded) ?? stated(licenseDeclared), purlIn(externalRefs)),
    )
  return { packages, files: Array.isArray(document.files) ? document.files.length : 0 }
}

/** CycloneDX 1.x, `components` with those inside them. Undefined where the document lists none. */
export function cyclonedxContents({ components }: Record<string, unknown>): SbomContents | undefined {
  if (!Array.isArray(components)) return undefined
  const packages: SbomPackage[] = []
  let files = 0
  const pending: unknown[] = [components]
  for (let list = pending.pop(); Array.isArray(list); list = pending.pop()) {
    for (const component of list.filter(isRecord)) {
      const { type, group, name, version, licenses, purl, components: inside } = component
      if (type === 'file') files++
      else
        packages.push(
          packageOf(text(group) && text(name) ? `${group}/${name}` : name, version, licensesOf(licenses), text(purl)),
        )
      if (Array.isArray(inside)) pending.push(inside)
    }
  }
  return { packages, files }
}

/**
 * Syft's own JSON (anchore/syft, schema/json): `artifacts` are packages, and the image that was scanned isn't among them.
 * Undefined where the document lists none.
 */
export function syftContents({ artifacts, files }: Record<string, unknown>): SbomContents | undefined {
  if (!Array.isArray(artifacts)) return undefined
  const packages = artifacts
    .filter(isRecord)
    .map(({ name, version, licenses, purl }) => packageOf(name, version, syftLicences(licenses), text(purl)))
  return { packages, files: Array.isArray(files) ? files.length : 0 }
}

/** Objects since schema 8, texts before. Of a licence that was found only as a text, the value is the text or its digest. */
function syftLicences(licenses: unknown): string | undefined {
  const names = (Array.isArray(licenses) ? licenses : []).flatMap((licence) => {
    if (!isRecord(licence)) return text(licence) ?? []
    const value = text(licence.value)
    const isName = value !== undefined && value.length <= LONGEST_LICENCE && !value.startsWith('sha256:')
    return text(licence.spdxExpression) ?? (isName ? value : [])
  })
  return names.length > 0 ? [...new Set(names)].join(', ') : undefined
}

const LONGEST_LICENCE = 200

/** The subject of the document: by `documentDescribes`, or by a relationship. */
function describedIds({ documentDescribes, relationships }: Record<string, unknown>): ReadonlySet<unknown> {
  const related = (Array.isArray(relationships) ? relationships : []).filter(isRecord).flatMap((each) => {
    if (each.relationshipType === 'DESCRIBES' && each.spdxElementId === 'SPDXRef-DOCUMENT')
      return [each.relatedSpdxElement]
    if (each.relationshipType === 'DESCRIBED_BY' && each.relatedSpdxElement === 'SPDXRef-DOCUMENT')
      return [each.spdxElementId]
    return []
  })
  return new Set([...(Array.isArray(documentDescribes) ? documentDescribes : []), ...related])
}

/**
 * An image or a folder that was scanned; what is described as a library or an application is a package itself. Before SPDX
 * 2.3 there was no purpose: then the package URL shows an image.
 */
export function isSubject(purpose: unknown, purl: string | undefined): boolean {
  return /^(?:container|file)$/i.test(text(purpose) ?? '') || /^pkg:(?:oci|docker)\//.test(purl ?? '')
}

export function packageOf(
  name: unknown,
  version: unknown,
  license: string | undefined,
  purl: string | undefined,
): SbomPackage {
  const known = text(version)
  return {
    name: text(name) ?? '',
    ...(known && { version: known }),
    ...(license && { license }),
    ...(purl && { purl }),
  }
}

/** SPDX 2.3, "External reference": `referenceType` purl. */
function purlIn(references: unknown): string | undefined {
  const found = (Array.isArray(references) ? references : []).find(
    (each) => isRecord(each) && each.referenceType === 'purl',
  )
  return isRecord(found) ? text(found.referenceLocator) : undefined
}

function licensesOf(licenses: unknown): string | undefined {
  const names = (Array.isArray(licenses) ? licenses : []).filter(isRecord).flatMap(({ license, expression }) => {
    const named = isRecord(license) ? (text(license.id) ?? text(license.name)) : undefined
    return text(expression) ?? named ?? []
  })
  return names.length > 0 ? names.join(', ') : undefined
}

/** SPDX has special values for missing information. */
function stated(license: unknown): string | undefined {
  return license === 'NOASSERTION' || license === 'NONE' ? undefined : text(license)
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
