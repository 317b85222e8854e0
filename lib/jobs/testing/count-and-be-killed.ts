import { openJobs } from '../open-jobs.ts'
import { countSlowly } from './count-slowly.ts'

/** A process to be killed: enqueues one job and says how far it is. Arguments: folder of the jobs, file to count in. */
const [folder = '', file = ''] = process.argv.slice(2)
const jobs = openJobs({
  folder,
  kinds: { count: countSlowly },
  describe: (error) => ({ code: 'test', title: 'Failed', detail: String(error) }),
})
const { id } = await jobs.enqueue('count', { file, steps: 1000, pause: 20 }, 'anna')
for await (const { progress } of jobs.follow(id, new AbortController().signal))
  process.stdout.write(`${id} ${progress.done}\n`)
