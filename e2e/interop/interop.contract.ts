import { describeRegistry } from '../../lib/registry/contract/registry-contract.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { SERVERS, type ServerKind, serverProgram } from './servers.ts'

for (const kind of (process.env.LADING_INTEROP ?? '').split(',') as ServerKind[]) {
  const { title, features, start } = SERVERS[kind]
  describeRegistry(title, async () => {
    const { url, stop } = await start(serverProgram(kind))
    return { registry: createHttpRegistry({ name: kind, url }), features, close: stop }
  })
}
