import 'server-only'
import { LONGEST_CHANGE } from '../../catalog/database/own-changes.ts'
import { recordGoneTags } from '../../catalog/database/record-tags.ts'
import type { Learnt } from '../../catalog/database/tag-rows.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { JournalledChange } from '../../store/change-journal.ts'
import { theStore } from '../../store/the-store.ts'
import { TAKEN_AWAY } from '../../store/trash.ts'
import { changeJournal } from '../changes/change-journal.ts'

/**
 * Tags that Lading deleted from a repository whose registry can't be asked now: the journal proves that they are gone,
 * but for those that were read again since. @throws StoreError
 */
export async function recordDeleted(place: Place, learnt: Learnt): Promise<void> {
  const { catalog } = theCatalog()
  const list = await catalog.tags(place)
  if (!list) return
  const since = new Date(list.seenAt - LONGEST_CHANGE).toISOString()
  const deleted = new Map<Tag, JournalledChange>()
  for (const entry of await changeJournal().entries({ place, since }))
    for (const tag of deletedBy(entry)) deleted.set(tag, entry)
  const records = await catalog.tagRecords(place, [...deleted.keys()])
  const gone = [...deleted].flatMap(([tag, { record, began }]) => {
    const seen = records.get(tag)
    const isSame = seen?.value.ok && seen.value.summary.digest === record.digest && seen.seenAt < Date.parse(began)
    return isSame ? [tag] : []
  })
  if (gone.length > 0) await recordGoneTags(await theStore(), place, gone, learnt)
}

function deletedBy({ outcome = '', isRestored, record, tookAlong }: JournalledChange): readonly Tag[] {
  if (!TAKEN_AWAY.includes(outcome) || isRestored || 'replacement' in record) return []
  return 'tags' in record ? record.tags : [record.tag, ...tookAlong]
}
