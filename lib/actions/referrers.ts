'use server'

import { z } from 'zod'
import { digest, placeInput } from '@/lib/data/input'
import { readSboms, type SbomPackagePage, type SbomView, searchSbom } from '@/lib/data/manifest/read-sbom'
import { readStatements, type StatementView } from '@/lib/data/manifest/read-statements'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

const referrerInput = placeInput.extend({ digest })

const sbomInput = referrerInput.extend({
  index: z.int().min(0).max(100),
  filter: z.string().max(200),
  licence: z.string().max(10_000).optional(),
  offset: z.int().min(0).max(10_000_000),
})

/** A page of the packages of one of them. */
export async function searchPackages(input: z.input<typeof sbomInput>): Promise<Attempt<SbomPackagePage>> {
  return act(sbomInput, input, (actor, { registry, repository, digest, ...query }) =>
    searchSbom(actor, { registry, repository }, digest, query),
  )
}

/** The bills of materials that a referrer carries. */
export async function listSboms(input: z.input<typeof referrerInput>): Promise<Attempt<SbomView[]>> {
  return act(referrerInput, input, (actor, { digest, ...place }) => readSboms(actor, place, digest))
}

/** The signatures and statements that a manifest carries. */
export async function listStatements(input: z.input<typeof referrerInput>): Promise<Attempt<StatementView[]>> {
  return act(referrerInput, input, (actor, { digest, ...place }) => readStatements(actor, place, digest))
}
