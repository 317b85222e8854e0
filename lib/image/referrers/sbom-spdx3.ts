import { isRecord } from '../../oci/descriptor.ts'
import { isSubject, packageOf, type SbomContents, text } from './sbom-packages.ts'

type Element = Readonly<Record<string, unknown>>

/** The packages and files of an SPDX 3 document (SPDX 3.0.1, "Serialization in SPDX 3 JSON"), and its version. */
export interface Spdx3Document {
  readonly version: string
  readonly contents: SbomContents
}

/** Undefined for a document of another kind. */
export function readSpdx3(document: Element): Spdx3Document | undefined {
  const [, named] = /\bspdx\.org\/rdf\/(3[\w.-]*)\//.exec(JSON.stringify(document['@context'] ?? null)) ?? []
  if (named === undefined) return undefined
  const graph = document['@graph']
  // A document with a single element may be just that.
  const elements = Array.isArray(graph) ? graph.filter(isRecord) : [document]
  const stated = elements.find(({ type }) => type === 'CreationInfo')?.specVersion
  return { version: text(stated) ?? named, contents: contentsOf(elements) }
}

function contentsOf(elements: readonly Element[]): SbomContents {
  const of = (type: string) => elements.filter((element) => element.type === type)
  const roots = new Set([...of('SpdxDocument'), ...of('software_Sbom')].flatMap(({ rootElement }) => list(rootElement)))
  const licenses = licensesOf(elements)
  const packages = of('software_Package')
    .map((element) => ({ element, purl: purlOf(element) }))
    .filter(({ element, purl }) => !(roots.has(element.spdxId) && isSubject(element.software_primaryPurpose, purl)))
    .map(({ element, purl }) =>
      packageOf(element.name, element.software_packageVersion, licenses.get(element.spdxId), purl),
    )
  return { packages, files: of('software_File').length }
}

function purlOf({ software_packageUrl: purl, externalIdentifier }: Element): string | undefined {
  const named = list(externalIdentifier)
    .filter(isRecord)
    .find((each) => each.externalIdentifierType === 'packageURL')
  return text(purl) ?? text(named?.identifier)
}

/** Licences are elements of their own, related to what they are for; the concluded one counts before the declared. */
function licensesOf(elements: readonly Element[]): ReadonlyMap<unknown, string> {
  const names = new Map(elements.map((each) => [each.spdxId, text(each.simplelicensing_licenseExpression)]))
  const nameOf = (id: unknown) => names.get(id) ?? /^https?:\/\/spdx\.org\/licenses\/([\w.+-]+)$/.exec(String(id))?.[1]
  const found = new Map<unknown, string>()
  for (const kind of ['hasDeclaredLicense', 'hasConcludedLicense'])
    for (const { relationshipType, from, to } of elements) {
      const license = relationshipType === kind ? list(to).flatMap((id) => nameOf(id) ?? []) : []
      if (license.length > 0 && license[0] !== 'NOASSERTION') found.set(from, license.join(', '))
    }
  return found
}

/** One value may stand without its list. */
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
}
