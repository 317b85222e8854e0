'use server'

import { readSboms, type SbomView } from '@/lib/data/manifest/read-sbom'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'
import { digest, repositoryScope } from './schemas'

const referrerInput = repositoryScope.extend({ digest })

/** The bills of materials that a referrer carries. */
export async function listSboms(input: {
  registry: string
  repository: string
  digest: string
}): Promise<Attempt<SbomView[]>> {
  return act(referrerInput, input, (actor, { registry, repository, digest }) =>
    readSboms(actor, registry, repository, digest),
  )
}
