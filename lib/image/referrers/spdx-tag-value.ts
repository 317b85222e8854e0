/** SPDX 2.3, "Tag-value format": the fields of a package, as the same document in JSON calls them. */
const FIELDS: Readonly<Record<string, string>> = {
  PackageVersion: 'versionInfo',
  SPDXID: 'SPDXID',
  PackageLicenseConcluded: 'licenseConcluded',
  PackageLicenseDeclared: 'licenseDeclared',
  PrimaryPackagePurpose: 'primaryPackagePurpose',
}

interface TagValuePackage {
  readonly fields: Record<string, string>
  readonly externalRefs: object[]
}

/** Packages, files and relationships of a document of lines `Tag: value`, as the same document in JSON has them. */
export function readTagValue(document: string): Record<string, unknown> {
  const packages: TagValuePackage[] = []
  const relationships: object[] = []
  const files: object[] = []
  let current: TagValuePackage | undefined
  for (const [tag, value] of tagsIn(document)) {
    const field = FIELDS[tag]
    if (tag === 'PackageName') {
      current = { fields: { name: value }, externalRefs: [] }
      packages.push(current)
    } else if (tag === 'FileName') {
      current = undefined
      files.push({ fileName: value })
    } else if (tag === 'Relationship') {
      const [spdxElementId, relationshipType, relatedSpdxElement] = value.split(/\s+/)
      relationships.push({ spdxElementId, relationshipType, relatedSpdxElement })
    } else if (tag === 'ExternalRef') {
      const [, referenceType, referenceLocator] = value.split(/\s+/)
      current?.externalRefs.push({ referenceType, referenceLocator })
    } else if (current && field) current.fields[field] ??= value
  }
  const listed = packages.map(({ fields, externalRefs }) => ({ ...fields, externalRefs }))
  return { ...(listed.length > 0 && { packages: listed }), relationships, files }
}

/** A text of several lines holds no tags. */
function* tagsIn(document: string): Generator<readonly [tag: string, value: string]> {
  let isText = false
  for (const line of document.split('\n')) {
    const opens = line.lastIndexOf('<text>')
    const closes = line.lastIndexOf('</text>')
    const colon = line.indexOf(':')
    if (!isText && colon > 0) yield [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    if (opens >= 0 || closes >= 0) isText = opens > closes
  }
}
