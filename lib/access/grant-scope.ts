import type { Grant } from '../config/grant.ts'

export function isAnyRegistry({ registry }: Pick<Grant, 'registry'>): boolean {
  return /^\*+$/.test(registry)
}

export function isAnyRepository({ repository }: Pick<Grant, 'repository'>): boolean {
  return repository === '**'
}

/** Whether it holds in every repository of every registry. */
export function isUnlimited(grant: Pick<Grant, 'registry' | 'repository'>): boolean {
  return isAnyRegistry(grant) && isAnyRepository(grant)
}
