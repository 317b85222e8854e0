import { z } from 'zod'
import { isDigest } from '../oci/digest.ts'
import { isRepositoryName, isTag } from '../oci/reference.ts'

/**
 * Building blocks for the inputs of reads, changes and jobs. Strict: an unknown key is an error, so that nothing can be
 * smuggled in.
 */
export const registryName = z.string().min(1).max(64)
export const repositoryName = z.string().refine(isRepositoryName, 'That isn’t a valid repository name.')
export const tag = z
  .string()
  .refine(isTag, 'That isn’t a valid tag: use up to 128 letters, digits and _ . - (not . or - first).')
export const digest = z.string().refine(isDigest, 'That isn’t a valid digest.')
export const selector = z.union([digest, tag])

export const placeInput = z.strictObject({ registry: registryName, repository: repositoryName })

/** Why an admin changes a protected tag. */
export const override = z.string().trim().min(3, 'Give a reason of at least 3 characters.').max(500).optional()
