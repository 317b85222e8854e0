import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startTokenServer } from '../../testing/servers/token-server.ts'
import { describeRegistry } from '../contract/registry-contract.ts'
import { createHttpRegistry } from './http-registry.ts'

describeRegistry('an open registry', async () => {
  const server = await startDockerRegistry()
  const registry = createHttpRegistry({ name: 'open', url: server.url })
  return {
    registry,
    features: { tagStrategy: 'replace' },
    close: async () => {
      await registry.close()
      await server.stop()
    },
  }
})

describeRegistry('a registry with deletes off', async () => {
  const server = await startDockerRegistry({ deletes: false })
  const registry = createHttpRegistry({ name: 'frozen', url: server.url })
  return {
    registry,
    features: { deletes: 'off', deleteBlob: false },
    close: async () => {
      await registry.close()
      await server.stop()
    },
  }
})

describeRegistry('a registry with token authentication', async () => {
  const credentials = { username: 'admin', password: 'correct horse' }
  const tokens = await startTokenServer({ accounts: [{ ...credentials, access: { '**': ['*'] }, catalog: true }] })
  const server = await startDockerRegistry({ token: tokens.token })
  const registry = createHttpRegistry({ name: 'tokens', url: server.url, credentials })
  return {
    registry,
    features: { tagStrategy: 'replace' },
    close: async () => {
      await registry.close()
      await server.stop()
      await tokens.stop()
    },
  }
})
