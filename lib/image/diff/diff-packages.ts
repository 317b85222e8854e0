import type { SbomPackage } from '../referrers/sbom-packages.ts'
import { diffNamed, type NamedChange } from './diff-fields.ts'

/** Compares the packages of two SBOMs by name; several versions of one name are one value. */
export function diffPackages(before: readonly SbomPackage[], after: readonly SbomPackage[]): NamedChange[] {
  return diffNamed(versionsOf(before), versionsOf(after)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function versionsOf(packages: readonly SbomPackage[]): Map<string, string> {
  const versions = new Map<string, Set<string>>()
  for (const { name, version } of packages) {
    const known = versions.get(name) ?? new Set()
    versions.set(name, known.add(version ?? 'no version'))
  }
  return new Map([...versions].map(([name, known]) => [name, [...known].sort().join(', ')]))
}
