import 'server-only'
import { after } from 'next/server'
import { cache } from 'react'
import { pageTurn } from '../observe/page-turns.ts'

/**
 * Resolves when this request's page may be rendered; its turn ends with the response. For a reader who leaves before, the
 * page isn't rendered.
 */
export const ownTurn = cache((): Promise<void> => {
  const { begun, end } = pageTurn()
  after(end)
  return begun
})
