import { setTimeout as delay } from 'node:timers/promises'
import { openStore } from '../../open-store.ts'
import { fencedBy } from '../fence.ts'
import { holdLease } from '../lease.ts'

/**
 * A process that takes the lease `work` as soon as it can, then writes a row every few milliseconds and says each. To be
 * stopped, continued and killed; on SIGUSR2 it stops itself after a row, with no transaction open. Arguments: the
 * database, a name, milliseconds that the lease lasts.
 */
const [location = '', name = '', ttl = ''] = process.argv.slice(2)
const store = await openStore(JSON.parse(location))
// While SQLite is locked by a process that was stopped, it can only be tried again.
const take = () => holdLease(store, 'work', Number(ttl)).catch(() => undefined)
process.stdout.write('waiting\n')
let lease = await take()
while (!lease) {
  await delay(20)
  lease = await take()
}
process.stdout.write('held\n')
const { signal } = lease
let isToStop = false
process.on('SIGUSR2', () => {
  isToStop = true
})
await fencedBy(lease, async () => {
  for (let row = 0; ; row++) {
    await store.write
      .insertInto('registry')
      .values({ name: `${name}-${row}` })
      .execute()
    process.stdout.write(`${row}\n`)
    if (isToStop) process.kill(process.pid, 'SIGSTOP')
    isToStop = false
    await delay(100)
  }
}).catch((error) => process.stdout.write(`${error.name}${signal.aborted ? ' aborted' : ''}\n`))
await delay(2 * Number(ttl))
process.stdout.write(signal.aborted ? 'knows\n' : 'still believes\n')
process.exit(0)
