import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import { ATTACHED } from './attached.ts'
import { originalText, textHash } from './stored-text.ts'

/** The facts about a tag's image in a table of repositories. */
export interface NewestDetails {
  readonly platforms: readonly string[]
  readonly description?: string
  /** Whether a signature is attached; absent if not checked yet. */
  readonly signed?: boolean
  /** Something that it needs is missing or malformed: pulls of a platform at least fail. */
  readonly isDamaged?: true
}

const DAMAGE = ['not-found', 'missing-content', 'digest-mismatch', 'size-mismatch', 'format', 'malformed']
const DAMAGE_WITHIN = ['config', 'child']
const DESCRIPTION = 'org.opencontainers.image.description'

/** By tag id. @throws StoreError */
export async function newestDetails(
  { read, dialect }: Store,
  tags: readonly number[],
): Promise<ReadonlyMap<number, NewestDetails>> {
  if (tags.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select t.id, case when t.problem in (${sql.join(DAMAGE)}) or m.problem in (${sql.join(DAMAGE_WITHIN)}) then 1 else 0 end as damaged,
      (t.attached & ${ATTACHED.signature}) > 0 as signature, p.name as platform, v.value as description
    from tag t
    join manifest m on m.id = t.manifest_id
    left join image i on i.manifest_id = m.id
    left join platform p on p.id = i.platform_id
    left join label l on l.image_id = i.id and l.key_id = (select id from label_key where hash = ${textHash(DESCRIPTION)})
    left join label_value v on v.id = l.value_id
    where ${dialect.isOneOf(sql.ref('t.id'), tags)}
    order by t.id, i.position`.execute(read)
  return new Map(
    Array.from(
      Map.groupBy(rows, ({ id }) => id),
      ([id, some]) => {
        const description = some.find((row) => row.description !== null)?.description
        const { signature = null, damaged = 0 } = some[0] ?? {}
        return [
          id,
          {
            platforms: [...new Set(some.flatMap(({ platform }) => (platform === null ? [] : originalText(platform))))],
            ...(description && { description: originalText(description) }),
            ...(signature !== null && { signed: Boolean(signature) }),
            ...(damaged === 1 && { isDamaged: true as const }),
          },
        ]
      },
    ),
  )
}

interface Row {
  readonly id: number
  readonly damaged: number
  readonly signature: number | boolean | null
  readonly platform: string | null
  readonly description: string | null
}
