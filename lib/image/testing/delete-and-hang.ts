import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import type { DeletionJournal } from '../../registry/registry.ts'
import { deleteTag } from '../delete/delete.ts'
import { openJournal } from './journal.ts'

/**
 * A process to be killed: deletes one tag, hangs for ever after the given step, and reports that on standard output.
 * Arguments: URL, repository, tag, digest, file of the journal, step.
 */
const [url = '', repository, tag, digest, file = '', stopAfter] = process.argv.slice(2)

const stopHere = async (step: string): Promise<void> => {
  if (step !== stopAfter) return
  process.stdout.write(`at ${step}\n`)
  await new Promise(() => setInterval(() => {}, 1_000))
}

const journal = openJournal(file)
const stopping: DeletionJournal = {
  async begin(record) {
    const entry = await journal.begin(record)
    await stopHere('begun')
    return {
      async step(name, placeholder) {
        // Before the line is on disk is the worst moment: the journal is then behind the registry.
        await stopHere(`before-${name}`)
        await entry.step(name, placeholder)
        await stopHere(name)
      },
      tookAlong: (tags) => entry.tookAlong(tags),
      end: (outcome) => entry.end(outcome),
    }
  },
}

process.stdout.write('started\n')
await deleteTag(
  createHttpRegistry({ name: 'server', url }).repository(parseRepositoryName(repository)),
  parseTag(tag),
  {
    expect: parseDigest(digest),
    strategy: 'allow-replace',
    journal: stopping,
  },
)
process.stdout.write('at end\n')
process.exit(0)
