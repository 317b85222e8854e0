import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { parseDigest } from '../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../oci/reference.ts'
import { openChangeJournal } from './change-journal.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { describeEachDatabase } from './testing/each-database.ts'
import { fillOldDatabase } from './testing/old-database.ts'
import { readTrashPage, trashBetween, trashPlaces } from './trash.ts'

const digest = parseDigest(`sha256:${'a'.repeat(64)}`)
const other = parseDigest(`sha256:${'b'.repeat(64)}`)
const content = { registry: 'hub', digest, mediaType: 'm', bytes: Buffer.from('{"schemaVersion":2}') }
const [a, b] = [parseRepositoryName('team/a'), parseRepositoryName('team/b')]
const whole = { places: ['hub/team/a'], offset: 0, limit: 9 }
const both = { ...whole, places: ['hub/team/a', 'hub/team/b'] }

describeEachDatabase('The trash', (databases) => {
  let store: Store | undefined
  afterEach(() => store?.close())

  async function open() {
    const opened = await openStore(await databases.create())
    store = opened
    const journal = openChangeJournal(async () => opened)
    let at = 1_000_000
    /** One that began a second after the one before. */
    const took = async (record: Partial<Parameters<typeof journal.begin>[0]>, outcome?: string) => {
      const whole = { ...content, repository: a, tags: [parseTag('t')], ...record }
      const { id } = await journal.begin(whole, { by: 'ada', plan: 'p-1' })
      if (outcome) await journal.close(id, outcome)
      at += 1_000
      const began = new Date(at).toISOString()
      await opened.write.updateTable('change_entry').set({ began }).where('id', '=', id).execute()
      return id
    }
    return { store: opened, journal, took }
  }

  test('lists what can be restored in the given repositories, newest first, a page at a time', async () => {
    const { store, journal, took } = await open()
    const first = await took({}, 'deleted')
    const second = await took({}, 'replaced-then-deleted')
    const third = await took({ tags: [parseTag('t3')] }, 'finished')
    await took({ repository: b }, 'deleted')
    const page = await readTrashPage(store, { ...whole, limit: 2 })
    expect(page.total).toBe(3)
    expect(page.items.map(({ id }) => id)).toEqual([third, second])
    const at = '1970-01-01T00:16:43.000Z'
    expect(page.items[0]).toMatchObject({ at, tags: ['t3'], digest, what: 'deleted', by: 'ada', plan: 'p-1' })
    await journal.restored(third)
    expect((await readTrashPage(store, whole)).items.map(({ id }) => id)).toEqual([second, first])
    expect(await trashPlaces(store)).toHaveLength(2)
    const some = await trashBetween(store, { places: ['hub/team/a'], from: 1_002_000, to: 1_003_000, limit: 9 })
    expect(some.map(({ id }) => id)).toEqual([second])
  })

  test.each([
    ['a part of a repository', 'm/b', ['b']],
    ['a part of a tag, in any case', 'RC', ['image']],
    ['a tag that was taken along', 'also', ['b']],
    ['a repository with its tag', 'a:v1.0-rc', ['image']],
    ['a repository with the tag of another', 'b:v1.0-rc', []],
    ['a digest', digest.slice(0, 20), ['b', 'image', 'overwritten']],
    ['a repository with its digest', `b@${digest}`, ['b']],
    ['NUL, as no text has', '\0', []],
    ['its user', 'ada', ['b', 'image', 'overwritten']],
    ['a wildcard of SQL, as it is written', '%', []],
    ['a word of the record itself', 'mediaType', []],
  ])('finds what has %s', async (_what, text, found) => {
    const { store, took } = await open()
    const names = new Map([
      [await took({ tag: parseTag('latest') }, 'overwritten'), 'overwritten'],
      [await took({ tags: [parseTag('v1.0-rc1'), parseTag('v1.0')] }, 'deleted'), 'image'],
      [await took({ repository: b, tag: parseTag('v2') }, 'deleted'), 'b'],
    ])
    const [, , last] = names.keys()
    await store.write
      .updateTable('change_entry')
      .set({ took_along: JSON.stringify(['also']) })
      .where('id', '=', last ?? '')
      .execute()
    const { items, total } = await readTrashPage(store, { ...both, text })
    expect(items.map(({ id }) => names.get(id))).toEqual(found)
    expect(total).toBe(found.length)
  })

  test('lists nothing that removed nothing, whose end is unknown, or whose document was lost', async () => {
    const { store, took } = await open()
    await took({})
    await took({}, 'failed')
    await took({}, 'restored')
    await took({ bytes: new Uint8Array() }, 'deleted')
    expect(await readTrashPage(store, whole)).toEqual({ items: [], total: 0 })
    expect(await trashPlaces(store)).toEqual([])
  })

  test('names what an overwritten tag now points at, and the tags deleted together', async () => {
    const { store, journal } = await open()
    const tag = { ...content, repository: a, tag: parseTag('latest') }
    const moved = await journal.begin({ ...tag, replacement: null })
    await journal.close(moved.id, 'overwritten', other)
    const [overwritten] = (await readTrashPage(store, whole)).items
    expect(overwritten).toMatchObject({ tags: ['latest'], what: 'overwritten', replacement: other })
    await journal.restored(moved.id)
    const gone = await journal.begin(tag)
    await gone.tookAlong([parseTag('1.0')])
    await gone.end('deleted')
    const [deleted] = (await readTrashPage(store, whole)).items
    expect(deleted).toMatchObject({ tags: ['latest', '1.0'], what: 'deleted' })
  })

  test('keeps what an older database’s trash lists, byte for byte, and what was restored there', async () => {
    const location = await databases.create()
    const documents = [1, 2, 3, 300, 301, 20_000].map((length) => randomBytes(length))
    const itemOf = (id: string, what: string, replacement: string, bytes: Buffer, restoredAt: string) => `
      insert into trash_item values ('${id}', 1700000000123, 'hub', 'team/a', 'hub/team/a', '["t","u"]', 2, '${digest}',
        'm', '${bytes.toString('base64')}', '${what}', ${replacement}, 'ada', null, ${restoredAt})`
    const entryOf = (id: string, outcome: string) => `
      insert into change_entry
        (id, began, registry, repository, record, document, outcome, replacement, lease, fence)
      values ('${id}', '2023-11-14T22:13:20.123Z', 'hub', 'team/a',
        '{"registry":"hub","repository":"team/a","digest":"${digest}","mediaType":"m","tag":"t","replacement":null}',
        ${databases.kind === 'sqlite' ? "x'7b7d'" : "'\\x7b7d'"}, '${outcome}', '${other}', '', 0)`
    const bytes = Buffer.from('{}')
    await fillOldDatabase(
      location,
      22,
      [
        ...documents.map((document, at) => itemOf(`file-${at}`, 'deleted', 'null', document, 'null')),
        itemOf('moved', 'overwritten', `'${other}'`, bytes, 'null'),
        entryOf('kept', 'overwritten'),
        itemOf('kept', 'overwritten', `'${other}'`, bytes, 'null'),
        entryOf('back', 'restored'),
        itemOf('back', 'overwritten', `'${other}'`, bytes, '1700000099000'),
        itemOf('file-back', 'deleted', 'null', bytes, '1700000099000'),
      ].join(';\n'),
    )
    store = await openStore(location)
    const old = store
    const journal = openChangeJournal(async () => old)
    for (const [at, document] of documents.entries())
      expect(await journal.entry(`file-${at}`)).toMatchObject({
        began: '2023-11-14T22:13:20.123Z',
        record: { ...content, repository: a, tags: ['t', 'u'], bytes: new Uint8Array(document) },
        outcome: 'deleted',
        by: 'ada',
      })
    const overwritten = {
      record: { tag: 't', bytes: new Uint8Array(bytes) },
      outcome: 'overwritten',
      replacement: other,
    }
    for (const id of ['moved', 'kept', 'back']) expect(await journal.entry(id)).toMatchObject(overwritten)
    const { items } = await readTrashPage(store, { ...whole, limit: 99 })
    expect(items.map(({ id }) => id).sort()).toEqual([...documents.map((_, at) => `file-${at}`), 'kept', 'moved'])
    for (const id of ['back', 'file-back']) expect((await journal.entry(id))?.isRestored).toBe(true)
  })
})
