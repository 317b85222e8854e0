import { isRecord } from '../../oci/descriptor.ts'
import { type IndexEntry, REF_NAME } from './index-entry.ts'
import type { LayoutIndex } from './layout-index.ts'

/** What containers/image takes after the folder (oci/internal, `refRegexp`). */
const NAME = /^[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*(?:\/[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*)*$/

/**
 * What skopeo and podman call the entry, behind `oci:<folder>:`: the exact `ref.name`, no matter which tool wrote it, or `''` for
 * the only entry where that has none. Undefined where they can't name it: another entry has the name first, or there
 * are several and this one has none.
 */
export function sourceName(index: LayoutIndex, entry: IndexEntry): string | undefined {
  const name = refNameOf(entry)
  if (name === undefined) return index.entries.length + index.foreign.length === 1 ? '' : undefined
  if (!NAME.test(name)) return undefined
  return index.entries.find((each) => refNameOf(each) === name) === entry ? name : undefined
}

function refNameOf({ raw }: IndexEntry): string | undefined {
  const name = isRecord(raw.annotations) ? raw.annotations[REF_NAME] : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}
