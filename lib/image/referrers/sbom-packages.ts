import { isRecord } from '../../oci/descriptor.ts'

/** A package, library or file that a bill of materials lists; texts are as the document has them. */
export interface SbomPackage {
  readonly name: string
  readonly version?: string
  /** An SPDX expression or a name; absent where the document gives none. */
  readonly license?: string
}

/** SPDX 2.3, "Package Information". Undefined where the document lists none. */
export function spdxPackages(packages: unknown): readonly SbomPackage[] | undefined {
  return listOf(packages, ({ name, versionInfo, licenseConcluded, licenseDeclared }) =>
    packageOf(name, versionInfo, told(licenseConcluded) ?? told(licenseDeclared)),
  )
}

/** CycloneDX 1.x, `components`. Undefined where the document lists none. */
export function cyclonedxComponents(components: unknown): readonly SbomPackage[] | undefined {
  return listOf(components, ({ group, name, version, licenses }) => {
    const whole = text(group) && text(name) ? `${group}/${name}` : name
    return packageOf(whole, version, licensesOf(licenses))
  })
}

function listOf(
  list: unknown,
  read: (entry: Record<string, unknown>) => SbomPackage,
): readonly SbomPackage[] | undefined {
  return Array.isArray(list) ? list.filter(isRecord).map(read) : undefined
}

function packageOf(name: unknown, version: unknown, license: string | undefined): SbomPackage {
  const known = text(version)
  return { name: text(name) ?? '', ...(known && { version: known }), ...(license && { license }) }
}

function licensesOf(licenses: unknown): string | undefined {
  const names = (Array.isArray(licenses) ? licenses : []).filter(isRecord).flatMap(({ license, expression }) => {
    const named = isRecord(license) ? (text(license.id) ?? text(license.name)) : undefined
    return text(expression) ?? named ?? []
  })
  return names.length > 0 ? names.join(', ') : undefined
}

/** SPDX has words for having nothing to say. */
function told(license: unknown): string | undefined {
  return license === 'NOASSERTION' || license === 'NONE' ? undefined : text(license)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
