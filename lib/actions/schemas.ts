import { z } from 'zod'
import { type Digest, isDigest } from '@/lib/oci/digest'
import { isRepositoryName, isTag, type RepositoryName, type Tag } from '@/lib/oci/reference'

/** What server actions accept. Strict: an unknown key is an error, so that nothing can be smuggled in. */
export const registryName = z.string().min(1).max(64)
export const repositoryName = z
  .string()
  .refine(isRepositoryName, 'That is not a repository name.')
  .transform((name) => name as RepositoryName)
export const tag = z
  .string()
  .refine(isTag, 'That is not a tag: up to 128 letters, digits, _ . - not starting with . or -.')
  .transform((text) => text as Tag)
export const digest = z
  .string()
  .refine(isDigest, 'That is not a digest.')
  .transform((text) => text as Digest)
export const tagOrDigest = z.union([digest, tag])

export const repositoryScope = z.strictObject({ registry: registryName, repository: repositoryName })
