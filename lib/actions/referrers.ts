'use server'

import type { z } from 'zod'
import { digest, placeInput } from '@/lib/data/input'
import { readSboms, type SbomView } from '@/lib/data/manifest/read-sbom'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

const referrerInput = placeInput.extend({ digest })

/** The bills of materials that a referrer carries. */
export async function listSboms(input: z.input<typeof referrerInput>): Promise<Attempt<SbomView[]>> {
  return act(referrerInput, input, (actor, { registry, repository, digest }) =>
    readSboms(actor, registry, repository, digest),
  )
}
