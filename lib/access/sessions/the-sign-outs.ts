import { join } from 'node:path'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { theStore } from '../../store/the-store.ts'
import { databaseSignOuts } from './database-sign-outs.ts'
import { hasSessionEnded } from './session-rows.ts'
import { openSignOuts, type SignOuts } from './sign-outs.ts'

/** Those of this process, kept in the data folder, and with replicas on PostgreSQL those of all. */
export function signOuts(): SignOuts {
  return processWide('sign-outs', () => {
    const { dataDir, databaseUrl } = config()
    const own = openSignOuts(join(/*turbopackIgnore: true*/ dataDir, 'sign-outs.json'))
    return { ...(databaseUrl ? databaseSignOuts(theStore, own) : own), hasEnded: hasSessionEnded }
  })
}
