import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeRegistry } from '../contract/registry-contract.ts'
import { createLayout } from './create-layout.ts'
import { createLayoutRegistry } from './layout-registry.ts'

describeRegistry('a layout', async () => {
  const path = await mkdtemp(join(tmpdir(), 'lading-layout-'))
  await createLayout(path)
  return {
    registry: createLayoutRegistry({ name: 'local', path }),
    features: { tagStrategy: 'direct', ociArtifact: true, unknownManifests: true, sha512: true },
    close: () => rm(path, { recursive: true }),
  }
})
