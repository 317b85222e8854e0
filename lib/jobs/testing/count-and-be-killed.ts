import { openStore } from '../../store/open-store.ts'
import { openJobs } from '../open-jobs.ts'
import { countSlowly } from './count-slowly.ts'

/**
 * A process to be stopped or killed: enqueues one job and says how far it is. Arguments: the database, the file to count
 * in, milliseconds after which another takes over.
 */
const [location = '', file = '', ttl = ''] = process.argv.slice(2)
const store = await openStore(JSON.parse(location))
const jobs = openJobs({
  store: async () => store,
  kinds: { count: countSlowly },
  ttl: Number(ttl),
  describe: (error) => ({ code: 'test', title: 'Failed', detail: String(error) }),
})
const { id } = await jobs.enqueue('count', { file, steps: 1000, pause: 20 }, 'anna')
for await (const { progress } of jobs.follow(id, new AbortController().signal))
  process.stdout.write(`${id} ${progress.done}\n`)
